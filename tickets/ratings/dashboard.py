"""What the dashboard shows of ratings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext

from tickets.enums import RatingValue
from tickets.figures import words
from tickets.figures.facts import EVERYBODY, is_category
from tickets.figures.parts import filters_of, list_url, percent
from tickets.figures.questions import TOP, Question
from tickets.ratings.reading import Tally, most_rated, satisfaction


@dataclass(frozen=True)
class Row:
    """How many were satisfied in a month, with somebody's work or in a category; `percent` is how long the bar is."""

    name: str
    tally: Tally
    percent: str


class SatisfactionPart:
    """How satisfied requesters were in the months of the period.

    Args:
        question: what the address asks for.
        agents: number and name of everybody at the desk.
        categories: number and name of those that there are.
    """

    def __init__(self, question: Question, agents: dict[int, str], categories: dict[int, str]) -> None:
        self.question = question
        self._agents, self._categories = agents, categories
        self._found = satisfaction(question.period.months_until(question.today), question.person)

    @property
    def total(self) -> Tally:
        """All ratings of these months."""
        return self._found.all

    @cached_property
    def months(self) -> list[Row]:
        """The months, newest first."""
        months = sorted(self._found.by_month.items(), reverse=True)
        return [_row(words.month(month), tally) for month, tally in months]

    @cached_property
    def agents(self) -> list[Row]:
        """Those whose tickets were rated most; nobody where the page is about one of them already."""
        if self.question.person != EVERYBODY:
            return []
        return [_row(self._agent(agent), tally) for agent, tally in most_rated(self._found.by_agent, TOP)]

    def _agent(self, agent: int | None) -> str:
        if agent is None:
            return gettext("Unassigned")
        return self._agents.get(agent) or gettext("a former agent")

    @cached_property
    def categories(self) -> list[Row]:
        """Those in which most was rated; none where the page is about one already, or where there are none."""
        if is_category(self.question.person) or not self._categories:
            return []
        return [_row(self._category(number), tally) for number, tally in most_rated(self._found.by_category, TOP)]

    def _category(self, number: int | None) -> str:
        return gettext("No category") if number is None else self._categories[number]

    @property
    def bad_url(self) -> str:
        """The list of the tickets whose requesters weren't satisfied."""
        return list_url(rating=RatingValue.BAD.value, **filters_of(self.question.person))


def _row(name: str, tally: Tally) -> Row:
    return Row(name, tally, percent(tally.share, 100))
