"""The slow way: what all tickets contribute, computed from the tickets themselves, some at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.models import F, QuerySet

from tickets.figures.facts import Facts, State, facts
from tickets.models import Comment, Ticket

BATCH = 5_000


def states(*, from_comments: bool = False) -> Iterator[list[State]]:
    """Yield the states of all tickets in batches.

    Args:
        from_comments: take the first response from the comments instead of the ticket's column.
    """
    columns: list[str | F] = list(State._fields)
    tickets: QuerySet[Ticket] = Ticket.objects.all()
    if from_comments:
        tickets = tickets.annotate(first_answer=Comment.objects.first_answers())
        columns[State._fields.index("first_response_at")] = F("first_answer")
    last = 0
    while rows := list(tickets.filter(pk__gt=last).order_by("pk").values_list("pk", *columns)[:BATCH]):
        last = rows[-1][0]
        yield [State(*row[1:]) for row in rows]


def direct_figures(advance: Callable[[int], None] | None = None, *, from_comments: bool = False) -> Facts:
    """Return every figure, from the tickets. Memory grows with the figures, not with the tickets.

    Args:
        advance: told how many tickets have been read, batch by batch.
        from_comments: see `states`.
    """
    found: Facts = Counter()
    for batch in states(from_comments=from_comments):
        for state in batch:
            found.update(facts(state))
        if advance is not None:
            advance(len(batch))
    return found


@contextmanager
def snapshot() -> Iterator[None]:
    """Let all reads inside see the database as it is at one moment, without keeping anybody from writing.

    Inside a transaction (a test's) the reads are as consistent as that one is.
    """
    if connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        if connection.vendor == "mysql":
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT")
        else:
            # Not Django's own transaction, which is that of a writer on SQLite.
            cursor.execute("BEGIN DEFERRED")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")
