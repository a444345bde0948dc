"""Which entries may be missing because somebody purged them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from activity.models import ActivityLog
from activity.seals import is_intact


@dataclass(frozen=True)
class Purge:
    """Entries from before `before` went: everybody's, or those of the user with this id."""

    before: datetime
    user: int | None


class Purges:
    """Every purge that the log knows of."""

    def __init__(self, purges: list[Purge]) -> None:
        self._purges = purges

    @classmethod
    def load(cls) -> Purges:
        """Read them from the log. An entry that was changed behind TMS's back excuses nothing."""
        genuine = (entry.changes for entry in ActivityLog.objects.purges() if is_intact(entry))
        return cls([Purge(datetime.fromisoformat(changes["before"]), changes["user"]) for changes in genuine])

    def may_have_taken(self, not_older_than: datetime) -> bool:
        """Tell whether an entry of an unknown person, written at this moment or later, may have been purged."""
        return any(purge.before > not_older_than for purge in self._purges)

    def may_have_taken_of(self, user: int | None, written: datetime) -> bool:
        """Tell whether the entry that this person (TMS itself: None) wrote at this moment may have been purged."""
        return any(purge.before > written and purge.user in (None, user) for purge in self._purges)
