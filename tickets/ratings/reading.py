"""What was said of tickets: of one, and of the months that the dashboard shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count

from tickets.enums import RatingValue
from tickets.figures.facts import EVERYBODY, subject_of
from tickets.models import Ticket
from tickets.ratings.models import Rating


def rating_of(ticket: Ticket) -> Rating | None:
    """Return what its requester said of a ticket; no query if the ticket was read with `for_page`."""
    return getattr(ticket, "rating", None)


@dataclass
class Tally:
    """How many were satisfied, and how many weren't."""

    good: int = 0
    bad: int = 0

    @property
    def total(self) -> int:
        """How many said anything."""
        return self.good + self.bad

    @property
    def share(self) -> int:
        """How many of a hundred were satisfied."""
        return round(100 * self.good / self.total) if self.total else 0

    def add(self, value: str, amount: int) -> None:
        """Count some more."""
        if value == RatingValue.GOOD:
            self.good += amount
        else:
            self.bad += amount


@dataclass
class Satisfaction:
    """The ratings of some months: all together, by month, by the agent who worked on the ticket, by its category."""

    all: Tally = field(default_factory=Tally)
    by_month: dict[date, Tally] = field(default_factory=dict)
    by_agent: dict[int | None, Tally] = field(default_factory=dict)
    by_category: dict[int | None, Tally] = field(default_factory=dict)


def most_rated(tallies: dict[int | None, Tally], most: int) -> list[tuple[int | None, Tally]]:
    """Return the agents or categories of most ratings."""
    return sorted(tallies.items(), key=lambda each: (-each[1].total, each[0] or 0))[:most]


def satisfaction(months: list[date], person: int) -> Satisfaction:
    """Return the ratings of these months.

    Args:
        months: their first days.
        person: whose tickets, as the figures number them: an agent, NOBODY for unassigned ones, a team or category, or
            EVERYBODY.

    Counted from the ratings themselves, in an index that holds all that's asked: exact at any moment, and bounded by
    the months.
    """
    ratings = Rating.objects.filter(month__in=months)
    if person != EVERYBODY:
        ratings = ratings.filter(**dict([subject_of(person)]))
    found = Satisfaction(by_month={month: Tally() for month in months})
    sums = ratings.order_by().values_list("month", "agent", "category", "value").annotate(amount=Count("pk"))
    for month, agent, category, value, amount in sums:
        found.all.add(value, amount)
        found.by_month[month].add(value, amount)
        found.by_agent.setdefault(agent, Tally()).add(value, amount)
        found.by_category.setdefault(category, Tally()).add(value, amount)
    return found
