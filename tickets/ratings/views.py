"""The page of a rating; the card on a ticket's page sends its form here too."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from tickets import policies
from tickets.mixins import UNPROCESSABLE, PersonRequest, TicketMixin, attempt
from tickets.models import Ticket
from tickets.ratings import services
from tickets.ratings.forms import RatingForm
from tickets.ratings.reading import rating_of
from tms_site.lib.forms import render_form
from tms_site.lib.permissions import require

# Where the card stands on the ticket's page: below a conversation that may be long.
CARD = "rating"


class RateView(TicketMixin):
    """How well a ticket was resolved, in its requester's view."""

    def get(self, request: PersonRequest, ticket_id: int) -> HttpResponse:
        """Show the form, with what was said before."""
        ticket = self.get_ticket()
        rating = rating_of(ticket)
        require(policies.can_rate(request.user, ticket, rating))
        initial = {"value": rating.value, "text": rating.text} if rating else {}
        return self.show(request, ticket, RatingForm(initial=initial))

    def post(self, request: PersonRequest, ticket_id: int) -> HttpResponse:
        """Keep the rating, and lead back to the ticket."""
        ticket = self.get_ticket()
        require(policies.can_rate(request.user, ticket, rating_of(ticket)))
        form = RatingForm(request.POST)
        result = attempt(form, lambda: services.rate_ticket(actor=request.user, ticket_id=ticket_id, **form.said()))
        if result is None:
            return self.show(request, ticket, form, status=UNPROCESSABLE)
        messages.success(request, gettext("Thank you. The helpdesk sees your rating."))
        return redirect(f"{ticket.get_absolute_url()}#{CARD}")

    def show(self, request: PersonRequest, ticket: Ticket, form: RatingForm, status: int = 200) -> HttpResponse:
        """Render the form."""
        return render_form(request, "tickets/ratings/rate.html", {"ticket": ticket, "form": form}, status=status)
