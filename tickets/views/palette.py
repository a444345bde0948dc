"""The palette: what one can jump to while one types. Actions and views are on the page already; this finds the rest."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.generic import View

from accounts.models import User
from tickets import policies
from tickets.filters import SEARCH_MAX, TicketFilter
from tickets.mixins import PersonRequest
from tickets.models import Ticket
from tickets.views.people import people_found
from tms_site.lib.text import printable_line
from tms_site.lib.time_limit import TooSlow, time_limit

TICKETS = 6
PEOPLE = 4


class PaletteView(View):
    """The palette's dialog, and for what is typed into it (`q`) the tickets and people that it finds."""

    def get(self, request: PersonRequest) -> HttpResponse:
        """Answer with a fragment; tickets are left out where finding them takes too long, as nobody waits for them."""
        if "q" not in request.GET:
            return render(request, "tickets/_palette.html")
        typed = printable_line(request.GET["q"])[:SEARCH_MAX]
        try:
            with time_limit(settings.LIST_TIME_LIMIT):
                tickets = self.tickets(request.user, typed)
        except TooSlow:
            tickets = []
        context = {
            "typed": typed,
            "tickets": tickets,
            "people": self.people(request.user, typed),
            "search_url": f"{reverse('tickets:list')}?{urlencode({'q': typed})}",
        }
        return render(request, "tickets/_palette_found.html", context)

    def tickets(self, visitor: User, typed: str) -> list[Ticket]:
        """Return the best tickets, as the search box would find them."""
        chosen = TicketFilter(QueryDict(urlencode({"q": typed})), Ticket.objects.visible_to(visitor), actor=visitor)
        if "q" in chosen.data:
            return chosen.ranked_page("", TICKETS)[0].items
        return list(chosen.in_order.for_list()[:TICKETS]) if chosen.is_active else []

    def people(self, visitor: User, typed: str) -> list[dict[str, str]]:
        """Return people by the beginning of name or address, each with their tickets; nobody for requesters."""
        if not policies.can_list_assigned(visitor):
            return []
        return [
            {
                "name": person.username,
                "email": person.email,
                "url": f"{reverse('tickets:list')}?{_role_in_tickets(person)}={person.pk}",
            }
            for person in people_found(visitor, typed, PEOPLE)
        ]


def _role_in_tickets(person: User) -> str:
    return "assigned_agent" if policies.can_list_assigned(person) else "requester"
