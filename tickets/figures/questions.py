"""What a dashboard asks, and the numbers that answer it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Q

from tickets.figures.facts import ALWAYS, EVERYBODY, NOBODY, Facts, Figure, Key, category_of, month_of
from tickets.figures.periods import Period
from tickets.figures.reading import Durations, Reader

TOP = 10


class CategoryNumbers(NamedTuple):
    """How many tickets of a category are unresolved, and were created and resolved in the period."""

    category: int
    open: int
    created: int
    resolved: int


@dataclass
class Numbers:
    """What was read for one page."""

    sums: Facts
    durations: Mapping[tuple[int, date, int], Durations]
    workload: list[tuple[int, int]]
    resolved_by: Counter[int]
    requesters: list[tuple[int, int]]
    categories: list[CategoryNumbers]
    waiting: int
    is_complete: bool


@dataclass(frozen=True)
class Question:
    """What the address asks for.

    Args:
        period: how far back.
        today: the present day of the reporting zone.
        categories: those that there are.
        person: whose tickets it's about: an agent, NOBODY for unassigned ones, a team or category, or EVERYBODY.
    """

    period: Period
    today: date
    person: int = EVERYBODY
    categories: tuple[int, ...] = ()

    @property
    def first(self) -> date:
        """The first day of the period."""
        return self.period.first_day(self.today)

    def read(self, reader: Reader) -> Numbers:
        """Read the numbers of the page."""
        flow = {int(Figure.CREATED), int(Figure.RESOLVED)}
        wanted = (
            Q(figure__in=flow, person=self.person, day__gte=self.first)
            | Q(figure=Figure.OPEN, person=self.person)
            | Q(figure=Figure.ASSIGNED, person=NOBODY)
        )

        def counts(key: Key) -> bool:
            if key.figure in flow:
                return key.person == self.person and key.day >= self.first
            return (key.figure, key.person) in {(Figure.OPEN, self.person), (Figure.ASSIGNED, NOBODY)}

        everybody = self.person == EVERYBODY
        workload = reader.most(Figure.ASSIGNED, ALWAYS, TOP, without=NOBODY) if everybody else []
        return Numbers(
            sums=reader.sums(wanted, counts),
            durations=reader.durations(self.period.months_until(self.today), self.person),
            workload=workload,
            resolved_by=reader.resolved_by([person for person, _open in workload], self.first)
            if everybody
            else Counter(),
            requesters=reader.most(Figure.REQUESTED, month_of(self.today), TOP) if everybody else [],
            categories=self._categories(reader) if everybody else [],
            waiting=reader.waiting,
            is_complete=reader.is_complete,
        )

    def _categories(self, reader: Reader) -> list[CategoryNumbers]:
        found: dict[int, Counter[int]] = {}
        for (figure, person), amount in reader.by_category(self.first, self.categories).items():
            found.setdefault(category_of(person), Counter())[figure] += amount
        rows = [
            CategoryNumbers(number, amounts[Figure.OPEN], amounts[Figure.CREATED], amounts[Figure.RESOLVED])
            for number, amounts in found.items()
        ]
        return sorted((row for row in rows if any(row[1:])), key=lambda row: (-row.open, -row.created, row.category))
