"""Pages of a ranking: by position behind the last ticket that one has seen."""

from __future__ import annotations

from typing import Any

from django.core import signing

from accounts.actors import Actor
from tickets.models import Ticket
from tickets.querysets import TicketQuerySet
from tickets.search import engine
from tickets.search.syntax import Query
from tms_site.lib.counts import CappedCount
from tms_site.lib.keyset import NEXT, PREVIOUS, BadCursor, Page

SALT = "tms.search"
# Hits are read more closely than the rows of a list, and are as high as two of them.
HITS_ON_A_PAGE = 25


def ranked_page(
    queryset: TicketQuerySet, query: Query, actor: Actor, *, cursor: str, size: int, of_person: bool = False
) -> tuple[Page[Ticket], CappedCount]:
    """Return the page of a ranking at `cursor` (empty for the first), and how many were found; raises BadCursor."""
    size = min(size, HITS_ON_A_PAGE)
    direction, place, pk = _decode(cursor) if cursor else (NEXT, 0, 0)
    ranking = engine.ranked(queryset, query, actor, of_person=of_person)
    ids = ranking.ids
    if pk in ids:
        # Other tickets may have come or gone meanwhile: the page goes on behind the one that was seen last.
        place = ids.index(pk) + (direction == NEXT)
    start = place if direction == NEXT else max(0, place - size)
    shown = ids[start : start + size if direction == NEXT else place]
    found = queryset.for_list().in_bulk(shown)
    items = [found[number] for number in shown if number in found]
    last = start + len(shown)
    page = Page(
        items=items,
        next_cursor=_encode(NEXT, last, shown[-1]) if shown and last < len(ids) else "",
        previous_cursor=_encode(PREVIOUS, start, shown[0]) if shown and start else "",
    )
    return page, CappedCount(len(ids), capped=ranking.capped)


def _encode(direction: str, place: int, pk: int) -> str:
    return signing.dumps([direction, place, pk], salt=SALT)


def _decode(cursor: str) -> tuple[str, int, int]:
    try:
        direction, place, pk = signing.loads(cursor, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise BadCursor from error
    parts: tuple[Any, ...] = (direction, place, pk)
    if direction not in (NEXT, PREVIOUS) or not all(type(part) is int and part >= 0 for part in parts[1:]):
        raise BadCursor
    return direction, place, pk
