"""What forms and filters offer: agents, teams and categories, all of them by one query."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Self

from django.db.models import BooleanField, CharField, F, IntegerField, QuerySet, Value
from django.utils.translation import gettext

from accounts.models import User
from tickets import policies
from tickets.sorting.models import Category, Team
from tickets.sorting.names import name_key

_AGENT, _TEAM, _CATEGORY = 1, 2, 3
Named = tuple[int, str]


@dataclass
class Offered:
    """Numbers and names, in the order in which people choose from them. Inactive ones are known, but not offered."""

    agents: list[Named] = field(default_factory=list)
    # Nothing but their names, as texts mention them.
    agent_names: list[str] = field(default_factory=list)
    teams: list[Named] = field(default_factory=list)
    categories: list[Named] = field(default_factory=list)
    team_names: dict[int, str] = field(default_factory=dict)
    category_names: dict[int, str] = field(default_factory=dict)

    @classmethod
    def to(cls, actor: User) -> Self:
        """Return what `actor` can choose from: requesters choose categories only."""
        arms = [_arm(Category.objects, _CATEGORY, name="name", active="is_active", position="position")]
        if policies.can_list_assigned(actor):
            arms.append(_arm(Team.objects, _TEAM, name="name", active="is_active"))
            arms.append(
                _arm(
                    User.objects.assignable(),
                    _AGENT,
                    name="username",
                    second="email",
                    active="is_active",
                    position="is_away",
                )
            )
        rows = list(arms[0].union(*arms[1:], all=True) if len(arms) > 1 else arms[0])
        return cls._of(rows)

    @classmethod
    def _of(cls, rows: list[tuple[Any, ...]]) -> Self:
        people = [
            (number, name or email, email, bool(is_away))
            for kind, number, name, email, _active, is_away in rows
            if kind == _AGENT
        ]
        found = cls(agents=_people(people), agent_names=[row[2] for row in rows if row[0] == _AGENT and row[2]])
        ordered = sorted(rows, key=lambda row: (row[5], row[2].casefold(), row[1]))
        for kind, number, name, _second, is_active, _position in ordered:
            if kind == _TEAM:
                found.team_names[number] = name
                found.teams += [(number, name)] if is_active else []
            elif kind == _CATEGORY:
                found.category_names[number] = name
                found.categories += [(number, name)] if is_active else []
        return found

    def find_team(self, text: str) -> int | None:
        """Return the team whose number or name `text` is."""
        return _find(self.team_names, text)

    def find_category(self, text: str) -> int | None:
        """Return the category whose number or name `text` is."""
        return _find(self.category_names, text)


def _find(names: dict[int, str], text: str) -> int | None:
    if text.isascii() and text.isdigit():
        return next((number for number in names if str(number) == text), None)
    key = name_key(text)
    return next((number for number, name in names.items() if name_key(name) == key), None)


def _arm(rows: Any, kind: int, *, name: str, active: str, second: str = "", position: str = "") -> QuerySet[Any]:
    return rows.order_by().values_list(  # type: ignore[no-any-return] # managers and querysets alike
        Value(kind, IntegerField()),
        "pk",
        F(name),
        F(second) if second else Value("", CharField()),
        F(active) if active else Value(True, BooleanField()),
        F(position) if position else Value(0, IntegerField()),
    )


def _people(people: list[tuple[int, str, str, bool]]) -> list[Named]:
    """Return numbers and names by name, with who is away; those who share one are told apart by their addresses."""
    bearers = Counter(name for _number, name, _email, _away in people)
    found = []
    for number, name, email, is_away in sorted(people, key=lambda person: (person[1].casefold(), person[0])):
        label = f"{name} ({email})" if bearers[name] > 1 else name
        found.append((number, gettext("%(name)s (away)") % {"name": label} if is_away else label))
    return found
