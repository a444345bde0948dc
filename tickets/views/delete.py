"""Deleting a ticket: the question, and the deed."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from tickets import policies, services
from tickets.mixins import PersonRequest, TicketPageMixin
from tms_site.lib.once import once
from tms_site.lib.permissions import require
from tms_site.lib.undo import success_with_undo


class DeleteView(TicketPageMixin):
    """Asks before a ticket is deleted with its comments."""

    def get(self, request: PersonRequest, ticket_id: int) -> HttpResponse:
        """Ask."""
        ticket = self.get_ticket()
        require(policies.can_delete(request.user, ticket))
        return render(request, "tickets/ticket_delete.html", {"ticket": ticket})

    @once("tickets:list")
    def post(self, request: PersonRequest, ticket_id: int) -> HttpResponse:
        """Move it to the trash, and lead to the list, which offers to undo that."""
        services.delete_ticket(actor=request.user, ticket_id=ticket_id)
        text = gettext("Ticket #%(number)s is deleted.") % {"number": ticket_id}
        success_with_undo(request, text, reverse("tickets:restore", args=[ticket_id]))
        return redirect("tickets:list")
