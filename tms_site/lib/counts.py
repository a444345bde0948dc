"""Counts that stop counting: an exact COUNT over an unbounded set is a full scan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
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
    [count] = _counted([queryset], cap)
    return count


def capped_counts(querysets: Sequence[QuerySet[Any]], cap: int = CAP) -> list[CappedCount]:
    """Count several queries by one statement; where that takes too long, each by its own: one spoils no other."""
    counts = _counted(querysets, cap)
    if len(querysets) == 1 or all(count.known for count in counts):
        return counts
    return [capped_count(queryset, cap) for queryset in querysets]


def _counted(querysets: Sequence[QuerySet[Any]], cap: int) -> list[CappedCount]:
    using = querysets[0].db if querysets else DEFAULT_DB_ALIAS
    parts, parameters = [], []
    for queryset in querysets:
        try:
            sql, values = queryset.order_by().values("pk")[: cap + 1].query.get_compiler(using).as_sql()
        except EmptyResultSet:
            parts.append("0")
            continue
        parts.append(f"(SELECT COUNT(*) FROM ({sql}) AS counted)")  # noqa: S608 - Django's own statement
        parameters += values
    if all(part == "0" for part in parts):
        return [CappedCount(0, capped=False)] * len(parts)
    try:
        with time_limit(settings.LIST_TIME_LIMIT, using=using), connections[using].cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(parts)}", parameters)
            found = cursor.fetchone()
    except TooSlow:
        return [CappedCount(value=cap, capped=True, known=False)] * len(parts)
    return [CappedCount(value=min(number, cap), capped=number > cap) for number in found]
