"""Resolving a ticket again after a "thanks"."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from tickets import policies, services
from tickets.mixins import PersonRequest, TicketMixin
from tickets.workflow import WorkflowError
from tms_site.lib.permissions import require


class ResolveAgainView(TicketMixin):
    """The button on a ticket that its requester's comment reopened."""

    http_method_names = ["post", "options"]  # noqa: RUF012 - Django reads it from the class

    def post(self, request: PersonRequest, ticket_id: int) -> HttpResponse:
        """Resolve it, and lead back to it."""
        ticket = self.get_ticket()
        require(policies.can_change_status(request.user, ticket))
        try:
            services.resolve_again(actor=request.user, ticket_id=ticket_id)
        except WorkflowError as error:
            messages.warning(request, str(error))
        else:
            messages.success(request, gettext("Resolved again, as before. Nobody is told."))
        return redirect(ticket)
