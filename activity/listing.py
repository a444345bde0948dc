"""One page of the log: its entries, its neighbours, its chips, its count, and what was not understood."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext

from activity.enums import ActivityType
from activity.filters import LABELS, ActivityFilter
from activity.models import ActivityLog
from tickets.filters import PAGE, shorten
from tms_site.lib.counts import CappedCount, capped_count
from tms_site.lib.keyset import BadCursor, Order, Page, paginate

# Newest first. Between dates the index of the dates serves better than that of the numbers.
BY_NUMBER = Order("-id", "pk", descending=True)
BY_DATE = Order("-date", "activity_date", descending=True)


@dataclass(frozen=True)
class Chip:
    """An active filter, and the address without it."""

    label: str | Promise
    value: str | Promise
    remove_url: str


class Listing:
    """One page of the log.

    Args:
        chosen: the filters, cleaned.
        path: the list's address without parameters.
        cursor: which page.
        size: rows on a page.
    """

    def __init__(self, chosen: ActivityFilter, *, path: str, cursor: str, size: int) -> None:
        self.chosen = chosen
        self.path = path
        self.size = size
        self.cursor = cursor
        self.ignored = list(chosen.ignored)
        self.order = BY_DATE if chosen.by_date else BY_NUMBER
        self.page = self._load()

    def _load(self) -> Page[ActivityLog]:
        try:
            page = self._paginate()
        except BadCursor:
            self.ignored.append(f"{LABELS[PAGE]} “{shorten(self.cursor)}”")
        else:
            if page.items or not self.cursor:
                return page
            self.ignored.append(gettext("a page that has become empty"))
        self.cursor = ""
        return self._paginate()

    def _paginate(self) -> Page[ActivityLog]:
        return paginate(self.chosen.qs.for_list(), self.order, self.cursor, self.size)

    def _address(self, data: QueryDict) -> str:
        return f"{self.path}?{data.urlencode()}" if data else self.path

    def _page_url(self, cursor: str) -> str:
        data = self.chosen.data.copy()
        data[PAGE] = cursor
        return self._address(data)

    @property
    def url(self) -> str:
        """The shortest address of this page."""
        return self._page_url(self.cursor) if self.cursor else self.first_url

    @property
    def next_url(self) -> str:
        """The address of the page with older entries, or nothing."""
        return self._page_url(self.page.next_cursor) if self.page.next_cursor else ""

    @property
    def previous_url(self) -> str:
        """The address of the page with newer entries, or nothing."""
        return self._page_url(self.page.previous_cursor) if self.page.previous_cursor else ""

    @property
    def first_url(self) -> str:
        """The address of the newest entries."""
        return self._address(self.chosen.data)

    @cached_property
    def count(self) -> CappedCount:
        """How many entries match. A list that fits on one page needs no query for that."""
        if not self.cursor and not self.page.next_cursor:
            return CappedCount(len(self.page.items), capped=False)
        return capped_count(self.chosen.qs)

    @property
    def count_label(self) -> str:
        """The count in words."""
        return ngettext("%(count)s entry", "%(count)s entries", self.count.value) % {"count": self.count}

    @property
    def chips(self) -> list[Chip]:
        """The active filters, one chip for each value."""
        data = self.chosen.data
        return [
            Chip(LABELS[name], self._value_label(name, value), self._without(name, value))
            for name in data
            for value in data.getlist(name)
        ]

    def _without(self, name: str, value: str) -> str:
        data = self.chosen.data.copy()
        data.setlist(name, [other for other in data.getlist(name) if other != value])
        return self._address(data)

    def _value_label(self, name: str, value: str) -> str | Promise:
        if name == "activity_type":
            return ActivityType(value).label
        if name == "user":
            return str(self.chosen.meanings["user"])
        if name == "ticket":
            return f"#{self.chosen.meanings['ticket']}"
        return value.replace("T", " ")
