"""What a generated helpdesk sorts its tickets by: teams, categories and tags."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import NamedTuple

from tickets.enums import Priority
from tickets.sorting.names import name_key
from tms_site.generating.people import Person
from tms_site.generating.plan import Row

TEAMS = ("Network", "Devices", "Accounts and mail", "Applications", "Buildings")
# Name, how many of a hundred tickets have it, and the place of its team among TEAMS.
CATEGORIES = (
    ("Laptops and phones", 19, 1),
    ("Passwords and access", 17, 2),
    ("E-mail and calendar", 12, 2),
    ("VPN and Wi-Fi", 10, 0),
    ("Printers", 8, 1),
    ("Business applications", 8, 3),
    ("Meeting rooms", 5, 4),
    ("Telephones", 2, 0),
    ("Doors and badges", 1, 4),
)
WITHOUT = 18
TAGS = [
    "vpn",
    "printer",
    "laptop",
    "phone",
    "outlook",
    "password",
    "urgent-guest",
    "floor-1",
    "floor-2",
    "floor-3",
    "home-office",
    "new-hire",
    "leaver",
    "warranty",
    "vendor",
    "known-error",
    "training",
    "hardware",
    "software",
    "security",
    "audit",
    "budget",
    "moving",
    "night-shift",
]
# So many of a hundred tickets have tags, most of them the same few.
TAGGED = 0.3


class Shelf(NamedTuple):
    """A team or category, as the log names it."""

    id: int
    label: str


@dataclass(frozen=True)
class Shelves:
    """All of them, with whom they belong to."""

    teams: Sequence[Shelf]
    members: Sequence[Sequence[Person]]
    categories: Sequence[Shelf]
    tags: Sequence[str]

    @classmethod
    def of(cls, agents: Sequence[Person], *, teams: int, categories: int) -> Shelves:
        """Return those of a desk with these agents; numbered from the ids given, named so that all runs differ."""
        added = f" {teams}" if teams > 1 else ""
        found = [Shelf(teams + place, f"{name}{added}") for place, name in enumerate(TEAMS)]
        members = [agents[place :: len(TEAMS)] for place in range(len(TEAMS))]
        shelves = [Shelf(categories + place, f"{name}{added}") for place, (name, *_rest) in enumerate(CATEGORIES)]
        return cls(found, members, shelves, sorted(f"{name}{added.replace(' ', '-')}" for name in TAGS))

    def pick(self, random: Random) -> tuple[Shelf | None, Shelf | None]:
        """Return a category and the team that looks after it, or neither."""
        place = random.choices(range(len(CATEGORIES) + 1), cum_weights=_WEIGHTS)[0]
        if place == len(CATEGORIES):
            return None, None
        return self.categories[place], self.teams[CATEGORIES[place][2]]

    def pick_tags(self, random: Random) -> tuple[str, ...]:
        """Return one to three tags; those at the beginning of the list more often."""
        most = len(self.tags)
        return tuple(sorted({self.tags[int(most * random.random() ** 2)] for _ in range(random.randint(1, 3))}))

    def team_rows(self) -> list[Row]:
        """Return the teams as rows."""
        return [(team.id, team.label, name_key(team.label), True, 1) for team in self.teams]

    def member_rows(self, first_id: int) -> list[Row]:
        """Return who belongs to them."""
        pairs = [
            (team.id, person.id) for team, people in zip(self.teams, self.members, strict=True) for person in people
        ]
        return [(first_id + place, *pair) for place, pair in enumerate(pairs)]

    def category_rows(self) -> list[Row]:
        """Return the categories as rows."""
        return [
            (each.id, each.label, name_key(each.label), "", True, 100, self.teams[place].id, _priority(each.label), 1)
            for each, (_name, _share, place) in zip(self.categories, CATEGORIES, strict=True)
        ]

    def tag_rows(self, first_id: int) -> list[Row]:
        """Return the tags as rows, numbered in their order."""
        return [(first_id + place, name, name_key(name)) for place, name in enumerate(self.tags)]


_WEIGHTS = list(accumulate([*(share for _name, share, _team in CATEGORIES), WITHOUT]))


def _priority(label: str) -> str:
    return Priority.HIGH.value if label.startswith("VPN") else ""
