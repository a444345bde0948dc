"""What pages say about the trash.

Load with ``{% load trash %}``.
"""

from __future__ import annotations

from django import template
from django.conf import settings
from django.utils.translation import ngettext

register = template.Library()


@register.simple_tag
def what_deleting_does(title: str) -> str:
    """Return what follows when the ticket of this title is deleted."""
    days = settings.TRASH_DAYS
    text = ngettext(
        "“%(title)s” is deleted with all its comments, for everybody. SysAdmins can restore it from the trash "
        "for %(days)d day; the activity log keeps a note.",
        "“%(title)s” is deleted with all its comments, for everybody. SysAdmins can restore it from the trash "
        "for %(days)d days; the activity log keeps a note.",
        days,
    )
    return text % {"title": title, "days": days}
