"""Making the index again beside whoever writes, and proving that it is whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import QuerySet

from tickets.models import RecentDocument, SearchDocument, Ticket
from tickets.search import documents, recent

BATCH = 500
KEPT = (SearchDocument, RecentDocument)
MISSING = "isn't in the search index"
LEFT_OVER = "is in the search index, but doesn't exist"
OUTDATED = "isn't in the search index as it is now"
NOT_RECENT = "isn't among the newest documents of the search index as it is now"
NOT_FOUND = "isn't found by the full-text index, though its document is right: the database must make that index again"


@dataclass(frozen=True)
class Step:
    """One batch: how many tickets were looked at, how many documents changed, and the number it ended with."""

    tickets: int
    changed: int
    last: int


def rebuild(after: int = 0) -> Iterator[Step]:
    """Bring the documents of all tickets up to date, in batches, each a transaction; yields each step.

    What is right already isn't written again, so that a run that was stopped can be repeated.

    Args:
        after: leave out tickets up to this number.
    """
    last = after
    while numbers := _next_numbers(last):
        yield Step(len(numbers), _mend(numbers, last, numbers[-1]), numbers[-1])
        last = numbers[-1]
    for model in KEPT:
        model.objects.filter(pk__gt=last).exclude(pk__in=Ticket.objects.values("pk")).delete()


def check() -> Iterator[tuple[int, list[str]]]:
    """Yield for each batch how many tickets it had, and a line for each that isn't found as it should be."""
    last = 0
    while numbers := _next_numbers(last):
        suspects = _differences(numbers, last, numbers[-1])
        # While TMS runs a change may come between two queries: what looks wrong is looked at with the ticket locked.
        wrong = [line for number in sorted(suspects) for line in _look_again(number)]
        yield len(numbers), wrong or _probe(numbers[0])
        last = numbers[-1]
    left = {pk for model in KEPT for pk in model.objects.filter(pk__gt=last).values_list("pk", flat=True)}
    yield 0, [line for number in sorted(left) for line in _look_again(number)]


def _next_numbers(last: int) -> list[int]:
    return list(Ticket.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH])


def _within(after: int, last: int) -> QuerySet[SearchDocument]:
    return SearchDocument.objects.filter(pk__gt=after, pk__lte=last)


def _differences(numbers: list[int], after: int, last: int) -> dict[int, str]:
    """Return what is wrong about documents from `after` (exclusive) to `last`, by the number of their ticket."""
    stored = dict(_within(after, last).values_list("pk", "terms"))
    wanted = documents.documents_of(numbers)
    missing, left = recent.outdated(wanted, after, last)
    return (
        dict.fromkeys([*missing, *left], NOT_RECENT)
        | dict.fromkeys(stored.keys() - wanted.keys(), LEFT_OVER)
        | dict.fromkeys(wanted.keys() - stored.keys(), MISSING)
        | {number: OUTDATED for number in wanted.keys() & stored.keys() if wanted[number] != stored[number]}
    )


def _look_again(number: int) -> list[str]:
    with transaction.atomic():
        existing = _lock([number])
        found = _differences(existing, number - 1, number)
        return [f"Ticket #{number} {what}" for what in found.values()]


def _probe(number: int) -> list[str]:
    """Ask the full-text index for a ticket by its longest word: InnoDB's can be broken as a whole.

    What isn't committed it doesn't know.
    """
    if connection.in_atomic_block:
        return []
    document = SearchDocument.objects.filter(pk=number).values_list("terms", flat=True).first()
    if document is None:
        return []
    longest = max(document.split(), key=len)
    found = SearchDocument.objects.filter(terms__fulltext=longest, pk=number).exists()
    # One that isn't recent any more is left as it was.
    here = RecentDocument.objects.filter(pk=number, terms=document)
    found_here = not here.exists() or here.filter(terms__fulltext=longest).exists()
    return [] if found and found_here else [f"Ticket #{number} {NOT_FOUND}"]


def _lock(numbers: list[int]) -> list[int]:
    # Services lock the ticket before they change it or its comments.
    return list(Ticket.objects.select_for_update().filter(pk__in=numbers).order_by("pk").values_list("pk", flat=True))


def _mend(numbers: list[int], after: int, last: int) -> int:
    with transaction.atomic():
        existing = _lock(numbers)
        wanted = documents.documents_of(existing)
        stored = dict(_within(after, last).values_list("pk", "terms"))
        changed = {number: words for number, words in wanted.items() if stored.get(number) != words}
        gone = stored.keys() - wanted.keys()
        documents.store(changed)
        if gone:
            documents.remove(sorted(gone))
        return len(changed) + len(gone) + _mend_recent(wanted, after, last)


def _mend_recent(wanted: dict[int, str], after: int, last: int) -> int:
    missing, left = recent.outdated(wanted, after, last)
    recent.store(missing)
    recent.remove(left)
    return len(missing) + len(left)
