"""Lists of tickets. One view answers the whole page or, for htmx, only the results."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from accounts.mixins import RoleRequiredMixin
from tickets import navigation, policies, services
from tickets.bulk import selection
from tickets.bulk.forms import kinds_for
from tickets.filters import TicketFilter
from tickets.mixins import PersonRequest
from tickets.models import Ticket
from tickets.navigation import ShownView
from tickets.querysets import TicketQuerySet
from tickets.views.listing import Listing
from tms_site.lib.listing import PAGE, answer_list


class TicketListView(View):
    """Every ticket that the visitor may see."""

    heading: ClassVar[str | Promise] = _("Tickets")
    url_name: ClassVar[str] = "tickets:list"
    # Whether `tickets` are one agent's.
    of_agent: ClassVar[bool] = False
    # Whether `view=…` in the address means anything here.
    has_views: ClassVar[bool] = True
    # What an empty list without filters says: why it's empty.
    nothing_yet: ClassVar[str | Promise] = _("Everything that the helpdesk is asked stands here.")

    def tickets(self, request: PersonRequest) -> TicketQuerySet:
        """Return the tickets that the list is about, before any filter."""
        return Ticket.objects.visible_to(request.user)

    def get(self, request: PersonRequest) -> HttpResponse:
        """Show one page of the list."""
        tickets = self.tickets(request)
        view, data = navigation.view_of_address(request.user, request.GET) if self.has_views else (None, request.GET)
        chosen = TicketFilter(data, tickets, actor=request.user, of_agent=self.of_agent)
        listing = Listing(
            chosen,
            path=reverse(self.url_name),
            cursor=request.GET.get(PAGE, ""),
            size=settings.TICKETS_PAGE_SIZE,
            view=view,
        )
        services.note_listed(actor=request.user)
        context: dict[str, Any] = {"filter": chosen, "nothing_yet": self.nothing_yet}
        context |= self.heading_of(request, view)
        if policies.can_list_assigned(request.user):
            context["agent_choices"] = chosen.agent_choices()
        if policies.can_act_in_bulk(request.user):
            context["bulk_kinds"] = kinds_for(request.user)
            context["selection"] = selection.take(request, {ticket.pk for ticket in listing.page.items})
        return answer_list(request, listing, context, page="tickets/ticket_list.html", results="tickets/_results.html")

    def heading_of(self, request: PersonRequest, view: ShownView | None) -> dict[str, Any]:
        """Return the name of the list, and what it says while empty: the rail's view's, if it's one of those."""
        if view is not None:
            return {"heading": view.label}
        built_in = navigation.views_of(request.user)
        shown = next((view for view in built_in if view.shows(request.path, request.GET)), None)
        return {"heading": shown.label, "nothing_here": shown.nothing} if shown else {"heading": self.heading}


class AssignedListView(RoleRequiredMixin, TicketListView):
    """The tickets that the visitor works on."""

    required = policies.can_list_assigned
    heading = _("Assigned to me")
    url_name = "tickets:assigned"
    of_agent = True
    has_views = False

    def tickets(self, request: PersonRequest) -> TicketQuerySet:
        """Return the visitor's tickets."""
        return super().tickets(request).assigned_to(request.user)


class CountsView(View):
    """How many tickets each view of the rail has: a fragment that pages load after themselves."""

    def get(self, request: PersonRequest) -> HttpResponse:
        """Show the counts."""
        return render(request, "tickets/_counts.html", {"counts": navigation.view_counts(request.user)})
