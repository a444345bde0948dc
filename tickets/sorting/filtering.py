"""The part of a list's filters that knows of categories, teams and tags."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import NamedTuple

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from tickets.querysets import TicketQuerySet
from tickets.sorting import lists
from tickets.sorting.names import name_key
from tickets.sorting.offered import Offered
from tms_site.lib.text import clean_line


class Choice(NamedTuple):
    """Something that a filter offers."""

    value: str
    label: str
    chosen: bool


# What a menu shows: pages remember how it looks.
Choices = tuple[Choice, ...]


class ShelfFilters:
    """Mixed into the filters of a list, which bring the attributes along."""

    actor: User
    actor_sees_all: bool
    data: QueryDict
    # The numbers of the tags in the address, by name.
    tags: dict[str, int]

    @cached_property
    def offered(self) -> Offered:
        """What the actor can choose from, and the names of teams and categories; one query."""
        return Offered.to(self.actor)

    @cached_property
    def my_teams(self) -> list[int]:
        """The teams of the actor."""
        return lists.teams_of(self.actor)

    @cached_property
    def rarest_tags(self) -> tuple[list[int], bool]:
        """The tags of the address, a rare one first; and whether there's one."""
        tags = list(self.tags.values())
        rare = next((tag for tag in tags if lists.is_rare(tag)), None)
        return (tags, False) if rare is None else ([rare, *(tag for tag in tags if tag != rare)], True)

    def _is_one(self, name: str) -> bool:
        """Tell whether the list is about one team or category, or about those that have none."""
        values = self.data.getlist(name)
        return len(values) == 1 and (values != [lists.MINE] or len(self.my_teams) == 1)

    @property
    def category_choices(self) -> Choices:
        """The categories, with those that are chosen; nothing where there are none."""
        return self._shelf_choices("category", self.offered.categories, self.offered.category_names)

    @property
    def team_choices(self) -> Choices:
        """The teams, likewise."""
        mine = [(lists.MINE, _("My teams"))] if self.offered.teams else []
        return self._shelf_choices("team", self.offered.teams, self.offered.team_names, mine)

    def _shelf_choices(
        self,
        name: str,
        active: list[tuple[int, str]],
        names: dict[int, str],
        before: Iterable[tuple[str, str | Promise]] = (),
    ) -> Choices:
        offered: list[tuple[str, str | Promise]] = [(str(number), label) for number, label in active]
        known = {value for value, _label in offered}
        others = [value for value in self.data.getlist(name) if value.isdigit() and value not in known]
        offered += [(value, names[int(value)]) for value in others]
        if not offered:
            return ()
        nothing = _("No team") if name == "team" else _("Not chosen")
        return self._choices(name, [*before, *offered, (lists.NOTHING, nothing)])

    def _choices(self, name: str, offered: Iterable[tuple[str, str | Promise]]) -> Choices:
        chosen = self.data.getlist(name) or [""]
        return tuple(Choice(value, str(label), value in chosen) for value, label in offered)

    def by_category(self, queryset: TicketQuerySet, name: str, value: str) -> TicketQuerySet:
        """Tickets of one of the chosen categories."""
        return queryset.filter(lists.condition("category", self.data.getlist(name)))

    def by_team(self, queryset: TicketQuerySet, name: str, value: str) -> TicketQuerySet:
        """Tickets of one of the chosen teams."""
        values = self.data.getlist(name)
        return queryset.filter(lists.condition("team", values, self.my_teams if lists.MINE in values else ()))

    def by_tags(self, queryset: TicketQuerySet, name: str, value: str) -> TicketQuerySet:
        """Tickets that have all of these tags."""
        tags, rare = self.rarest_tags
        return lists.with_tags(queryset, tags, rare=rare)

    def _checks_of_desk(self, data: QueryDict) -> dict[str, Callable[[str], bool]]:
        """Return the checks of what only the desk may ask for."""
        if not self.actor_sees_all:
            return {}
        self.tags = lists.known_tags([clean_line(value) for value in data.getlist("tag")])
        keys = {name_key(name) for name in self.tags}
        words = (lists.NOTHING, lists.MINE)
        return {
            "team": lambda value: value in words or self.offered.find_team(value) is not None,
            "tag": lambda value: name_key(value.lstrip("#")) in keys,
        }

    def _numbered(self, name: str, values: list[str]) -> list[str]:
        """Return teams and categories by number, whichever way the address names them, and tags by name."""
        if name == "tag":
            return sorted(self.tags)
        # Without any, nothing need be read: each view of the rail has filters of its own.
        if name not in ("team", "category") or not values:
            return values
        find = self.offered.find_team if name == "team" else self.offered.find_category
        return list(dict.fromkeys(str(find(value) or value) for value in values))
