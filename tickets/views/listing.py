"""One page of a list of tickets, with the orders that it can be put into."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from tickets import policies
from tickets.date_filters import DATES
from tickets.enums import Priority, RatingValue, Status
from tickets.filters import BEST_MATCH, DEFAULT_SORT, LABELS, TicketFilter, order_of
from tickets.models import Ticket
from tickets.navigation import VIEW, ShownView
from tickets.people import ANYBODY, ME, NOBODY
from tickets.querysets import TicketQuerySet
from tickets.search.snippets import attach_snippets
from tickets.sorting.lists import MINE, attach_names
from tms_site.lib import listing
from tms_site.lib.counts import CappedCount
from tms_site.lib.keyset import Order, Page
from tms_site.lib.listing import shorten
from tms_site.lib.moments import is_utc_minute, parse_moment

# Filters whose values have names of their own.
CHOICES: dict[str, type[Status | Priority | RatingValue]] = {
    "status": Status,
    "priority": Priority,
    "rating": RatingValue,
}
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
class SortLink:
    """A sort order that one can choose. `direction` is that of the present order, for aria-sort."""

    key: str
    label: str | Promise
    url: str
    active: bool
    direction: str


def date_label(value: str) -> str:
    """Return what a chip shows for a date, for a moment, or for a span that ends now."""
    moment = parse_moment(value) if is_utc_minute(value) else None
    if moment is not None:
        return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"
    if "-" in value:
        return value
    number, unit = int(value[:-1]), value[-1].lower()
    texts = {
        "h": ngettext("the last %(count)d hour", "the last %(count)d hours", number),
        "d": ngettext("the last %(count)d day", "the last %(count)d days", number),
        "w": ngettext("the last %(count)d week", "the last %(count)d weeks", number),
        "m": ngettext("the last %(count)d month", "the last %(count)d months", number),
    }
    return texts[unit] % {"count": number}


class Listing(listing.Listing[Ticket]):
    """One page of a list of tickets; see the base for the arguments."""

    labels = LABELS

    def __init__(
        self, chosen: TicketFilter, *, path: str, cursor: str, size: int, view: ShownView | None = None
    ) -> None:
        self.chosen = chosen
        self.view = view
        self.ranked_count: CappedCount | None = None
        super().__init__(chosen, path=path, cursor=cursor, size=size)

    def _paginate(self) -> Page[Ticket]:
        page = self._ranked_page() if self.chosen.sort == BEST_MATCH else super()._paginate()
        sees_tags = bool(policies.can_see_tags(self.chosen.actor))
        attach_names(page.items, offered=self.chosen.offered, tags=sees_tags)
        attach_snippets(page.items, self.chosen.query, self.chosen.actor)
        return page

    def _ranked_page(self) -> Page[Ticket]:
        page, self.ranked_count = self.chosen.ranked_page(self.cursor, self.size)
        return page

    @cached_property
    def count(self) -> CappedCount:
        """How many tickets match: a ranking has counted them already."""
        return self.ranked_count or super().count

    @property
    def rows(self) -> TicketQuerySet:
        """The tickets that match, read from the index of their order."""
        return self.chosen.in_order

    @property
    def rows_to_count(self) -> TicketQuerySet:
        """The tickets that match, read from the index that counts them soonest."""
        return self.chosen.to_count

    @property
    def order(self) -> Order:
        """The order that the address names."""
        return order_of(self.chosen.sort)

    def address(self, data: QueryDict) -> str:
        """Return the list's address with these parameters; the usual order needs none.

        While a view hides nothing of what they show, the address names the view and what differs from it.
        """
        refined = self.view.refinement(data) if self.view else None
        if refined is not None:
            return super().address(refined)
        if data.get("sort") == (BEST_MATCH if "q" in data else DEFAULT_SORT):
            data = data.copy()
            del data["sort"]
        return super().address(data)

    @property
    def ranking_is_capped(self) -> bool:
        """Whether more tickets were found than are ranked."""
        return self.ranked_count is not None and self.ranked_count.capped

    @property
    def ranking_ends(self) -> bool:
        """Whether this is the last page of a ranking that leaves hits out."""
        return self.ranking_is_capped and not self.page.next_cursor

    @property
    def unranked_url(self) -> str:
        """All hits, in another order."""
        return self.address_with(sort=DEFAULT_SORT)

    @property
    def is_filtered(self) -> bool:
        """Whether filters are active."""
        return self.chosen.is_active

    @property
    def count_label(self) -> str:
        """The count in words; where a ranking ends, how far it goes."""
        if self.ranking_is_capped:
            words = gettext("%(count)s tickets, of which the newest %(most)d are ranked")
            return words % {"count": self.count, "most": self.count.value}
        return ngettext("%(count)s ticket", "%(count)s tickets", self.count.value) % {"count": self.count}

    def value_label(self, name: str, value: str) -> str | Promise:
        """Return what a chip shows for a value of the filter `name`."""
        if name in CHOICES:
            return CHOICES[name](value).label
        if name == "q":
            return shorten(value)
        if name in DATES:
            return date_label(value)
        if name in ("category", "team", "tag"):
            return self._shelf_label(name, value)
        if value in (ME, NOBODY, ANYBODY):
            return {ME: gettext("me"), NOBODY: gettext("nobody"), ANYBODY: gettext("anybody")}[value]
        people = self.chosen.people[name, value]
        return str(people[0]) if len(people) == 1 else shorten(value)

    @property
    def tags(self) -> list[str]:
        """The tags that are asked for: the form of the filters carries them along."""
        tags: list[str] = self.chosen.data.getlist("tag")
        return tags

    def _shelf_label(self, name: str, value: str) -> str:
        if name == "tag":
            return value
        if value in (NOBODY, MINE):
            return gettext("none") if value == NOBODY else gettext("my teams")
        offered = self.chosen.offered
        return (offered.team_names if name == "team" else offered.category_names)[int(value)]

    @property
    def clear_url(self) -> str:
        """The list without filters, in the same order."""
        data = QueryDict(mutable=True)
        if "sort" in self.chosen.data and self.chosen.sort != BEST_MATCH:
            data["sort"] = self.chosen.sort
        return self.address(data)

    @property
    def save_url(self) -> str:
        """The page that keeps this list as a view; nothing for a list that is one already, or shows everything."""
        if self.path != reverse("tickets:list") or not self.chosen.data or (self.view and not self._refined()):
            return ""
        return f"{reverse('tickets:view_create')}?{self.chosen.data.urlencode()}"

    @property
    def update_url(self) -> str:
        """The page that gives the present filters to the view that one has refined; nothing where one may not."""
        saved = self.view.saved if self.view else None
        if saved is None or not self._refined() or not policies.can_change_view(self.chosen.actor, saved):
            return ""
        return f"{reverse('tickets:view_edit', args=[saved.pk])}?{self.chosen.data.urlencode()}"

    def _refined(self) -> bool:
        return self.view is not None and self.view.refinement(self.chosen.data) != QueryDict(f"{VIEW}={self.view.slug}")

    @property
    def export_url(self) -> str:
        """The whole list as a file."""
        return f"{reverse('tickets:export')}?{self.bulk_query}"

    @property
    def bulk_query(self) -> str:
        """The filters alone, as they find the same tickets among all of them."""
        data = self.chosen.data.copy()
        data.pop("sort", None)
        if self.path == reverse("tickets:assigned"):
            data["assigned_agent"] = ME
        return data.urlencode()

    @property
    def sort_options(self) -> list[SortLink]:
        """The orders that the menu offers; the present one is among them, whichever it is."""
        labels = {BEST_MATCH: _("Best match"), **SORT_LABELS} if "q" in self.chosen.data else dict(SORT_LABELS)
        if self.chosen.sort not in labels:
            labels[self.chosen.sort] = OTHER_SORT_LABELS[self.chosen.sort]
        return [self._sort_link(key, label) for key, label in labels.items()]

    @cached_property
    def columns(self) -> dict[str, SortLink]:
        """The order that a click on each column's header leads to."""
        present = self.chosen.sort
        links = {}
        for column in COLUMNS:
            is_present = present.removeprefix("-") == column
            turned = column if present.startswith("-") else f"-{column}"
            key = turned if is_present else f"{FIRST_DIRECTION[column]}{column}"
            direction = ("descending" if present.startswith("-") else "ascending") if is_present else ""
            links[column] = SortLink(key, column, self.address_with(sort=key), is_present, direction)
        return links

    def _sort_link(self, key: str, label: str | Promise) -> SortLink:
        direction = "descending" if key.startswith("-") else "ascending"
        return SortLink(key, label, self.address_with(sort=key), key == self.chosen.sort, direction)
