"""Finding tickets. Nobody else knows what the database's full-text index looks like.

A query is asked in one of two ways. Rare words are asked of the full-text index. Words that very many tickets have
would make any index read long lists, but then a look at the newest tickets finds enough of them at once: MySQL and
MariaDB plan by a look at the newest documents (tickets/search/mysql.py), SQLite reads its lists as far as needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from django.db import connection
from django.db.models import F, Func, IntegerField, Q, Value
from django.utils import timezone

from accounts.actors import Actor
from tickets import policies
from tickets.querysets import TicketQuerySet
from tickets.search import mysql, sqlite, terms
from tickets.search.plans import ALL, RECENT, RECENT_FIRST, Plan, scan, scan_without
from tickets.search.syntax import PREFIX_MIN, Query, Word
from tms_site.lib.counts import CAP
from tms_site.lib.index_hint import force_index

# Hits that are put in order, the newest of them: enough for some pages. Who wants others says more words.
RANKED_MAX = 100
# Hits for a number that are read to be filtered by: as many as a list counts.
KNOWN_MAX = CAP
SIMILAR_CANDIDATES = 50
# What a word is worth where it stands, for itself and as a beginning.
IN_TITLE, BEGINS_IN_TITLE, IN_TEXT, TOGETHER = 3, 2, 1, 2
# A ticket that was touched just now is worth as much as half of a perfect hit; every 90 days that halves.
RECENCY, HALF_LIFE_DAYS = 0.5, 90.0


@dataclass(frozen=True)
class Ranking:
    """The numbers of the tickets found, best first, and whether there may be more."""

    ids: list[int]
    capped: bool


class _Found(Func):
    """1 where the document has one of these in it, 0 elsewhere."""

    template = "(%(expressions)s)"
    arg_joiner = " OR "
    output_field = IntegerField()

    def __init__(self, *texts: str, documents: str = ALL) -> None:
        super().__init__(*(_Place(F(f"{documents}__terms"), Value(text)) for text in texts))


class _Place(Func):
    """Whether the document has this in it."""

    template = "INSTR(%(expressions)s) > 0"
    output_field = IntegerField()


def filter(  # noqa: A001 - read as engine.filter
    queryset: TicketQuerySet, query: Query, actor: Actor, *, of_person: bool = False
) -> TicketQuerySet:
    """Return the tickets of `queryset` that the query finds, in no order of their own.

    Args:
        queryset: where they're looked for.
        query: what they have.
        actor: who looks.
        of_person: whether a filter of `queryset` leaves only one person's tickets.
    """
    query = _readable(query, actor)
    exact = Q(pk=query.number) if query.number is not None else Q(pk__in=[])
    if not query.words:
        return queryset.filter(exact)
    plan = _planned(queryset, query, actor, of_person=of_person)
    if query.number is None:
        return queryset.filter(plan.condition)
    if not plan.asks_index:
        return queryset.filter(exact | plan.condition)
    # With "this number OR what the index finds" no database uses the index, so its hits are read first. If these are
    # very many, a list finds enough of them by reading the tickets in its own order.
    hits = _in_order_of(plan, queryset.filter(plan.condition))
    numbers = list(hits.values_list("pk", flat=True)[: KNOWN_MAX + 1])
    few = Q(pk__in={query.number, *numbers})
    return queryset.filter(few if len(numbers) <= KNOWN_MAX else exact | scan(query.words))


def ranked(queryset: TicketQuerySet, query: Query, actor: Actor, *, of_person: bool = False) -> Ranking:
    """Return the best of the tickets of `queryset` that the query finds, best first.

    The exact number comes first, then relevance together with recency. Of more than RANKED_MAX hits the newest are
    ranked. The arguments are those of `filter`.
    """
    query = _readable(query, actor)
    found = []
    if query.words:
        plan = _planned(queryset, query, actor, of_person=of_person)
        found = _newest_hits(plan, queryset, query.words)
    if query.number is not None and query.number not in (row[0] for row in found):
        found += queryset.filter(pk=query.number).values_list(*_columns(query.words))
    best = max(1, len(query.words) * (IN_TITLE + BEGINS_IN_TITLE + IN_TEXT) + TOGETHER * (len(query.words) > 1))
    now = timezone.now()

    def worth(row: tuple[int, datetime, int]) -> tuple[bool, float, int]:
        pk, updated_at, earned = row
        age = max(0.0, (now - updated_at).total_seconds() / 86_400)
        return pk == query.number, earned / best + RECENCY * 0.5 ** (age / HALF_LIFE_DAYS), pk

    ids = [row[0] for row in sorted(found, key=worth, reverse=True)]
    return Ranking(ids[:RANKED_MAX], capped=len(ids) > RANKED_MAX)


def similar(queryset: TicketQuerySet, title: str, actor: Actor, most: int) -> list[int]:
    """Return the numbers of the tickets of `queryset` whose words are most like those of a title, best first.

    Internal notes don't count, for the desk neither: whoever opens a ticket says what its requester would.
    """
    words = tuple(dict.fromkeys(terms.sequence(terms.fold(title))))
    significant = [Word((word,)) for word in words if len(word) >= PREFIX_MIN]
    plan = _backend().any_of(significant, _own(actor)) if significant else None
    if plan is None:
        return []
    rows = queryset.filter(plan.condition).order_by(*plan.first)
    # One word in common is chance, unless there is only one that says something, and the ticket is called by it.
    sign, needed = (terms.TITLE, 1) if len(plan.words) == 1 else (terms.WORD, 2)
    shared: Any = sum((_Found(f" {sign}{word.required[0]} ") for word in plan.words), Value(0))
    found = rows.values_list("pk", _points(plan.words), shared)[:SIMILAR_CANDIDATES]
    good = [(points, pk) for pk, points, common in found if common >= needed]
    return [pk for _earned, pk in sorted(good, reverse=True)[:most]]


def _backend() -> Any:
    return mysql if connection.vendor == "mysql" else sqlite


def _readable(query: Query, actor: Actor) -> Query:
    """Return a query whose words are looked for where the actor may read: the one place that knows of whom."""
    if not policies.can_see_notes(actor):
        return query
    words, excluded = (tuple(replace(word, in_notes=True) for word in each) for each in (query.words, query.excluded))
    return replace(query, words=words, excluded=excluded)


def _own(actor: Actor) -> int | None:
    """Return whose tickets the search is about where that's one person's: the index holds that too."""
    return None if policies.can_list_assigned(actor) else actor.pk


def _planned(queryset: TicketQuerySet, query: Query, actor: Actor, *, of_person: bool) -> Plan:
    whole = not queryset.query.has_filters()
    plan: Plan = _backend().all_of(query.words, _own(actor), without=query.excluded, whole=whole, of_person=of_person)
    without = scan_without(query.excluded)
    recent = None if plan.recent is None else plan.recent & without
    return replace(plan, condition=plan.condition & without, recent=recent)


def _newest_hits(plan: Plan, tickets: TicketQuerySet, words: Sequence[Word]) -> list[Any]:
    """Return the newest tickets that a plan finds: as many as are ranked, and one more if there are more."""
    if plan.recent is not None:
        hits = tickets.filter(plan.recent).order_by(*RECENT_FIRST).values_list(*_columns(words, RECENT))
        found = list(hits[: RANKED_MAX + 1])
        # Fewer may be all that the newest have, but not all that there are.
        if len(found) > RANKED_MAX:
            return found
    hits = _in_order_of(plan, tickets.filter(plan.condition)).values_list(*_columns(words))
    return list(hits[: RANKED_MAX + 1])


def _columns(words: Sequence[Word], documents: str = ALL) -> tuple[Any, ...]:
    """Return the columns by which hits are put in order."""
    return "pk", "updated_at", _points(words, documents)


def _in_order_of(plan: Plan, tickets: TicketQuerySet) -> TicketQuerySet:
    return force_index(tickets, plan.index).order_by(*plan.first)


def _points(words: Sequence[Word], documents: str = ALL) -> Any:
    has = partial(_Found, documents=documents)
    total: Any = Value(0)
    for word in words:
        [beginning] = _side_by_side([terms.TITLE], [word])
        total += has(f"{beginning} ") * Value(IN_TITLE)
        total += has(f"{beginning}{'' if word.prefix else ' '}") * Value(BEGINS_IN_TITLE)
        total += has(*(f"{place} " for place in _side_by_side(word.signs, [word]))) * Value(IN_TEXT)
    if len(words) > 1:
        total += has(*_side_by_side(words[0].signs, words)) * Value(TOGETHER)
    return total


def _side_by_side(signs: Iterable[str], words: Iterable[Word]) -> list[str]:
    """Return for each sign what a document has in it where it has these words behind one another."""
    required = [each for word in words for each in word.required]
    return [f" {' '.join(sign + each for each in required)}" for sign in signs]
