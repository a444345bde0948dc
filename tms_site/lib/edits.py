"""Merging edits: what happens when two people change one thing.

A form sends all its fields, changed or not. Compared with the values it was made from (its base), one sees what
its author changed. Changes to different fields are merged; a change of a field that somebody else has changed
too, to another value, is a conflict that only people can settle.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from tms_site.lib.errors import ServiceError

UNKNOWN: Any = object()
# What the page of a conflict sends besides a field's own value: whose value it shall be.
CHOICE, THEIRS = "choice_", "theirs"


@dataclass(frozen=True)
class FieldConflict:
    """One field that two people changed. `base` is UNKNOWN when its history is gone."""

    name: str
    base: Any
    theirs: Any
    yours: Any

    @property
    def base_is_known(self) -> bool:
        """Whether the value that both began from can be shown."""
        return self.base is not UNKNOWN


class EditConflict(ServiceError):  # noqa: N818 - a case for people to settle, not a failure
    """Somebody else changed the same fields meanwhile; nothing was saved.

    `current` are all values that are stored now, `unsaved` those changes of the author that nobody else touched:
    a page that asks what shall become of the conflicts carries both along.
    """

    def __init__(
        self,
        conflicts: list[FieldConflict],
        current_version: int,
        *,
        current: Mapping[str, Any] | None = None,
        unsaved: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(_("Somebody else changed this while you were editing it. Nothing of yours is lost."))
        self.conflicts = conflicts
        self.current_version = current_version
        self.current = current or {}
        self.unsaved = unsaved or {}


def require_exact(current_version: int, version: int | None, *, exact: bool) -> None:
    """Raise EditConflict where a change is meant for one version only (`exact`) and that isn't the stored one."""
    if exact and version != current_version:
        raise EditConflict([], current_version)


@dataclass
class Merge:
    """The outcome of a three-way merge."""

    to_apply: dict[str, Any] = field(default_factory=dict)
    conflicts: list[FieldConflict] = field(default_factory=list)


def same_minute(first: datetime | None, second: datetime | None) -> bool:
    """Tell whether two dates are one to somebody who types minutes."""
    if first is None or second is None:
        return first is second
    return first.replace(second=0, microsecond=0) == second.replace(second=0, microsecond=0)


def same(first: Any, second: Any) -> bool:
    """Tell whether two values of a field are one. Dates are, within a minute: forms show no seconds."""
    if isinstance(first, datetime) and isinstance(second, datetime):
        return same_minute(first, second)
    return bool(first == second)


def merged_set(base: Iterable[str], theirs: Iterable[str], yours: Iterable[str]) -> list[str]:
    """Return what is stored with what `yours` added to `base` and without what it took away, sorted.

    Two people who change a set of words never contradict each other.
    """
    before, wanted = set(base), set(yours)
    return sorted((set(theirs) - (before - wanted)) | (wanted - before))


def differing(base: Mapping[str, Any], theirs: Mapping[str, Any], yours: Mapping[str, Any]) -> set[str]:
    """Return the names of those fields that the author of `yours` has changed, whether or not others did the same.

    A field that `base` doesn't know is compared with what is stored now (`theirs`).
    """
    return {name for name, wanted in yours.items() if not same(wanted, base.get(name, theirs[name]))}


def three_way(base: Mapping[str, Any], theirs: Mapping[str, Any], yours: Mapping[str, Any]) -> Merge:
    """Merge `yours`, which was made from `base`, into `theirs`, which is what is stored now.

    A field that `base` doesn't know counts as changed by both.
    """
    merge = Merge()
    for name, wanted in yours.items():
        before, stored = base.get(name, UNKNOWN), theirs[name]
        if same(wanted, stored) or (before is not UNKNOWN and same(wanted, before)):
            continue
        if before is not UNKNOWN and same(stored, before):
            merge.to_apply[name] = wanted
        else:
            merge.conflicts.append(FieldConflict(name, before, stored, wanted))
    return merge
