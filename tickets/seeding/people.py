"""The people of the demo organisation."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.enums import Role
from tickets.seeding import script

# Known to everybody who has read the README: the command refuses it outside local mode.
PASSWORD = "Hello123."  # noqa: S105 - a demo's password is no secret
JOINED = "45 08:00"


@dataclass(frozen=True)
class Person:
    """A user of the demo."""

    email: str
    username: str
    role: Role


PEOPLE = (
    Person(script.ADMIN, "Admin", Role.SYSADMIN),
    Person(script.JANE, "Jane Doe", Role.REQUESTER),
    Person(script.JOHN, "John Smith", Role.AGENT),
    Person(script.ALEX, "Alex Johnson", Role.AGENT),
    Person(script.EMILY, "Emily White", Role.AGENT),
    Person(script.MICHAEL, "Michael Brown", Role.REQUESTER),
    Person(script.SOPHIA, "Sophia Martinez", Role.REQUESTER),
    Person(script.CHLOE, "Chloe Taylor", Role.REQUESTER),
    Person(script.DAVID, "David Wilson", Role.REQUESTER),
    Person(script.JAMES, "James Anderson", Role.REQUESTER),
    Person(script.ISABELLA, "Isabella Thomas", Role.REQUESTER),
)
