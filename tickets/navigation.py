"""The views of tickets that the left rail offers: each is an address with filters, and so can be shared."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from tickets import policies
from tickets.enums import UNRESOLVED, Priority, Status
from tickets.filters import ME, TicketFilter
from tickets.models import Ticket
from tms_site.lib.counts import CappedCount, capped_count

# Parameters that change how a list is shown, but not what is in it.
PRESENTATION = frozenset({"sort", "page"})


@dataclass(frozen=True)
class RailView:
    """One view: its name, its icon and its filters by parameter of the address."""

    slug: str
    label: str | Promise
    icon: str
    filters: tuple[tuple[str, str], ...] = ()
    assigned_to_me: bool = False

    @property
    def path(self) -> str:
        """The page that shows the view."""
        return reverse("tickets:assigned") if self.assigned_to_me else reverse("tickets:list")

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

    def chosen(self, actor: User) -> TicketFilter:
        """Return the view's filters over the tickets that `actor` may see."""
        parameters = [*self.filters, ("assigned_agent", ME)] if self.assigned_to_me else self.filters
        return TicketFilter(QueryDict(urlencode(parameters)), Ticket.objects.visible_to(actor), actor=actor)


def _filters(name: str, *values: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, str(value)) for value in values)


_NOT_RESOLVED = _filters("status", *UNRESOLVED)

OF_REQUESTERS = (
    RailView("all", _("My tickets"), "inbox"),
    RailView("open", _("Open"), "status-open", _NOT_RESOLVED),
    RailView("resolved", _("Resolved"), "status-resolved", _filters("status", Status.RESOLVED)),
)
OF_THE_DESK = (
    RailView("assigned", _("Assigned to me"), "user", _NOT_RESOLVED, assigned_to_me=True),
    RailView("unassigned", _("Unassigned"), "user-plus", (*_NOT_RESOLVED, ("assigned_agent", "none"))),
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


def views_of(user: User) -> tuple[RailView, ...]:
    """Return the views that are useful to somebody."""
    return OF_THE_DESK if policies.can_list_assigned(user) else OF_REQUESTERS


def rail_views(user: User, request: HttpRequest) -> list[dict[str, object]]:
    """Return the rail's links; the one whose view the request shows is active."""
    return [
        {
            "slug": view.slug,
            "label": view.label,
            "icon": view.icon,
            "url": view.url,
            "active": view.shows(request.path, request.GET),
        }
        for view in views_of(user)
    ]


def view_counts(user: User) -> list[tuple[str, CappedCount]]:
    """Return how many tickets each view has, by its slug; one capped count each."""
    return [(slug, capped_count(chosen.to_count)) for slug, chosen in filters_of_views(user)]


def filters_of_views(user: User) -> list[tuple[str, TicketFilter]]:
    """Return the filters of each view, by its slug."""
    return [(view.slug, view.chosen(user)) for view in views_of(user)]
