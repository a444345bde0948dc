"""One row's history: its columns, its revisions and its entries in the log must tell the same story."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import SequenceMatcher
from typing import Any

from django.utils.dateparse import parse_datetime

from activity.enums import ActivityType
from activity.integrity.purges import Purges
from activity.models import ActivityLog
from activity.sentences import pairs_of

MOMENTS = frozenset({"resolution_date"})


@dataclass(frozen=True)
class Row:
    """A ticket or comment as it is stored, its values as JSON holds them."""

    name: str
    version: int
    created_at: datetime
    created_by: int | None
    values: Mapping[str, Any]
    # What each change replaced, by the version before it.
    revisions: Mapping[int, Mapping[str, Any]]


def comparable(name: str, value: Any) -> Any:
    """Return a logged or stored value in the one form in which equal values are equal."""
    if isinstance(value, dict):
        return value.get("id")
    if name in MOMENTS and isinstance(value, str):
        moment = parse_datetime(value)
        return moment.astimezone(UTC) if moment else value
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def _key(replaced: Mapping[str, Any]) -> str:
    """Return what a revision and the entry of the same change have in common: the fields and their old values."""
    return json.dumps({name: str(comparable(name, old)) for name, old in replaced.items()}, sort_keys=True)


class History:
    """What the log tells about a row, laid beside what the row tells.

    Args:
        row: the row.
        entries: its entries in the log, oldest first.
        purges: which entries may be missing.
    """

    def __init__(self, row: Row, entries: list[ActivityLog], purges: Purges) -> None:
        self.row = row
        self.purges = purges
        self.creations = [entry for entry in entries if entry.activity_type == ActivityType.CREATE]
        restored = max((entry.pk for entry in entries if entry.activity_type == ActivityType.RESTORE), default=0)
        self.deletions = [
            entry for entry in entries if entry.activity_type == ActivityType.DELETE and entry.pk > restored
        ]
        self.updates = [entry for entry in entries if entry.activity_type == ActivityType.UPDATE]
        # Which entry tells of the change that a revision's version ended by.
        self.told: dict[int, ActivityLog] = {}
        self.strangers: list[ActivityLog] = []
        self._match()

    def findings(self) -> Iterator[str]:
        """Yield one line for each thing that doesn't fit."""
        yield from self._creation()
        yield from self._revisions()
        yield from self._missing()
        for entry in self.strangers:
            yield f"{self.row.name}: activity {entry.pk} tells of a change that its revisions don't know"
        for entry in self._unexplained_deletions():
            yield f"{self.row.name}: activity {entry.pk} says that it was deleted, but it exists"
        yield from self._values()

    def _unexplained_deletions(self) -> list[ActivityLog]:
        # Of a ticket that came back somebody may have purged the entry that says so, but not the one of its deletion.
        return [entry for entry in self.deletions if not self.purges.may_have_taken(entry.activity_date)]

    def _match(self) -> None:
        keys = {version: _key(replaced) for version, replaced in self.row.revisions.items()}
        told = [_key({name: old for name, (old, _new) in pairs_of(entry.changes).items()}) for entry in self.updates]
        left = len(self.updates)
        for version in sorted(keys, reverse=True):
            if left and told[left - 1] == keys[version]:
                left -= 1
                self.told[version] = self.updates[left]
        if left:
            self._match_damaged(keys, told)

    def _match_damaged(self, keys: Mapping[int, str], told: list[str]) -> None:
        # Something doesn't belong, which no purge can cause: what fits best is named best.
        versions = sorted(keys, reverse=True)
        backwards = SequenceMatcher(None, [keys[version] for version in versions], told[::-1], autojunk=False)
        entries = self.updates[::-1]
        self.told = {
            versions[block.a + step]: entries[block.b + step]
            for block in backwards.get_matching_blocks()
            for step in range(block.size)
        }
        known = {entry.pk for entry in self.told.values()}
        self.strangers = [entry for entry in self.updates if entry.pk not in known]

    def _creation(self) -> Iterator[str]:
        if len(self.creations) == 1:
            return
        if not self.creations and self.purges.may_have_taken_of(self.row.created_by, self.row.created_at):
            return
        yield f"{self.row.name}: {len(self.creations)} create entries in the log instead of one"

    def _revisions(self) -> Iterator[str]:
        expected = set(range(1, self.row.version))
        for version in sorted(expected - self.row.revisions.keys()):
            yield f"{self.row.name}: version {self.row.version}, but no revision of version {version}"
        for version in sorted(self.row.revisions.keys() - expected):
            yield f"{self.row.name}: version {self.row.version}, but a revision of version {version}"

    def _missing(self) -> Iterator[str]:
        for version in sorted(self.row.revisions.keys() - self.told.keys()):
            if not self.purges.may_have_taken(self._not_older_than(version)):
                yield f"{self.row.name}: no update entry in the log for the change of version {version}"

    def _not_older_than(self, version: int) -> datetime:
        earlier = [entry.activity_date for told, entry in self.told.items() if told < version]
        return max([self.row.created_at, *earlier])

    def _values(self) -> Iterator[str]:
        # The first creation counts as version 0: what it says is what the change of version 1 found.
        steps = [(0, entry) for entry in self.creations[:1]] + sorted(self.told.items())
        for version, entry in steps:
            for name, (_old, new) in pairs_of(entry.changes).items():
                yield from self._value(version, entry, name, new)

    def _value(self, version: int, entry: ActivityLog, name: str, said: Any) -> Iterator[str]:
        later = [other for other in sorted(self.row.revisions) if other > version]
        found_in = next((other for other in later if name in self.row.revisions[other]), None)
        if found_in is None and name not in self.row.values:
            return
        found = self.row.values[name] if found_in is None else self.row.revisions[found_in][name]
        if comparable(name, said) == comparable(name, found):
            return
        where = "the stored value" if found_in is None else f"what the change of version {found_in} found"
        yield f"{self.row.name}: the {name} that activity {entry.pk} logged is not {where}"
