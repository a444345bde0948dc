"""One page of a filtered list: its rows, the addresses of its neighbours, its chips, its count, what was ignored."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, Protocol, TypeVar

from django.conf import settings
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_htmx.middleware import HtmxDetails

from tms_site.lib.counts import CappedCount, capped_count
from tms_site.lib.keyset import BadCursor, Order, Page, paginate
from tms_site.lib.text import printable_line
from tms_site.lib.time_limit import TooSlow, time_limit

M = TypeVar("M", bound=Model)

# The parameter of an address that says which page of a list is meant.
PAGE = "page"
PAGE_LABEL = _("Page")
# The element of a list's page that holds its results.
RESULTS = "results"
SHOWN_MAX = 40


def shorten(text: str) -> str:
    """Return the beginning of a long value from an address, as one harmless line."""
    text = printable_line(text)
    return f"{text[:SHOWN_MAX]}…" if len(text) > SHOWN_MAX else text


@dataclass(frozen=True)
class Chip:
    """An active filter, and the address without it."""

    label: str | Promise
    value: str | Promise
    remove_url: str


class Chosen(Protocol):
    """Filters after they were understood: a FilterSet of ours."""

    data: QueryDict
    ignored: list[str]

    @property
    def qs(self) -> Any:
        """The rows that match."""


class Listing(Generic[M]):
    """One page of a list. A list of its own says its order, its labels and its count in words.

    Args:
        chosen: the filters, cleaned.
        path: the list's address without parameters.
        cursor: which page; one that makes no sense shows the first page, and is named among what was ignored.
        size: rows on a page.
    """

    labels: Mapping[str, str | Promise]

    def __init__(self, chosen: Chosen, *, path: str, cursor: str, size: int) -> None:
        self.filters = chosen
        self.path = path
        self.size = size
        self.cursor = cursor
        self.ignored = list(chosen.ignored)
        # The answer is an ordinary page with status 200 that says how to narrow the question: the server is well, so
        # a proxy must not take it out of service, and htmx shows the fragment in place of the results.
        self.too_slow = False
        self.page = self._load()

    @property
    def order(self) -> Order:
        """The order of the rows."""
        raise NotImplementedError

    @property
    def count_label(self) -> str:
        """The count in words."""
        raise NotImplementedError

    def value_label(self, name: str, value: str) -> str | Promise:
        """Return what a chip shows for a value of the filter `name`."""
        raise NotImplementedError

    def _load(self) -> Page[M]:
        try:
            with time_limit(settings.LIST_TIME_LIMIT):
                return self._page_or_first()
        except TooSlow:
            self.too_slow = True
            return Page(items=[], next_cursor="", previous_cursor="")

    def _page_or_first(self) -> Page[M]:
        try:
            page = self._paginate()
        except BadCursor:
            self.ignored.append(f"{PAGE_LABEL} “{shorten(self.cursor)}”")
        else:
            if page.items or not self.cursor:
                return page
            self.ignored.append(gettext("a page that has become empty"))
        self.cursor = ""
        return self._paginate()

    def _paginate(self) -> Page[M]:
        return paginate(self.rows.for_list(), self.order, self.cursor, self.size)

    @property
    def rows(self) -> Any:
        """The rows that match, as the list reads them."""
        return self.filters.qs

    @property
    def rows_to_count(self) -> Any:
        """The rows that match, as they're counted."""
        return self.filters.qs

    def address(self, data: QueryDict) -> str:
        """Return the list's address with these parameters."""
        return f"{self.path}?{data.urlencode()}" if data else self.path

    def address_with(self, **values: str) -> str:
        """Return the list's address with the present filters and other values in some."""
        # Not its own copy(), which is a deep one: a page asks for a dozen addresses.
        data = copy(self.filters.data)
        for name, value in values.items():
            data[name] = value
        return self.address(data)

    def _page_url(self, cursor: str) -> str:
        return self.address_with(**{PAGE: cursor}) if cursor else ""

    @property
    def url(self) -> str:
        """The shortest address of this page."""
        return self._page_url(self.cursor) or self.first_url

    @property
    def next_url(self) -> str:
        """The address of the page after this one, or nothing."""
        return self._page_url(self.page.next_cursor)

    @property
    def previous_url(self) -> str:
        """The address of the page before this one, or nothing."""
        return self._page_url(self.page.previous_cursor)

    @property
    def first_url(self) -> str:
        """The address of the first page."""
        return self.address_with()

    @cached_property
    def count(self) -> CappedCount:
        """How many rows match. A list that fits on one page needs no query for that."""
        if self.too_slow:
            return CappedCount(value=0, capped=True, known=False)
        if not self.cursor and not self.page.next_cursor:
            return CappedCount(len(self.page.items), capped=False)
        return capped_count(self.rows_to_count)

    @property
    def chips(self) -> list[Chip]:
        """The active filters, one chip for each value."""
        data = self.filters.data
        return [
            Chip(self.labels[name], self.value_label(name, value), self._without(name, value))
            for name in data
            if name != "sort"
            for value in data.getlist(name)
        ]

    def _without(self, name: str, value: str) -> str:
        data = copy(self.filters.data)
        data.setlist(name, [other for other in data.getlist(name) if other != value])
        return self.address(data)


def answer_list(
    request: HttpRequest, listing: Listing[Any], context: Mapping[str, Any], *, page: str, results: str
) -> HttpResponse:
    """Render a list's page or, for htmx, its results; the address in the browser stays the list's shortest one.

    Args:
        request: which of the two it asks for.
        listing: what's shown; the template knows it by this name.
        context: what the template is told besides.
        page: the template of the page, which includes that of the results.
        results: the template of the results.
    """
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined] # set by the middleware of django-htmx
    is_fragment = htmx and htmx.target == RESULTS and not htmx.history_restore_request
    response = render(request, results if is_fragment else page, {**context, "listing": listing})
    if is_fragment:
        response["HX-Push-Url"] = listing.url
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response
