"""What the dashboard asks: sums, plus what hasn't been folded into them yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from django.db.models import Case, Count, Q, Sum, When

from tickets.figures.facts import DURATIONS, Facts, Figure, Key, category_figures
from tickets.figures.models import FigureDelta, FigureState, Histogram, RollUp
from tickets.figures.quantiles import MEDIAN, NINETIETH, percentile

Answer = TypeVar("Answer")

MOST_ATTEMPTS = 5


@dataclass(frozen=True)
class Durations:
    """How long tickets took: how many there are, and the minutes of half and of nine tenths of them."""

    total: int
    median: int | None
    ninetieth: int | None


@dataclass
class Reader:
    """Reads figures as they are at the moment at which it was made; see `consistently`."""

    pending: Facts = field(default_factory=Counter)
    # How many differences aren't folded yet.
    waiting: int = 0
    # False between an upgrade and the first rebuild.
    is_complete: bool = True

    @classmethod
    def now(cls, *, is_complete: bool = True) -> Reader:
        """Return a reader that knows what isn't folded yet."""
        rows = FigureDelta.objects.values_list(*Key._fields).annotate(amount=Sum("amount"), rows=Count("pk")).order_by()
        found = cls(is_complete=is_complete)
        for row in rows:
            found.pending[Key(*row[:-2])] = row[-2]
            found.waiting += row[-1]
        return found

    def sums(self, wanted: Q, counts: Callable[[Key], bool]) -> Facts:
        """Return the figures that `wanted` finds among the sums and `counts` among the differences."""
        rows = RollUp.objects.filter(wanted).values_list("figure", "day", "status", "priority", "person", "amount")
        found: Facts = Counter({Key(*row[:-1], minutes=0): row[-1] for row in rows})
        found.update({key: amount for key, amount in self.pending.items() if counts(key)})
        return found

    def resolved_by(self, agents: list[int], first: date) -> Counter[int]:
        """Return how many tickets each of these agents has resolved since a day."""
        rows = RollUp.objects.filter(figure=Figure.RESOLVED, person__in=agents, day__gte=first)
        found = Counter(dict(rows.values_list("person").annotate(amount=Sum("amount")).order_by()))
        for key, amount in self.pending.items():
            if key.figure == Figure.RESOLVED and key.person in agents and key.day >= first:
                found[key.person] += amount
        return found

    def by_category(self, first: date, categories: Iterable[int]) -> Counter[tuple[int, int]]:
        """Return how many tickets are unresolved, and were created and resolved since a day, by figure and category."""
        people = [category_figures(number) for number in categories]
        wanted = Q(figure=Figure.OPEN) | Q(figure__in=(Figure.CREATED, Figure.RESOLVED), day__gte=first)
        rows = RollUp.objects.filter(wanted, person__in=people).values_list("figure", "person")
        found = Counter({(row[0], row[1]): row[2] for row in rows.annotate(sum=Sum("amount")).order_by()})
        for key, amount in self.pending.items():
            counts = key.figure == Figure.OPEN or (key.figure in (Figure.CREATED, Figure.RESOLVED) and key.day >= first)
            if counts and key.person in people:
                found[key.figure, key.person] += amount
        return found

    def most(self, figure: Figure, day: date, limit: int, *, without: int | None = None) -> list[tuple[int, int]]:
        """Return the people with the most of a figure, and how much that is, most first.

        An index finds them among the sums. Differences may have lowered as many of those as there are differences:
        so many more are read, and those that differences have raised besides.
        """
        changed = {key.person: amount for key, amount in self.pending.items() if (key.figure, key.day) == (figure, day)}
        rows = RollUp.objects.filter(figure=figure, day=day).values_list("person", "amount")
        first = rows.filter(amount__gt=0).order_by("-amount", "-person")
        amounts = Counter(dict(first[: limit + len(changed) + (without is not None)]))
        missing = changed.keys() - amounts.keys()
        if missing:
            amounts.update(dict(rows.filter(person__in=missing)))
        amounts.update(changed)
        ranked = sorted(((amount, person) for person, amount in amounts.items() if amount > 0), reverse=True)
        return [(person, amount) for amount, person in ranked if person != without][:limit]

    def durations(self, months: list[date], person: int) -> dict[tuple[int, date, int], Durations]:
        """Return how long tickets took, by figure, month and priority.

        Only for months that differences concern are the counts of each duration read.
        """
        changed: dict[tuple[int, date, int], Counter[int]] = {}
        for key, amount in self.pending.items():
            if key.figure in DURATIONS and key.person == person and key.day in months:
                changed.setdefault((key.figure, key.day, key.priority), Counter())[key.minutes] += amount
        touched = Case(When(day__in={group[1] for group in changed}, then="counts"), default=None)
        rows = Histogram.objects.filter(figure__in=DURATIONS, person=person, day__gte=months[0]).annotate(
            detail=touched
        )
        columns = ("figure", "day", "priority", "total", "median", "ninetieth", "detail")
        found = {}
        for figure, day, priority, total, median, ninetieth, detail in rows.values_list(*columns):
            counts = changed.get((figure, day, priority))
            if counts is None:
                found[figure, day, priority] = Durations(total, median, ninetieth)
            else:
                counts.update({int(minutes): amount for minutes, amount in detail.items()})
        return found | {group: _durations(counts) for group, counts in changed.items()}


def _durations(counts: Counter[int]) -> Durations:
    return Durations(sum(counts.values()), percentile(counts, MEDIAN), percentile(counts, NINETIETH))


def consistently(read: Callable[[Reader], Answer]) -> Answer:
    """Return what `read` answers, from sums and differences of one moment.

    What is folded between two queries would be counted twice or not at all. Rather than hold others up, read again.
    """
    for _attempt in range(MOST_ATTEMPTS - 1):
        state = _state()
        answer = read(Reader.now(is_complete=state.is_complete))
        if _state().generation == state.generation:
            return answer
    return read(Reader.now(is_complete=_state().is_complete))


def _state() -> FigureState:
    return FigureState.objects.first() or FigureState()


def is_complete() -> bool:
    """Tell whether the sums cover all tickets."""
    return _state().is_complete


def all_figures() -> Facts:
    """Return every figure that the sums and the differences hold, for comparing them with the tickets."""
    reader = Reader.now()
    found = reader.sums(Q(), reader.pending.__contains__)
    for row in Histogram.objects.iterator():
        for minutes, amount in row.counts.items():
            found[Key(row.figure, row.day, 0, row.priority, row.person, int(minutes))] += amount
    return Counter({key: amount for key, amount in found.items() if amount})


def by_day(sums: Facts, figure: Figure) -> Counter[date]:
    """Return the sums of one figure by day."""
    found: Counter[date] = Counter()
    for key, amount in sums.items():
        if key.figure == figure:
            found[key.day] += amount
    return found


def by_status_and_priority(sums: Facts) -> Counter[tuple[int, int]]:
    """Return how many tickets are open, by the ranks of status and priority."""
    found: Counter[tuple[int, int]] = Counter()
    for key, amount in sums.items():
        if key.figure == Figure.OPEN:
            found[key.status, key.priority] += amount
    return found
