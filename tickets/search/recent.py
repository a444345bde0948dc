"""The newest documents once more, with a full-text index of their own, on MySQL and MariaDB.

InnoDB gives the oldest hits first, so that all are read to know the newest: of a word that one in 1,000 tickets has,
1,000 at a million tickets, and 5,000 at five. Among the newest hundred and some thousand documents are as many hits as
can be ranked, and they stay as few however many tickets there are: at 1,000,000 reading them takes 2.7 instead of
7.2 ms for that word. For how long, OPTIMIZE TABLE decides (docs/operations.md): InnoDB's index keeps what was removed.
SQLite reads its index from the newest end.

Small desks have none: their tickets have lower numbers than any document that is written here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.db import connection

from tickets.models import RecentDocument, Ticket
from tms_site.lib.batches import ASKED_AT_ONCE, in_statements

# So many of the newest documents are looked through, and up to a step more: of a word that one in 1,000 has, a few more
# than are ranked.
WINDOW: Final = 131_072
STEPS: Final = 8


def is_kept() -> bool:
    """Tell whether this engine needs it."""
    return connection.vendor == "mysql"


def first(newest: int) -> int:
    """Return the number from which on all documents are here; 0 while there are too few to be worth it.

    It depends on nothing but the newest number and rises with it, so that what is written needs no look at what is
    here already.

    Args:
        newest: the number of the newest ticket.
    """
    step = WINDOW // STEPS
    begin = (newest - WINDOW) // step * step
    return begin if begin >= WINDOW else 0


def first_kept(newest: int) -> int:
    """Return the number from which on documents are written, and kept.

    That's a window earlier than they are looked for: if the newest ticket is deleted, whose number began the next
    step, the one before counts again.
    """
    return max(WINDOW, first(newest) - WINDOW)


def store(documents: dict[int, str]) -> None:
    """Write documents by the number of their ticket, as far as they are recent; no other keeps old words here."""
    numbers = _recent(documents)
    remove(documents.keys() - numbers)
    for rows in in_statements(RecentDocument(ticket_id=number, terms=documents[number]) for number in numbers):
        RecentDocument.objects.bulk_create(rows, update_conflicts=True, update_fields=["terms"])


def remove(numbers: Iterable[int]) -> None:
    """Remove the documents of these tickets."""
    if is_kept() and (here := [number for number in numbers if number >= WINDOW]):
        RecentDocument.objects.filter(pk__in=here).delete()


def outdated(wanted: dict[int, str], after: int, last: int) -> tuple[dict[int, str], list[int]]:
    """Return which documents aren't here as they should be, and the numbers of those that shouldn't be here.

    Args:
        wanted: what the documents of all tickets from `after` (exclusive) to `last` should be, by number.
        after: the number before the first one.
        last: the last number.
    """
    if not is_kept() or last < WINDOW:
        return {}, []
    here = dict(RecentDocument.objects.filter(pk__gt=after, pk__lte=last).values_list("pk", "terms"))
    missing = {number: wanted[number] for number in _recent(wanted) if here.get(number) != wanted[number]}
    return missing, sorted(here.keys() - wanted.keys())


def forget_older() -> int:
    """Remove what isn't recent any more, in batches; returns how many there were. For the worker, once a day."""
    removed, older = 0, RecentDocument.objects.filter(pk__lt=first_kept(_newest()))
    while numbers := list(older.order_by("pk").values_list("pk", flat=True)[:ASKED_AT_ONCE]):
        removed += RecentDocument.objects.filter(pk__in=numbers).delete()[0]
    return removed


def _recent(numbers: Iterable[int]) -> list[int]:
    some = [number for number in numbers if number >= WINDOW] if is_kept() else []
    if not some:
        return []
    begin = first_kept(_newest())
    return [number for number in some if number >= begin]


def _newest() -> int:
    return Ticket.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
