"""The name of a session in the address that ends it.

Load with ``{% load session_names %}``.
"""

from __future__ import annotations

from django import template

from accounts.session_names import session_name

register = template.Library()
register.filter("session_name", session_name)
