"""The page on which a ticket is handed over."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from tickets import policies
from tickets.handing.forms import HandOverForm
from tickets.handing.services import Handover, hand_over
from tickets.mixins import UNPROCESSABLE, PersonRequest, TicketMixin, attempt
from tickets.models import Ticket
from tickets.views.conflict import choices_made, show_conflict
from tickets.views.notices import assigned
from tms_site.lib.edits import EditConflict
from tms_site.lib.forms import render_form
from tms_site.lib.permissions import require


class HandOverView(TicketMixin):
    """Asks who takes the ticket, and what they should know."""

    def get(self, request: PersonRequest, ticket_id: int) -> HttpResponse:
        """Show the form."""
        ticket = self.get_ticket()
        require(policies.can_assign(request.user, ticket))
        return self.show(request, ticket, HandOverForm(ticket=ticket))

    def post(self, request: PersonRequest, ticket_id: int) -> HttpResponse:
        """Hand it over, and lead back to the ticket."""
        ticket = self.get_ticket()
        require(policies.can_assign(request.user, ticket))
        stored = {"team": ticket.team_id or "", "assigned_agent": ticket.assigned_agent_id or ""}
        form = HandOverForm(choices_made(request.POST, stored), ticket=ticket)
        try:
            done = attempt(form, lambda: self.save(request, form))
        except EditConflict as conflict:
            return show_conflict(request, conflict, form, back=ticket.get_absolute_url())
        if done is None:
            return self.show(request, ticket, form, status=UNPROCESSABLE)
        messages.success(request, assigned(done.result.ticket))
        return redirect(ticket)

    def save(self, request: PersonRequest, form: HandOverForm) -> Handover:
        """Call the service with what the form says."""
        return hand_over(actor=request.user, ticket_id=self.kwargs["ticket_id"], **form.arguments())

    def show(self, request: PersonRequest, ticket: Ticket, form: HandOverForm, status: int = 200) -> HttpResponse:
        """Render the form."""
        return render_form(request, "tickets/hand_over.html", {"ticket": ticket, "form": form}, status=status)
