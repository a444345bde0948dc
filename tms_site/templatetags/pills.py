"""Status and priority as quiet pills with an icon and a text.

Load with ``{% load pills %}``. A list shows a hundred of them, so each is made once for a language.
"""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from tickets.enums import Priority, Status
from tickets.models import Ticket
from tms_site.templatetags.tms import icon, person

register = template.Library()

ICON_SIZE = 14
# More of them make a list restless.
TAGS_SHOWN = 3


@register.simple_tag
def status_pill(status: str) -> SafeString:
    """Return a ticket's status as a pill; raises ValueError for what is none."""
    return _pill(Status(status), "pill pill-", "status-", get_language())


@register.simple_tag
def priority_pill(priority: str) -> SafeString:
    """Return a ticket's priority as a pill; raises ValueError for what is none."""
    return _pill(Priority(priority), "pill priority priority-", "priority-", get_language())


@register.simple_tag
def merged_pill() -> SafeString:
    """Return what stands in the place of the status of a ticket that has become a part of another one."""
    drawing = icon("arrows-pointing-in", ICON_SIZE)
    return format_html('<span class="pill pill-merged">{}{}</span>', drawing, gettext("Merged"))


@lru_cache(maxsize=256)
def _pill(choice: Status | Priority, css: str, icons: str, language: str | None) -> SafeString:
    drawing = icon(f"{icons}{choice.value}", ICON_SIZE)
    return format_html('<span class="{}{}">{}{}</span>', css, choice.value, drawing, str(choice.label))


@register.simple_tag
def row_marks(ticket: Ticket, for_desk: bool) -> SafeString | str:
    """Return a ticket's category, and for the desk its first tags, as they stand behind its title in a list."""
    category = ticket.category
    tags = ticket.tags if for_desk else []
    if category is None and not tags:
        return ""
    parts = [format_html('<span class="mark">{}</span>', category.name)] if category else []
    parts += [_tag(name) for name in tags[:TAGS_SHOWN]]
    if len(tags) > TAGS_SHOWN:
        parts.append(format_html('<span class="mark" title="{}">+{}</span>', ", ".join(tags), len(tags) - TAGS_SHOWN))
    return format_html('<div class="marks">{}</div>', mark_safe("".join(parts)))  # noqa: S308 - each is escaped


@lru_cache(maxsize=1024)
def _tag(name: str) -> SafeString:
    return format_html('<span class="mark mark-tag">{}</span>', name)


@register.simple_tag
def looked_after(ticket: Ticket) -> SafeString:
    """Return who works on a ticket; while nobody does, its team."""
    if ticket.assigned_agent is not None or ticket.team is None:
        return person(ticket.assigned_agent)
    return _team(ticket.team.name)


@lru_cache(maxsize=256)
def _team(name: str) -> SafeString:
    drawing = icon("user-group", ICON_SIZE)
    return format_html('<span class="person">{}<span class="person-name">{}</span></span>', drawing, name)
