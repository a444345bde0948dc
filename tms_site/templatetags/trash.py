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


@register.simple_tag
def where_deleted_tickets_go() -> str:
    """Return where deleted tickets go, whichever and however many they are."""
    days = settings.TRASH_DAYS
    text = ngettext(
        "Deleted tickets go to the trash with all their comments. SysAdmins can restore them for %(days)d day.",
        "Deleted tickets go to the trash with all their comments. SysAdmins can restore them for %(days)d days.",
        days,
    )
    return text % {"days": days}
