"""The views of tickets that the left rail offers: each is an address with filters, and so can be shared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from tickets import policies
from tickets.enums import UNRESOLVED, Priority, Status
from tickets.filters import TicketFilter
from tickets.models import SavedView, Ticket
from tickets.people import ME
from tickets.sorting.offered import Offered
from tms_site.lib.counts import CappedCount, capped_counts
from tms_site.lib.paths import path_of
from tms_site.lib.rail import RailLink

# Parameters that change how a list is shown, but not what is in it.
PRESENTATION = frozenset({"sort", "page"})
# The parameter of an address that names a view.
VIEW = "view"
SLUG_MAX = 60


@dataclass(frozen=True)
class RailView:
    """One view: its name, its icon and its filters by parameter of the address."""

    slug: str
    label: str | Promise
    icon: str
    filters: tuple[tuple[str, str], ...] = ()
    assigned_to_me: bool = False
    # What its list says while it's empty: filters that nobody chose needn't be removed.
    nothing: str | Promise = ""

    @property
    def path(self) -> str:
        """The page that shows the view."""
        return path_of("tickets:assigned" if self.assigned_to_me else "tickets:list")

    @property
    def url(self) -> str:
        """The address of the view."""
        return f"{self.path}?{urlencode(self.filters)}" if self.filters else self.path

    def shows(self, path: str, parameters: QueryDict) -> bool:
        """Tell whether an address shows this view, however it's sorted."""
        given = {(name, value) for name in parameters for value in parameters.getlist(name) if value}
        meant = {pair for pair in given if pair[0] not in PRESENTATION}
        if self.assigned_to_me and not meant:
            return path == self.path
        return path == self.path and meant == set(self.filters)

    @property
    def parameters(self) -> QueryDict:
        """The view's filters as parameters of the list of all tickets."""
        mine = (("assigned_agent", ME),) if self.assigned_to_me else ()
        return QueryDict(urlencode([*self.filters, *mine]))

    def chosen(self, actor: User) -> TicketFilter:
        """Return the view's filters over the tickets that `actor` may see."""
        return TicketFilter(self.parameters, Ticket.objects.visible_to(actor), actor=actor)


def _filters(name: str, *values: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, str(value)) for value in values)


_NOT_RESOLVED = _filters("status", *UNRESOLVED)

OF_REQUESTERS = (
    RailView("all", _("My tickets"), "inbox"),
    RailView("open", _("Open"), "status-open", _NOT_RESOLVED),
    RailView("resolved", _("Resolved"), "status-resolved", _filters("status", Status.RESOLVED)),
)
# Where the desk begins.
ASSIGNED = RailView(
    "assigned",
    _("Assigned to me"),
    "user",
    _NOT_RESOLVED,
    assigned_to_me=True,
    nothing=_("No unresolved ticket is assigned to you. Take one from the unassigned."),
)
OF_THE_DESK = (
    ASSIGNED,
    RailView("unassigned", _("Unassigned"), "user-plus", (*_NOT_RESOLVED, ("assigned_agent", "none"))),
    RailView(
        "watching",
        _("Watching"),
        "eye",
        (*_NOT_RESOLVED, ("watching", ME)),
        nothing=_("Unresolved tickets that you watch stand here. “Watch this ticket” is on each ticket's page."),
    ),
    RailView("all", _("All tickets"), "inbox"),
    RailView("open", _("Open"), "status-open", _filters("status", Status.OPEN)),
    RailView("waiting", _("Waiting"), "status-waiting", _filters("status", Status.WAITING)),
    RailView(
        "urgent",
        _("High and urgent"),
        "fire",
        (*_NOT_RESOLVED, *_filters("priority", Priority.HIGH, Priority.URGENT)),
    ),
    RailView("resolved", _("Resolved"), "status-resolved", _filters("status", Status.RESOLVED)),
    RailView(
        "resolved-this-week",
        _("Resolved this week"),
        "check",
        (*_filters("status", Status.RESOLVED), ("resolved_after", "7d")),
    ),
)


# More stored views than these have no count in the rail: each is a query.
COUNTED_MAX = 20


@dataclass(frozen=True)
class ShownView:
    """The view that an address names by `view=…`: its parameters hold unless the address gives others."""

    slug: str
    label: str | Promise
    parameters: QueryDict
    saved: SavedView | None = None

    def refined_by(self, given: QueryDict) -> QueryDict:
        """Return the view's parameters; one that the address gives, even empty, replaces the view's."""
        data = self.parameters.copy()
        for name in given:
            data.setlist(name, given.getlist(name))
        return data

    def refinement(self, data: QueryDict) -> QueryDict | None:
        """Return the shortest parameters that lead to `data` by this view; None when it hides what they show."""
        if not all(data.getlist(name) for name in self.parameters):
            return None
        short = QueryDict(mutable=True)
        short[VIEW] = self.slug
        for name in data:
            if set(data.getlist(name)) != set(self.parameters.getlist(name)):
                short.setlist(name, data.getlist(name))
        return short


def find_view(user: User, slug: str) -> ShownView | None:
    """Return the view of that name in addresses, if `user` has one or it's shared with them."""
    built_in = next((view for view in views_of(user) if view.slug == slug), None)
    if built_in is not None:
        return ShownView(slug, built_in.label, built_in.parameters)
    saved = SavedView.objects.visible_to(user).filter(slug=slug[:SLUG_MAX]).first() if slug else None
    return ShownView(saved.slug, saved.name, QueryDict(saved.parameters), saved) if saved else None


def view_of_address(user: User, given: QueryDict) -> tuple[ShownView | None, QueryDict]:
    """Return the view that an address names, if any, and all its parameters with those of the view."""
    view = find_view(user, given.get(VIEW, ""))
    if view is None:
        return None, given
    data = given.copy()
    del data[VIEW]
    return view, view.refined_by(data)


def stored_views(user: User) -> list[SavedView]:
    """Return the views that stand in the rail below the built-in ones: shared, then personal."""
    return list(SavedView.objects.visible_to(user).in_order())


def default_view(user: User) -> SavedView | None:
    """Return the view that the user begins with, if they chose one."""
    return SavedView.objects.owned_by(user).filter(is_default=True).first()


def views_of(user: User) -> tuple[RailView, ...]:
    """Return the views that are useful to somebody."""
    return OF_THE_DESK if policies.can_list_assigned(user) else OF_REQUESTERS


def rail_views(user: User, request: HttpRequest) -> list[RailLink]:
    """Return the rail's links; the one whose view the request shows is active."""
    built_in = [
        RailLink(view.url, str(view.label), view.icon, view.shows(request.path, request.GET), view.slug)
        for view in views_of(user)
    ]
    alone = request.path == path_of("tickets:list") and not set(request.GET) - PRESENTATION - {VIEW}
    present = request.GET.get(VIEW) if alone else None
    stored = [
        RailLink(
            view.get_absolute_url(),
            view.name,
            "user-group" if view.is_shared else "bookmark",
            view.slug == present,
            view.slug,
        )
        for view in stored_views(user)
    ]
    return [*built_in, *stored]


def view_counts(user: User) -> list[tuple[str, CappedCount]]:
    """Return how many tickets each view has, by its slug: capped counts, all of them by one statement."""
    views = filters_of_views(user)
    counts = capped_counts([chosen.to_count for _slug, chosen in views])
    return [(slug, count) for (slug, _chosen), count in zip(views, counts, strict=True)]


def filters_of_views(user: User) -> list[tuple[str, TicketFilter]]:
    """Return the filters of each view, by its slug."""
    visible = Ticket.objects.visible_to(user)
    # Read once for all of them, if any asks for a team or category.
    offered: Any = SimpleLazyObject(lambda: Offered.to(user))
    built_in = [(view.slug, view.chosen(user)) for view in views_of(user)]
    stored = [
        (view.slug, TicketFilter(QueryDict(view.parameters), visible, actor=user, offered=offered))
        for view in stored_views(user)[:COUNTED_MAX]
    ]
    return [*built_in, *stored]
