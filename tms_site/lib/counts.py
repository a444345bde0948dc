"""Counts that stop counting: an exact COUNT over an unbounded set is a full scan."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext

from tms_site.lib.time_limit import TooSlow, time_limit

CAP = 1000


@dataclass(frozen=True)
class CappedCount:
    """How many rows there are, or that there are more than `value`; `known` is false where counting took too long."""

    value: int
    capped: bool
    known: bool = True

    def __str__(self) -> str:
        if not self.known:
            return gettext("many")
        return f"{self.value:,}+" if self.capped else f"{self.value:,}"


def capped_count(queryset: QuerySet[Any], cap: int = CAP) -> CappedCount:
    """Count at most `cap` rows of the query, and tell whether there are more.

    Rare rows can be far apart, so that even finding a thousand of them takes long: then nobody waits for the count.
    """
    try:
        with time_limit(settings.LIST_TIME_LIMIT, using=queryset.db):
            found = queryset.order_by().values("pk")[: cap + 1].count()
    except TooSlow:
        return CappedCount(value=cap, capped=True, known=False)
    return CappedCount(value=min(found, cap), capped=found > cap)
