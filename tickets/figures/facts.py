"""What one ticket contributes to the figures: a pure function of its columns."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from enum import IntEnum
from typing import NamedTuple, Self

from django.utils import timezone

from tickets.enums import PRIORITY_RANKS, STATUS_RANKS
from tickets.models import Ticket

EVERYBODY, NOBODY = 0, -1
# The day of figures that have none, such as the tickets that are open now.
ALWAYS = date(1970, 1, 1)
NO_STATUS = NO_PRIORITY = NO_MINUTES = 0
# Durations keep this many of their leading digits.
_KEPT = 100


class Figure(IntEnum):
    """What is counted. The numbers are stored."""

    OPEN = 1  # unresolved tickets by status, priority and agent
    ASSIGNED = 2  # unresolved tickets by agent
    CREATED = 3  # by day and agent
    RESOLVED = 4  # by day and agent
    REQUESTED = 5  # by month and requester
    FIRST_RESPONSE = 6  # by month, priority, agent and minutes
    RESOLUTION = 7  # by month, priority, agent and minutes


DURATIONS = (Figure.FIRST_RESPONSE, Figure.RESOLUTION)


class Key(NamedTuple):
    """One figure: what is counted, when, and about what.

    `person` is an agent (a requester for REQUESTED), EVERYBODY or NOBODY, or a team or category (`team_figures`,
    `category_figures`); status and priority are ranks; `day` is a day of the reporting zone, the first of a month
    where months are counted, or ALWAYS.
    """

    figure: int
    day: date
    status: int
    priority: int
    person: int
    minutes: int


Facts = Counter[Key]


class State(NamedTuple):
    """The columns of a ticket that figures are made of."""

    status: str
    priority: str
    creation_date: datetime
    resolution_date: datetime | None
    first_response_at: datetime | None
    requester_id: int
    assigned_agent_id: int | None
    team_id: int | None = None
    category_id: int | None = None

    @classmethod
    def of(cls, ticket: Ticket) -> Self:
        """Return the state of a ticket as it's in memory."""
        return cls(*(getattr(ticket, name) for name in cls._fields))


def team_figures(number: int) -> int:
    """Return what stands for a team where a person stands otherwise: people and groups never share a number."""
    return -2 * number - 2


def category_figures(number: int) -> int:
    """Return what stands for a category."""
    return -2 * number - 3


def team_of(person: int) -> int:
    """Return the team that such a number stands for."""
    return -(person + 2) // 2


def category_of(person: int) -> int:
    """Return the category that such a number stands for."""
    return -(person + 3) // 2


def is_category(person: int) -> bool:
    """Tell whether a number stands for a category: it's odd, and less than NOBODY."""
    return person < NOBODY and person % 2 == 1


def subject_of(person: int) -> tuple[str, int | None]:
    """Return what such a number stands for, unless it's EVERYBODY: agent, team or category, and which.

    Nobody's tickets are those of the agent None.
    """
    if person >= NOBODY:
        return "agent", None if person == NOBODY else person
    return ("category", category_of(person)) if is_category(person) else ("team", team_of(person))


def _whose(state: State) -> list[int]:
    """Return for whom a ticket counts: for everybody, its agent, its team and its category."""
    found = [EVERYBODY, state.assigned_agent_id or NOBODY]
    if state.team_id:
        found.append(team_figures(state.team_id))
    if state.category_id:
        found.append(category_figures(state.category_id))
    return found


def reporting_day(moment: datetime) -> date:
    """Return the day of a moment in the reporting zone, which is the setting TIME_ZONE."""
    return moment.astimezone(timezone.get_default_timezone()).date()


def month_of(day: date) -> date:
    """Return the first day of the month."""
    return day.replace(day=1)


def minutes_between(start: datetime, end: datetime) -> int:
    """Return how many minutes passed, rounded to two significant digits: 0 to 99, then 100, 110, … 990, 1000, 1100."""
    minutes = max(0, int((end - start).total_seconds() + 30) // 60)
    step = 1
    while minutes // step >= _KEPT:
        step *= 10
    return (minutes + step // 2) // step * step


def facts(state: State) -> Facts:
    """Return what a ticket in this state adds to each figure."""
    agent, whose = state.assigned_agent_id or NOBODY, _whose(state)
    priority = PRIORITY_RANKS[state.priority]
    created = reporting_day(state.creation_date)
    found: Facts = Counter()
    found[Key(Figure.REQUESTED, month_of(created), 0, 0, state.requester_id, 0)] = 1
    for person in whose:
        found[Key(Figure.CREATED, created, NO_STATUS, NO_PRIORITY, person, NO_MINUTES)] = 1
    if state.first_response_at is not None:
        answered = month_of(reporting_day(state.first_response_at))
        minutes = minutes_between(state.creation_date, state.first_response_at)
        for person in whose:
            found[Key(Figure.FIRST_RESPONSE, answered, NO_STATUS, priority, person, minutes)] = 1
    if state.resolution_date is None:
        status = STATUS_RANKS[state.status]
        found[Key(Figure.ASSIGNED, ALWAYS, NO_STATUS, NO_PRIORITY, agent, NO_MINUTES)] = 1
        for person in whose:
            found[Key(Figure.OPEN, ALWAYS, status, priority, person, NO_MINUTES)] = 1
        return found
    resolved = reporting_day(state.resolution_date)
    minutes = minutes_between(state.creation_date, state.resolution_date)
    for person in whose:
        found[Key(Figure.RESOLVED, resolved, NO_STATUS, NO_PRIORITY, person, NO_MINUTES)] = 1
        found[Key(Figure.RESOLUTION, month_of(resolved), NO_STATUS, priority, person, minutes)] = 1
    return found


def difference(before: State | None, after: State | None) -> Facts:
    """Return what a change adds to each figure; None stands for a ticket that isn't there yet, or any more."""
    changed: Facts = facts(after) if after else Counter()
    changed.subtract(facts(before) if before else Counter())
    return Counter({key: amount for key, amount in changed.items() if amount})
