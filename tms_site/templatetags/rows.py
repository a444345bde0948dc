"""The rows of a list of tickets as one string.

Load with ``{% load rows %}``. Fifty rows of eight columns are what a list mostly consists of: as strings instead of
a template's tags and variables, the part of the page that has them takes 5.6 ms instead of 10.0 (docs/benchmarks.md).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from functools import lru_cache
from typing import Final

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from tickets.enums import Priority, Status
from tickets.models import Ticket
from tms_site.lib.markup import format_text
from tms_site.templatetags.pills import ICON_SIZE, merged_pill, priority_pill, status_pill
from tms_site.templatetags.tms import icon, moments_as_html, person

register = template.Library()

# More of them make a list restless.
TAGS_SHOWN: Final = 3
_BEGINNING: Final = '<tr role="row" data-list-row class="is-{status}">'
_PICK: Final = (
    '<td role="cell" class="row-pick"><label><input type="checkbox" form="bulk" name="ticket" value="{number}"'
    ' aria-label="{select} #{number}"{ticked}></label></td>'
)
_TICKED: Final = SafeString(" checked")
_TICKET: Final = (
    '<td role="cell" class="row-number">#{number}</td>'
    '<td role="cell" class="row-title"><a href="{url}" dir="auto">{title}</a>{marks}{snippet}</td>'
    '<td role="cell">{state}</td><td role="cell">{priority}</td>'
)
_REQUESTER: Final = '<td role="cell" class="row-person row-requester">{requester}</td>'
_END: Final = '<td role="cell" class="row-person">{agent}</td><td role="cell" class="row-time">{time}</td></tr>\n'
_SNIPPET: Final = '<p class="row-snippet">{}</p>'
_NOTE: Final = '<p class="row-snippet row-snippet-note"><span class="badge badge-note">{}{}</span> {}</p>'


@register.simple_tag
def ticket_rows(
    tickets: Iterable[Ticket], *, for_desk: bool, created: bool, pick: bool, ticked: Collection[int] | str = ()
) -> SafeString:
    """Return the rows of a list.

    Args:
        tickets: with what `tickets.sorting.lists.attach_names` gives them.
        for_desk: whether requesters and tags are shown.
        created: whether the time is that of its opening, rather than of its last change.
        pick: whether each row can be selected.
        ticked: the numbers of those that are selected; whoever selects none has an empty text.
    """
    row = _Row(for_desk=bool(for_desk), created=created, pick=bool(pick), ticked=ticked or ())
    return mark_safe("".join([row.html(ticket) for ticket in tickets]))  # noqa: S308 - each row is safe already


class _Row:
    """What the rows of one list have in common, decided once."""

    def __init__(self, *, for_desk: bool, created: bool, pick: bool, ticked: Collection[int | str]) -> None:
        self._ticked = ticked
        self._row = "".join((_BEGINNING, _PICK if pick else "", _TICKET, _REQUESTER if for_desk else "", _END))
        self._for_desk = for_desk
        self._created = created
        self._select = gettext("Select")
        self._states = {status: status_pill(status) for status in Status.values}
        self._priorities = {priority: priority_pill(priority) for priority in Priority.values}
        self._merged = merged_pill()
        self._time: Callable[[datetime], SafeString] = moments_as_html()

    def html(self, ticket: Ticket) -> SafeString:
        """Return one row."""
        return format_text(
            self._row,
            status=ticket.status,
            select=self._select,
            number=ticket.pk,
            ticked=_TICKED if ticket.pk in self._ticked else "",
            url=ticket.get_absolute_url(),
            title=ticket.marked_title or ticket.title,
            marks=_marks(ticket, for_desk=self._for_desk),
            snippet=_snippet(ticket),
            state=self._merged if ticket.merged_into_id else self._states[ticket.status],
            priority=self._priorities[ticket.priority],
            requester=ticket.requester,
            agent=_looked_after(ticket),
            time=self._time(ticket.creation_date if self._created else ticket.updated_at),
        )


def _snippet(ticket: Ticket) -> SafeString | str:
    """Return where a ticket says what was searched for; of an internal note, that it's one."""
    if not ticket.snippet:
        return ""
    if not ticket.snippet_is_note:
        return format_text(_SNIPPET, ticket.snippet)
    return format_text(_NOTE, icon("lock-closed-fill", 12), gettext("Internal note"), ticket.snippet)


def _marks(ticket: Ticket, *, for_desk: bool) -> SafeString | str:
    """Return a ticket's category, and for the desk its first tags, as they stand behind its title."""
    category = ticket.category
    tags = ticket.tags if for_desk else ()
    if category is None and not tags:
        return ""
    return _marked(category.name if category else "", tuple(tags))


# Many tickets have the same ones.
@lru_cache(maxsize=1024)
def _marked(category: str, tags: tuple[str, ...]) -> SafeString:
    parts = [format_html('<span class="mark">{}</span>', category)] if category else []
    parts += [format_html('<span class="mark mark-tag">{}</span>', name) for name in tags[:TAGS_SHOWN]]
    if len(tags) > TAGS_SHOWN:
        parts.append(format_html('<span class="mark" title="{}">+{}</span>', ", ".join(tags), len(tags) - TAGS_SHOWN))
    return format_html('<div class="marks">{}</div>', format_html_join("", "{}", ((part,) for part in parts)))


def _looked_after(ticket: Ticket) -> SafeString:
    """Return who works on a ticket; while nobody does, its team."""
    if ticket.assigned_agent is not None or ticket.team is None:
        return person(ticket.assigned_agent)
    return _team(ticket.team.name)


@lru_cache(maxsize=256)
def _team(name: str) -> SafeString:
    drawing = icon("user-group", ICON_SIZE)
    return format_html('<span class="person">{}<span class="person-name">{}</span></span>', drawing, name)
