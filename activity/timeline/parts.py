"""Which part of a timeline is read: the newest, the one before or after a place, the one around an event."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from accounts.actors import Actor
from activity.timeline.events import Event
from activity.timeline.positions import Position, position_of
from activity.timeline.sources import Show, Sources, offered
from tickets.models import Ticket
from tms_site.lib.keyset import NEXT, PREVIOUS, BadCursor, Page

PAGE = 50
# How many of a page's events stand after the one that somebody asked for by its address.
AFTERWARDS = 20
# Of a timeline that's read as a whole.
BATCH = 200


@dataclass(frozen=True)
class Asked:
    """What an address asks for; what makes no sense asks for the newest part.

    Args:
        show: which events.
        before: a cursor: the part before it.
        after: a cursor: the part after it.
        at: the anchor of an event: the part around it.
    """

    show: Show = Show.ALL
    before: str = ""
    after: str = ""
    at: str = ""

    @classmethod
    def of(cls, parameters: Mapping[str, str], actor: Actor, ticket: Ticket) -> Asked:
        """Return what the parameters of an address mean for `actor`."""
        show = parameters.get("show", "")
        chosen = Show(show) if show in offered(actor, ticket) else Show.ALL
        return cls(chosen, *(parameters.get(name, "") for name in ("before", "after", "at")))


@dataclass(frozen=True)
class Part:
    """Some events in a row, oldest first.

    Args:
        events: the events.
        show: which kinds they are of.
        earlier: the cursor of those before, empty when these are the first.
        earlier_count: how many of them the page before this one shows; 0 where that isn't known.
        later: the cursor of those after, empty when these are the last.
        marked: the anchor of the event that was asked for.
        missing: an event was asked for that isn't there.
    """

    events: list[Event] = field(default_factory=list)
    show: Show = Show.ALL
    earlier: str = ""
    earlier_count: int = 0
    later: str = ""
    marked: str = ""
    missing: bool = False


def part_of(ticket: Ticket, actor: Actor, asked: Asked | None = None) -> Part:
    """Return the part of a ticket's timeline that was asked for; the ticket must be visible to the actor.

    Three queries, whatever its length: which events, their comments, their changes. Two more where an event is asked
    for by its address: where it stands, and which events follow it.
    """
    asked = asked or Asked()
    return _Reader(Sources(ticket, actor, asked.show)).read(asked)


def whole(ticket: Ticket, actor: Actor, *, public: bool = False) -> Iterator[list[Event]]:
    """Yield all of a ticket's timeline that `actor` may read, oldest first, some events at a time.

    Where it's `public`, only what everybody on the ticket may read.
    """
    sources = Sources(ticket, actor, public=public)
    last: Position | None = None
    while keys := sources.oldest(BATCH, after=last):
        events = sources.events(keys)
        yield events
        if len(keys) < BATCH or not events:
            return
        last = events[-1].position


def page_of(ticket: Ticket, actor: Actor, cursor: str, size: int) -> Page[Any]:
    """Return some events of a ticket's timeline, oldest first, and the cursors of their neighbours.

    Raises:
        BadCursor: the cursor isn't one of a timeline.
    """
    sources = Sources(ticket, actor)
    place = _place_of(cursor)
    backwards = cursor.startswith(PREVIOUS)
    # One more than are shown tells whether there are others.
    found = sources.newest(size + 1, before=place) if backwards else sources.oldest(size + 1, after=place)
    has_more = len(found) > size
    events = sources.events(found[-size:] if backwards else found[:size])
    if not events:
        return Page([], "", "")
    return Page(
        events,
        next_cursor=f"{NEXT}{events[-1].position.cursor}" if backwards or has_more else "",
        previous_cursor=f"{PREVIOUS}{events[0].position.cursor}" if (has_more if backwards else place) else "",
    )


def _place_of(cursor: str) -> Position | None:
    if not cursor:
        return None
    place = position_of(cursor[1:]) if cursor[0] in (NEXT, PREVIOUS) else None
    if place is None:
        raise BadCursor
    return place


class _Reader:
    def __init__(self, sources: Sources) -> None:
        self.sources = sources

    def read(self, asked: Asked) -> Part:
        if asked.at:
            found = self.sources.find(asked.at)
            return self.newest(missing=True) if found is None else self.around(found, asked.at)
        before, after = position_of(asked.before), position_of(asked.after)
        return self.newest(before) if after is None else self.following(after)

    def newest(self, before: Position | None = None, *, missing: bool = False) -> Part:
        """Return the last events before a position."""
        # Twice as many are looked for as are shown, so that the page can say how many the one before it will show.
        found = self.sources.newest(2 * PAGE, before=before)
        events = self.sources.events(found[-PAGE:])
        return Part(
            events,
            self.sources.show,
            earlier=events[0].position.cursor if events and len(found) > PAGE else "",
            earlier_count=max(len(found) - PAGE, 0),
            # On a page of its own such a part leads on to what follows it.
            later=events[-1].position.cursor if before is not None and events else "",
            missing=missing,
        )

    def following(self, after: Position) -> Part:
        """Return the first events after a position."""
        found = self.sources.oldest(PAGE + 1, after=after)
        events = self.sources.events(found[:PAGE])
        return Part(
            events,
            self.sources.show,
            earlier=events[0].position.cursor if events else "",
            later=events[-1].position.cursor if events and len(found) > PAGE else "",
        )

    def around(self, place: Position, anchor: str) -> Part:
        """Return the event at a position, what follows it, and what goes before."""
        following = self.sources.oldest(AFTERWARDS + 1, after=place)
        shown = following[:AFTERWARDS]
        # The event itself is among those before the place right after it.
        room = PAGE - len(shown)
        preceding = self.sources.newest(room + PAGE, before=place.next)
        events = self.sources.events([*preceding[-room:], *shown])
        return Part(
            events,
            self.sources.show,
            earlier=events[0].position.cursor if len(preceding) > room else "",
            earlier_count=max(len(preceding) - room, 0),
            later=events[-1].position.cursor if len(following) > AFTERWARDS else "",
            marked=anchor,
        )
