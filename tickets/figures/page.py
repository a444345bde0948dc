"""The dashboard as its template needs it: tables, charts, links to the tickets behind a number."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cached_property

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from tickets.enums import PRIORITY_RANKS, STATUS_RANKS, UNRESOLVED, Priority
from tickets.figures import charts, words
from tickets.figures.durations import DURATION_TEXTS, duration_section
from tickets.figures.facts import ALWAYS, EVERYBODY, NOBODY, Figure, Key, month_of
from tickets.figures.parts import (
    CategoryRow,
    Cell,
    DurationSection,
    MatrixRow,
    Ranked,
    Step,
    Text,
    Tile,
    filters_of,
    list_url,
    percent,
)
from tickets.figures.questions import Numbers, Question
from tickets.figures.reading import by_day, by_status_and_priority
from tickets.models import Ticket
from tms_site.lib.moments import beginning_of


class Page:
    """The dashboard.

    Args:
        question: what the address asks for.
        numbers: what was read.
        names: names of the people who occur, by id.
        categories: names of the categories, by id.
        untouched: the tickets that nobody has touched for longest.
    """

    def __init__(
        self,
        question: Question,
        numbers: Numbers,
        names: Mapping[int, User],
        untouched: list[Ticket],
        categories: Mapping[int, str],
    ) -> None:
        self.question = question
        self.numbers = numbers
        self.names = names
        self.category_names = categories
        self.untouched = untouched
        self._open = by_status_and_priority(numbers.sums)

    @cached_property
    def open_total(self) -> int:
        """How many tickets are unresolved."""
        return sum(self._open.values())

    @property
    def tiles(self) -> list[Tile]:
        """The numbers at the top."""
        since = beginning_of(self.question.first)
        created, resolved = sum(step.created for step in self.steps), sum(step.resolved for step in self.steps)
        within = gettext("in %(period)s") % {"period": self.question.period.label}
        tiles = [
            Tile(_("Unresolved"), self.open_total, self._link(status=list(UNRESOLVED)), gettext("now")),
            Tile(_("Created"), created, self._link(created_after=since), within),
            Tile(_("Resolved"), resolved, self._link(resolved_after=since), within),
        ]
        if self.question.person == EVERYBODY:
            unassigned = self.numbers.sums[Key(Figure.ASSIGNED, ALWAYS, 0, 0, NOBODY, 0)]
            url = list_url(status=list(UNRESOLVED), assigned_agent="none")
            tiles.insert(1, Tile(_("Unassigned"), unassigned, url, gettext("now")))
        return tiles

    def _link(self, **parameters: str | list[str]) -> str:
        return list_url(**parameters, **filters_of(self.question.person))

    @cached_property
    def is_empty(self) -> bool:
        """Whether there's nothing to count yet."""
        return not (self.open_total or any(step.created or step.resolved for step in self.steps))

    @cached_property
    def steps(self) -> list[Step]:
        """The days or weeks of the period, oldest first."""
        created = by_day(self.numbers.sums, Figure.CREATED)
        resolved = by_day(self.numbers.sums, Figure.RESOLVED)
        spans = self.question.period.steps(self.question.today)
        # Backwards from what is unresolved now. A clock that runs ahead may have dated something tomorrow.
        last = spans[-1][1]
        backlog = self.open_total - _after(created, last) + _after(resolved, last)
        steps = []
        for start, end in reversed(spans):
            new, done = _between(created, start, end), _between(resolved, start, end)
            steps.append(Step(self._span_label(start), new, done, backlog))
            backlog += done - new
        return steps[::-1]

    def _span_label(self, start: date) -> str:
        if self.question.period.step == 1:
            return words.day(start)
        return gettext("week from %(day)s") % {"day": words.day(start)}

    @cached_property
    def flow(self) -> charts.Mirror:
        """The chart of created and resolved tickets."""
        titles = [
            gettext("%(label)s: %(created)d created, %(resolved)d resolved")
            % {"label": step.label, "created": step.created, "resolved": step.resolved}
            for step in self.steps
        ]
        return charts.mirror([step.created for step in self.steps], [step.resolved for step in self.steps], titles)

    @cached_property
    def backlog(self) -> charts.Line:
        """The chart of unresolved tickets."""
        titles = [
            gettext("%(label)s: %(backlog)d unresolved") % {"label": step.label, "backlog": step.backlog}
            for step in self.steps
        ]
        return charts.line([step.backlog for step in self.steps], titles)

    @property
    def flow_summary(self) -> str:
        """What one would see in the chart of created and resolved tickets."""
        created, resolved = sum(step.created for step in self.steps), sum(step.resolved for step in self.steps)
        return gettext("%(created)s created and %(resolved)s resolved from %(first)s to %(last)s.") % {
            "created": f"{created:,}",
            "resolved": f"{resolved:,}",
            "first": words.day(self.question.first),
            "last": words.day(self.question.today),
        }

    @property
    def backlog_summary(self) -> str:
        """What one would see in the chart of unresolved tickets."""
        return gettext("From %(before)s unresolved tickets on %(first)s to %(now)s on %(last)s.") % {
            "before": f"{self.steps[0].backlog:,}",
            "now": f"{self.steps[-1].backlog:,}",
            "first": words.day(self.question.first),
            "last": words.day(self.question.today),
        }

    @property
    def axis_days(self) -> list[str]:
        """The days that stand below the charts of days: first, middle, last."""
        first, last = self.question.first, self.question.today
        return [words.short_day(each) for each in (first, first + (last - first) / 2, last)]

    @property
    def priorities(self) -> list[Text]:
        """The names of the priorities, most urgent first."""
        return [priority.label for priority in reversed(Priority)]

    @cached_property
    def matrix(self) -> list[MatrixRow]:
        """Unresolved tickets by status and priority."""
        totals = {
            status: sum(self._open[STATUS_RANKS[status], rank] for rank in PRIORITY_RANKS.values())
            for status in UNRESOLVED
        }
        most = max([*totals.values(), 1])
        return [
            MatrixRow(
                status.value,
                status.label,
                [
                    Cell(
                        self._open[STATUS_RANKS[status], PRIORITY_RANKS[priority]],
                        self._link(status=status.value, priority=priority.value),
                    )
                    for priority in reversed(Priority)
                ],
                Cell(totals[status], self._link(status=status.value)),
                percent(totals[status], most),
            )
            for status in UNRESOLVED
        ]

    @property
    def matrix_totals(self) -> list[Cell]:
        """Unresolved tickets by priority, and altogether."""
        cells = [
            Cell(
                sum(self._open[STATUS_RANKS[status], PRIORITY_RANKS[priority]] for status in UNRESOLVED),
                self._link(status=list(UNRESOLVED), priority=priority.value),
            )
            for priority in reversed(Priority)
        ]
        return [*cells, Cell(self.open_total, self._link(status=list(UNRESOLVED)))]

    @property
    def duration_sections(self) -> list[DurationSection]:
        """First response and resolution times."""
        months = self.question.period.months_until(self.question.today)
        return [duration_section(figure, months, self.numbers.durations) for figure in DURATION_TEXTS]

    @property
    def workload(self) -> list[Ranked]:
        """Who has most unresolved tickets."""
        most = max((amount for _person, amount in self.numbers.workload), default=1)
        return [
            Ranked(
                self._name(person),
                list_url(status=list(UNRESOLVED), assigned_agent=str(person)),
                amount,
                percent(amount, most),
                self.numbers.resolved_by[person],
            )
            for person, amount in self.numbers.workload
        ]

    @property
    def requesters(self) -> list[Ranked]:
        """Who has opened most tickets this month."""
        most = max((amount for _person, amount in self.numbers.requesters), default=1)
        since = beginning_of(month_of(self.question.today))
        return [
            Ranked(
                self._name(person), list_url(requester=str(person), created_after=since), amount, percent(amount, most)
            )
            for person, amount in self.numbers.requesters
        ]

    @property
    def categories(self) -> list[CategoryRow]:
        """What the tickets are about: the categories with most unresolved ones first."""
        since = beginning_of(self.question.first)
        most = max((row[1] for row in self.numbers.categories), default=1)
        return [
            CategoryRow(
                self.category_names[number],
                f"{reverse('dashboard')}?category={number}&period={self.question.period.key}",
                Cell(is_open, list_url(status=list(UNRESOLVED), category=str(number))),
                Cell(created, list_url(category=str(number), created_after=since)),
                Cell(resolved, list_url(category=str(number), resolved_after=since)),
                percent(is_open, most),
            )
            for number, is_open, created, resolved in self.numbers.categories
            if number in self.category_names
        ]

    def _name(self, person: int) -> str:
        user = self.names.get(person)
        return str(user) if user else gettext("a former user")

    @property
    def month(self) -> str:
        """The present month."""
        return words.month(month_of(self.question.today))


def _after(amounts: Mapping[date, int], day: date) -> int:
    return sum(amount for each, amount in amounts.items() if each > day)


def _between(amounts: Mapping[date, int], start: date, end: date) -> int:
    return sum(amounts.get(start + timedelta(days=offset), 0) for offset in range((end - start).days + 1))
