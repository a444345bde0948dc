"""Filtering the log. What an address holds is never trusted to make sense: what means nothing is left out and named."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from activity.enums import ActivityType
from activity.querysets import ActivityQuerySet
from tickets.fields import NAMESAKES_MAX, find_named, find_person
from tms_site.lib.listing import PAGE, shorten
from tms_site.lib.moments import parse_moment
from tms_site.lib.numbers import is_row_number
from tms_site.lib.text import clean_line, validate_text

LABELS: dict[str, str | Promise] = {
    "user": _("User"),
    "activity_type": _("Activity"),
    "after": _("From"),
    "before": _("Before"),
    "ticket": _("Ticket"),
    PAGE: _("Page"),
}
REPEATABLE = "activity_type"
_PLAIN_DATE = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True)
class TypeChoice:
    """One line of the menu of activities."""

    value: str
    label: str | Promise
    chosen: bool


class ActivityFilter:
    """The filters of the log: `data` holds what they understood, `ignored` names the rest.

    Args:
        data: the parameters of the address.
        entries: what the list is about before any filter.
        fixed_user: whose list it is already, if it's one person's.
    """

    def __init__(self, data: QueryDict, entries: ActivityQuerySet, *, fixed_user: User | None = None) -> None:
        self.entries = entries
        self.fixed_user = fixed_user
        self.ignored: list[str] = []
        # The same by parameter, for programs.
        self.refused: dict[str, list[str]] = {}
        self.data = QueryDict(mutable=True)
        # What the understood values mean: the people of a name, moments, a number.
        self.meanings: dict[str, Any] = {}
        self._readers: dict[str, Callable[[str], Any]] = {
            "user": self._users,
            "activity_type": _activity_type,
            "after": parse_moment,
            "before": parse_moment,
            "ticket": _ticket_number,
        }
        if fixed_user is not None:
            del self._readers["user"]
        self._read(data)

    @property
    def is_active(self) -> bool:
        """Whether the list shows less than all there is."""
        return bool(self.data)

    @property
    def by_date(self) -> bool:
        """Whether dates bound the list, so that it's best read in their order."""
        return "after" in self.data or "before" in self.data

    @property
    def type_choices(self) -> list[TypeChoice]:
        """Every kind of activity, for the menu."""
        chosen = self.data.getlist(REPEATABLE)
        return [TypeChoice(value, label, value in chosen) for value, label in ActivityType.choices]

    @property
    def after_type(self) -> str:
        """The kind of input that can show what `after` holds."""
        return self._input_type("after")

    @property
    def before_type(self) -> str:
        """The kind of input that can show what `before` holds."""
        return self._input_type("before")

    def _input_type(self, name: str) -> str:
        value = self.data.get(name, "")
        return "date" if not value or _PLAIN_DATE.fullmatch(value) else "text"

    @property
    def qs(self) -> ActivityQuerySet:
        """The entries that match."""
        entries = self.entries
        if "user" in self.meanings:
            entries = entries.filter(user__in=self.meanings["user"])
        if types := self.data.getlist(REPEATABLE):
            entries = entries.filter(activity_type__in=types)
        if "after" in self.meanings:
            entries = entries.filter(activity_date__gte=self.meanings["after"])
        if "before" in self.meanings:
            entries = entries.before(self.meanings["before"])
        if "ticket" in self.meanings:
            entries = entries.filter(ticket_id=self.meanings["ticket"])
        return entries

    def _read(self, data: QueryDict) -> None:
        self.ignored += [shorten(name) for name in data if name not in self._readers and name != PAGE]
        for name, read in self._readers.items():
            for value in dict.fromkeys(clean_line(value) for value in data.getlist(name)):
                if value:
                    self._take(name, value, read(value) if _is_text(value) else None)

    def _take(self, name: str, value: str, meaning: Any) -> None:
        if meaning is None:
            self._ignore(name, value)
            return
        if name == REPEATABLE:
            self.data.appendlist(name, value)
            return
        for replaced in self.data.getlist(name):
            self._ignore(name, str(replaced))
        self.data[name] = value
        self.meanings[name] = meaning

    def _ignore(self, name: str, value: str) -> None:
        self.ignored.append(f"{LABELS[name]} “{shorten(value)}”")
        self.refused.setdefault(name, []).append(shorten(value))

    @staticmethod
    def _users(value: str) -> list[User] | None:
        people = User.objects.for_choice()
        person = find_person(people, value)
        found = [person] if person else find_named(people, value, NAMESAKES_MAX + 1)
        # Of more, some would be left out without a word: that's too little to go by.
        return found if 0 < len(found) <= NAMESAKES_MAX else None


def _is_text(value: str) -> bool:
    try:
        validate_text(value)
    except ValidationError:
        return False
    return True


def _activity_type(value: str) -> ActivityType | None:
    return ActivityType(value) if value in ActivityType.values else None


def _ticket_number(value: str) -> int | None:
    digits = value.removeprefix("#")
    return int(digits) if is_row_number(digits) else None
