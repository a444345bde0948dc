"""What the dashboard shows of ratings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext

from tickets.enums import RatingValue
from tickets.figures import words
from tickets.figures.facts import EVERYBODY
from tickets.figures.parts import list_url, percent
from tickets.figures.questions import TOP, Question
from tickets.ratings.reading import Tally, satisfaction


@dataclass(frozen=True)
class Row:
    """How many were satisfied in a month, or with somebody's work; `percent` is how long the bar is."""

    name: str
    tally: Tally
    percent: str


class SatisfactionPart:
    """How satisfied requesters were in the months of the period.

    Args:
        question: what the address asks for.
        agents: number and name of everybody at the desk.
    """

    def __init__(self, question: Question, agents: list[tuple[str, str]]) -> None:
        self.question = question
        self._names = {int(number): name for number, name in agents}
        self._found = satisfaction(question.period.months_until(question.today), question.person)

    @property
    def total(self) -> Tally:
        """All ratings of these months."""
        return self._found.all

    @cached_property
    def months(self) -> list[Row]:
        """The months, newest first."""
        months = sorted(self._found.by_month.items(), reverse=True)
        return [Row(words.month(month), tally, percent(tally.share, 100)) for month, tally in months]

    @cached_property
    def agents(self) -> list[Row]:
        """Those whose tickets were rated most; nobody where the page is about one of them already."""
        if self.question.person != EVERYBODY:
            return []
        return [
            Row(self._name(agent), tally, percent(tally.share, 100)) for agent, tally in self._found.most_rated(TOP)
        ]

    def _name(self, agent: int | None) -> str:
        if agent is None:
            return gettext("Unassigned")
        return self._names.get(agent) or gettext("a former agent")

    @property
    def bad_url(self) -> str:
        """The list of the tickets whose requesters weren't satisfied."""
        person = "" if self.question.person <= EVERYBODY else str(self.question.person)
        return list_url(rating=RatingValue.BAD.value, assigned_agent=person)
