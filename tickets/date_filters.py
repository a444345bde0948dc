"""The part of a list's filters that knows of dates, and when so few tickets lie between them that those are sorted."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import NamedTuple

from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone

from tickets.enums import Status
from tickets.models import Ticket
from tickets.querysets import TicketQuerySet
from tms_site.lib.index_hint import force_index
from tms_site.lib.keyset import Order
from tms_site.lib.moments import first_moment, moment_after

DATE_COLUMNS = {"created": "creation_date", "updated": "updated_at", "resolved": "resolution_date"}
AFTER, BEFORE = "_after", "_before"
DATES = tuple(f"{name}{end}" for name in DATE_COLUMNS for end in (AFTER, BEFORE))
# A week, and the hours that a date has in some zone.
LATELY = timedelta(days=8)
# Between dates that no more tickets have, these are looked up and sorted. Otherwise, whatever the order, each hundredth
# ticket or so lies between them: the order's own index is read.
RARE = 10_000
# Unless the order begins at the wrong end: the tickets of the last months, the oldest first, lie behind all others.
# MariaDB sorts so many of a million in 0.3 s, and walks past the others in 0.7 s.
RARE_AT_THE_FAR_END = 300_000
# The only order that has nothing to do with time: in the others, ties are in the order of the numbers.
TIMELESS = "title"


class DateField(NamedTuple):
    """An input for a date."""

    name: str
    label: str
    value: str
    takes_span: bool


class DateFilters:
    """Mixed into the filters of a list, which bring the attributes along."""

    data: QueryDict

    @property
    def only_unresolved(self) -> bool:
        """Whether the statuses that are asked for leave no resolved ticket."""
        statuses = self.data.getlist("status")
        return bool(statuses) and Status.RESOLVED not in statuses

    @property
    def has_dates(self) -> bool:
        """Whether there's a condition on a date."""
        return bool(self._ranges)

    @property
    def only_with_resolution(self) -> bool:
        """Whether the dates that are asked for leave resolved tickets alone."""
        return "resolved" in self._ranges

    @property
    def resolved_lately(self) -> bool:
        """Whether all were resolved within some days."""
        since = first_moment(self.data.get("resolved_after", ""))
        return since is not None and "q" not in self.data and timezone.now() - since <= LATELY

    def by_date(self, queryset: TicketQuerySet, name: str, value: str) -> TicketQuerySet:
        """Tickets whose date lies after or before the one given, that day among them."""
        if self.only_unresolved and name.startswith("resolved"):
            # Of these none has such a date. The database would look for it in each one.
            return queryset.none()
        return queryset.filter(_condition(name, value))

    def rare_date(self, order: Order) -> str:
        """Return the date by whose index the tickets are to be looked up and sorted; nothing for none.

        One query for each date that has a condition.
        """
        found = {name: self._many(name, order) for name in self._ranges if DATE_COLUMNS[name] != order.column}
        few = {name: many for name, many in found.items() if many <= self._most(name, order)}
        return min(few, key=lambda name: few[name], default="")

    @cached_property
    def _ranges(self) -> dict[str, list[str]]:
        """The dates that have a condition, with the filters that say so."""
        return {
            name: ends
            for name in DATE_COLUMNS
            if (ends := [f"{name}{end}" for end in (AFTER, BEFORE) if f"{name}{end}" in self.data])
        }

    def _many(self, name: str, order: Order) -> int:
        conditions = (_condition(end, self.data.get(end, "")) for end in self._ranges[name])
        tickets = force_index(Ticket.objects.filter(*conditions), f"ticket_{name}")
        return tickets.order_by().values("pk")[: self._most(name, order) + 1].count()

    def _most(self, name: str, order: Order) -> int:
        far_end = BEFORE if order.descending else AFTER
        is_against = f"{name}{far_end}" in self.data and order.column != TIMELESS
        return RARE_AT_THE_FAR_END if is_against else RARE


def _condition(name: str, value: str) -> Q:
    if name.endswith(AFTER):
        return Q(**{f"{DATE_COLUMNS[name.removesuffix(AFTER)]}__gte": first_moment(value)})
    return Q(**{f"{DATE_COLUMNS[name.removesuffix(BEFORE)]}__lt": moment_after(value)})
