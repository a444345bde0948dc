"""The tag with which a ticket's page shows its timeline, without `tickets` knowing that there's a log.

Load with ``{% load activity_timeline %}``.
"""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context
from django.template.defaultfilters import stringfilter
from django.utils.safestring import SafeString

from activity.enums import ActivityType
from activity.timeline import timeline
from tickets.models import Ticket
from tms_site.lib.markdown import render_markdown

register = template.Library()

ICONS = {
    ActivityType.CREATE: "plus",
    ActivityType.READ: "eye",
    ActivityType.UPDATE: "pencil",
    ActivityType.DELETE: "trash",
    ActivityType.RESTORE: "arrow-uturn-left",
    ActivityType.EXPORT: "arrow-down-tray",
    ActivityType.LOGIN: "arrow-right-end-on-rectangle",
    ActivityType.LOGOUT: "arrow-left-start-on-rectangle",
    ActivityType.LOGIN_FAILED: "no-symbol",
}


@register.inclusion_tag("activity/_timeline.html", takes_context=True)
def activity_timeline(context: Context, ticket: Ticket) -> dict[str, Any]:
    """Show the comments and changes of a ticket as items of the list that the page opens (`<ol class="thread">`).

    Args:
        context: the page's; its request says who looks.
        ticket: a ticket that the visitor may see.
    """
    request = context["request"]
    return {"events": timeline(ticket, request.user), "ticket": ticket, "request": request}


@register.filter
@stringfilter
def as_markdown(text: str) -> SafeString:
    """Return Markdown that somebody wrote as harmless HTML."""
    return render_markdown(text)


@register.filter
def activity_icon(activity_type: str) -> str:
    """Return the name of the icon for a kind of activity."""
    return ICONS[ActivityType(activity_type)]
