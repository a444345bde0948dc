"""Status and priority as quiet pills with an icon and a text.

Load with ``{% load pills %}``. A list shows a hundred of them, so each is made once for a language.
"""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from tickets.enums import Priority, Status
from tms_site.templatetags.tms import icon

register = template.Library()

ICON_SIZE = 14


@register.simple_tag
def status_pill(status: str) -> SafeString:
    """Return a ticket's status as a pill; raises ValueError for what is none."""
    return _pill(Status(status), "pill pill-", "status-", get_language())


@register.simple_tag
def priority_pill(priority: str) -> SafeString:
    """Return a ticket's priority as a pill; raises ValueError for what is none."""
    return _pill(Priority(priority), "pill priority priority-", "priority-", get_language())


def merged_pill() -> SafeString:
    """Return what stands in the place of the status of a ticket that has become a part of another one."""
    drawing = icon("arrows-pointing-in", ICON_SIZE)
    return format_html('<span class="pill pill-merged">{}{}</span>', drawing, gettext("Merged"))


@lru_cache(maxsize=256)
def _pill(choice: Status | Priority, css: str, icons: str, language: str | None) -> SafeString:
    drawing = icon(f"{icons}{choice.value}", ICON_SIZE)
    return format_html('<span class="{}{}">{}{}</span>', css, choice.value, drawing, str(choice.label))
