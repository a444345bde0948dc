"""The tags with which a ticket's page shows its timeline, without `tickets` knowing that there's a log.

Load with ``{% load activity_timeline %}``.
"""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context
from django.template.defaultfilters import stringfilter
from django.utils.safestring import SafeString

from activity.enums import ActivityType
from activity.timeline.pages import asked_by, choices, part_context, update_context
from activity.timeline.parts import part_of
from tickets.models import Comment, Ticket
from tms_site.lib.markdown import render_markdown

register = template.Library()

ICONS = {
    ActivityType.CREATE: "plus",
    ActivityType.READ: "eye",
    ActivityType.UPDATE: "pencil",
    ActivityType.DELETE: "trash",
    ActivityType.MOVE: "arrows-right-left",
    ActivityType.RESTORE: "arrow-uturn-left",
    ActivityType.EXPORT: "arrow-down-tray",
    ActivityType.IMPORT: "arrow-up-tray",
    ActivityType.LOGIN: "arrow-right-end-on-rectangle",
    ActivityType.LOGOUT: "arrow-left-start-on-rectangle",
    ActivityType.LOGIN_FAILED: "no-symbol",
}


@register.inclusion_tag("activity/_timeline.html", takes_context=True)
def activity_timeline(context: Context, ticket: Ticket) -> dict[str, Any]:
    """Show the part of a ticket's timeline that the page's address asks for.

    The events are items of the list that the page opens (`<ol class="thread">`).

    Args:
        context: the page's; its request says who looks, and at which part.
        ticket: a ticket that the visitor may see.
    """
    request = context["request"]
    part = part_of(ticket, request.user, asked_by(request, request.user, ticket))
    return part_context(request, ticket, part)


@register.inclusion_tag("activity/_timeline_update.html", takes_context=True)
def timeline_update(context: Context, ticket: Ticket) -> dict[str, Any]:
    """Bring the timeline of a page that's open already up to date, out of band: what's new at its end, or all anew."""
    request = context["request"]
    return update_context(request, request.user, ticket)


@register.inclusion_tag("activity/_timeline_choice.html", takes_context=True)
def timeline_choice(context: Context, ticket: Ticket) -> dict[str, Any]:
    """Show the kinds of events that the visitor can choose between, as links."""
    request = context["request"]
    current = asked_by(request, request.user, ticket).show
    return {"choices": choices(request.user, ticket, current), "ticket": ticket}


@register.filter
@stringfilter
def as_markdown(text: str) -> SafeString:
    """Return Markdown that somebody wrote as harmless HTML."""
    return render_markdown(text)


@register.filter
def as_comment(comment: Comment) -> SafeString:
    """Return the text of a comment as harmless HTML, with the names that it's known to mention marked."""
    return render_markdown(comment.description, comment.mentions)


@register.filter
def activity_icon(activity_type: str) -> str:
    """Return the name of the icon for a kind of activity."""
    return ICONS[ActivityType(activity_type)]
