"""Places in a timeline: what lies before and after them, and how an address names them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Q

# At the same moment comments come before changes.
COMMENT, CHANGE = 0, 1
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
# Microseconds since the epoch, comment or change, number. Nothing secret: whoever makes one up reads what they may
# read anyway, from another place on.
CURSOR = re.compile(r"(-?[0-9]{1,17})\.([01])\.([0-9]{1,18})")


@dataclass(frozen=True, order=True)
class Position:
    """The place of one event."""

    at: datetime
    rank: int
    pk: int

    @property
    def cursor(self) -> str:
        """The position as an address holds it."""
        return f"{(self.at - EPOCH) // MICROSECOND}.{self.rank}.{self.pk}"

    @property
    def next(self) -> Position:
        """The place right after this one."""
        return Position(self.at, self.rank, self.pk + 1)

    def before(self, rank: int, column: str) -> Q:
        """Return what lies before among the rows of one kind, whose date is `column`."""
        if rank != self.rank:
            return Q(**{f"{column}__lte" if rank < self.rank else f"{column}__lt": self.at})
        tie = Q(**{column: self.at, "pk__lt": self.pk})
        # The first condition lets the index seek.
        return Q(**{f"{column}__lte": self.at}) & (Q(**{f"{column}__lt": self.at}) | tie)

    def after(self, rank: int, column: str) -> Q:
        """Return what lies after it, likewise."""
        if rank != self.rank:
            return Q(**{f"{column}__gte" if rank > self.rank else f"{column}__gt": self.at})
        tie = Q(**{column: self.at, "pk__gt": self.pk})
        return Q(**{f"{column}__gte": self.at}) & (Q(**{f"{column}__gt": self.at}) | tie)


def position_of(cursor: str) -> Position | None:
    """Return the position that an address names; None for what names none."""
    found = CURSOR.fullmatch(cursor)
    if found is None:
        return None
    try:
        return Position(EPOCH + int(found[1]) * MICROSECOND, int(found[2]), int(found[3]))
    except OverflowError:
        return None
