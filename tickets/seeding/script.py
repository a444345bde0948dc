"""The words in which the demo's stories are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tickets.enums import Priority, RatingValue

ADMIN = "admin@example.com"
JANE = "jane.doe@example.com"
JOHN = "john.smith@example.com"
ALEX = "alex.johnson@example.com"
EMILY = "emily.white@example.com"
MICHAEL = "michael.brown@example.com"
SOPHIA = "sophia.martinez@example.com"
CHLOE = "chloe.taylor@example.com"
DAVID = "david.wilson@example.com"
JAMES = "james.anderson@example.com"
ISABELLA = "isabella.thomas@example.com"


@dataclass(frozen=True)
class Say:
    """Somebody comments. `at` is like that of a Story."""

    at: str
    who: str
    text: str


@dataclass(frozen=True)
class Reword:
    """Somebody edits the ticket's `nth` comment, counted from 1."""

    at: str
    who: str
    nth: int
    text: str


@dataclass(frozen=True)
class Withdraw:
    """Somebody deletes the ticket's `nth` comment, counted from 1."""

    at: str
    who: str
    nth: int


@dataclass(frozen=True)
class Change:
    """Somebody changes fields of the ticket; an agent is named by e-mail address, nobody is None."""

    at: str
    who: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Rate:
    """The requester says how the ticket was resolved."""

    at: str
    who: str
    value: RatingValue
    text: str = ""


Step = Say | Reword | Withdraw | Change | Rate


@dataclass(frozen=True)
class Story:
    """One ticket from its beginning.

    `at` is either days ago and a time of day ("12 09:30") or minutes ago ("25 min"). `slug` is what a second run
    knows the ticket by.
    """

    slug: str
    at: str
    requester: str
    title: str
    text: str
    priority: Priority = Priority.MEDIUM
    opened_by: str = ""
    agent: str = ""
    steps: tuple[Step, ...] = ()

    @property
    def author(self) -> str:
        """Who typed the ticket."""
        return self.opened_by or self.requester

    @property
    def token(self) -> str:
        """The client token of the ticket's submission."""
        return f"seed-{self.slug}"
