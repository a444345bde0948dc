"""Counts that stop counting: an exact COUNT over an unbounded set is a full scan."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

CAP = 1000


@dataclass(frozen=True)
class CappedCount:
    """How many rows there are, or that there are more than `value`."""

    value: int
    capped: bool

    def __str__(self) -> str:
        return f"{self.value:,}+" if self.capped else f"{self.value:,}"


def capped_count(queryset: QuerySet[Any], cap: int = CAP) -> CappedCount:
    """Count at most `cap` rows of the query, and tell whether there are more."""
    found = queryset.order_by().values("pk")[: cap + 1].count()
    return CappedCount(value=min(found, cap), capped=found > cap)
