"""What a list page shows, apart from its tickets: chips, sort orders, neighbours, counts, and what was ignored."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from tickets.enums import Priority, Status
from tickets.filters import DEFAULT_SORT, LABELS, ME, NOBODY, PAGE, TicketFilter, order_of, shorten
from tickets.models import Ticket
from tms_site.lib.counts import CappedCount, capped_count
from tms_site.lib.keyset import BadCursor, Page, paginate

# What the list of sort orders offers; the headers of the table offer both directions of each.
SORT_LABELS: dict[str, str | Promise] = {
    "-updated_at": _("Last updated"),
    "-creation_date": _("Newest"),
    "creation_date": _("Oldest"),
    "-priority": _("Most urgent"),
    "status": _("Status"),
    "title": _("Title"),
}
OTHER_SORT_LABELS: dict[str, str | Promise] = {
    "updated_at": _("Longest without update"),
    "priority": _("Least urgent"),
    "-status": _("Status, resolved first"),
    "-title": _("Title, from Z to A"),
}
COLUMNS = ("title", "status", "priority", "updated_at", "creation_date")
# The direction that one means when one first clicks a column.
FIRST_DIRECTION = {"title": "", "status": "", "priority": "-", "updated_at": "-", "creation_date": "-"}


@dataclass(frozen=True)
class Chip:
    """An active filter, and the address without it."""

    label: str | Promise
    value: str | Promise
    remove_url: str


@dataclass(frozen=True)
class SortLink:
    """A sort order that one can choose. `direction` is that of the present order, for aria-sort."""

    key: str
    label: str | Promise
    url: str
    active: bool
    direction: str


class Listing:
    """One page of a list.

    Args:
        chosen: the filters, cleaned.
        path: the list's address without parameters.
        cursor: which page.
        size: rows on a page.
    """

    def __init__(self, chosen: TicketFilter, *, path: str, cursor: str, size: int) -> None:
        self.chosen = chosen
        self.path = path
        self.size = size
        self.cursor = cursor
        self.ignored = list(chosen.ignored)
        self.page = self._load()

    def _load(self) -> Page[Ticket]:
        tickets, order = self.chosen.qs.for_list(), order_of(self.chosen.sort)
        try:
            page = paginate(tickets, order, self.cursor, self.size)
        except BadCursor:
            return self._first_page(f"{LABELS[PAGE]} “{shorten(self.cursor)}”")
        if self.cursor and not page.items:
            return self._first_page(gettext("a page that has become empty"))
        return page

    def _first_page(self, reason: str) -> Page[Ticket]:
        self.ignored.append(reason)
        self.cursor = ""
        return paginate(self.chosen.qs.for_list(), order_of(self.chosen.sort), "", self.size)

    def _address(self, data: QueryDict) -> str:
        return f"{self.path}?{data.urlencode()}" if data else self.path

    def _with(self, **values: str) -> str:
        data = self.chosen.data.copy()
        for name, value in values.items():
            data[name] = value
        if data.get("sort") == DEFAULT_SORT:
            del data["sort"]
        return self._address(data)

    @property
    def url(self) -> str:
        """The shortest address of this page."""
        return self._with(page=self.cursor) if self.cursor else self._with()

    @property
    def is_filtered(self) -> bool:
        """Whether filters are active."""
        return self.chosen.is_active

    @property
    def next_url(self) -> str:
        """The address of the page after this one, or nothing."""
        return self._with(page=self.page.next_cursor) if self.page.next_cursor else ""

    @property
    def previous_url(self) -> str:
        """The address of the page before this one, or nothing."""
        return self._with(page=self.page.previous_cursor) if self.page.previous_cursor else ""

    @property
    def first_url(self) -> str:
        """The address of the first page."""
        return self._with()

    @cached_property
    def count(self) -> CappedCount:
        """How many tickets match. A list that fits on one page needs no query for that."""
        if not self.cursor and not self.page.next_cursor:
            return CappedCount(len(self.page.items), capped=False)
        return capped_count(self.chosen.qs)

    @property
    def count_label(self) -> str:
        """The count in words."""
        return ngettext("%(count)s ticket", "%(count)s tickets", self.count.value) % {"count": self.count}

    @property
    def chips(self) -> list[Chip]:
        """The active filters, one chip for each value."""
        data = self.chosen.data
        return [
            Chip(LABELS[name], self._value_label(name, value), self._without(name, value))
            for name in data
            if name != "sort"
            for value in data.getlist(name)
        ]

    def _without(self, name: str, value: str) -> str:
        data = self.chosen.data.copy()
        data.setlist(name, [other for other in data.getlist(name) if other != value])
        return self._address(data)

    def _value_label(self, name: str, value: str) -> str | Promise:
        if name == "status":
            return Status(value).label
        if name == "priority":
            return Priority(value).label
        if name == "q":
            return shorten(value)
        if value in (ME, NOBODY):
            return gettext("me") if value == ME else gettext("nobody")
        return str(self.chosen.people[name, value][0])

    @property
    def clear_url(self) -> str:
        """The list without filters, in the same order."""
        data = QueryDict(mutable=True)
        if "sort" in self.chosen.data:
            data["sort"] = self.chosen.sort
        return self._address(data)

    @property
    def sort_options(self) -> list[SortLink]:
        """The orders that the menu offers; the present one is among them, whichever it is."""
        labels = dict(SORT_LABELS)
        if self.chosen.sort not in labels:
            labels[self.chosen.sort] = OTHER_SORT_LABELS[self.chosen.sort]
        return [self._sort_link(key, label) for key, label in labels.items()]

    @property
    def columns(self) -> dict[str, SortLink]:
        """The order that a click on each column's header leads to."""
        present = self.chosen.sort
        links = {}
        for column in COLUMNS:
            is_present = present.removeprefix("-") == column
            turned = column if present.startswith("-") else f"-{column}"
            key = turned if is_present else f"{FIRST_DIRECTION[column]}{column}"
            direction = ("descending" if present.startswith("-") else "ascending") if is_present else ""
            links[column] = SortLink(key, column, self._with(sort=key), is_present, direction)
        return links

    def _sort_link(self, key: str, label: str | Promise) -> SortLink:
        direction = "descending" if key.startswith("-") else "ascending"
        return SortLink(key, label, self._with(sort=key), key == self.chosen.sort, direction)
