"""Changing title, description, category and priority."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect

from tickets import policies, services
from tickets.forms import EditForm
from tickets.mixins import UNPROCESSABLE, PersonRequest, TicketPageMixin, attempt
from tickets.models import Ticket
from tickets.services import UpdateResult
from tickets.views.conflict import choices_made, show_conflict
from tickets.views.notices import saved
from tms_site.lib.edits import EditConflict
from tms_site.lib.forms import render_form
from tms_site.lib.permissions import require


class EditView(TicketPageMixin):
    """The form for a ticket's text, category and priority."""

    def get(self, request: PersonRequest, ticket_id: int) -> HttpResponse:
        """Show the form with the present values."""
        ticket = self.get_ticket()
        require(policies.can_edit(request.user, ticket))
        form = self.form_of(ticket)
        return self.show(request, ticket, form)

    def post(self, request: PersonRequest, ticket_id: int) -> HttpResponse:
        """Save, and lead back to the ticket."""
        ticket = self.get_ticket()
        require(policies.can_edit(request.user, ticket))
        form = self.form_of(ticket, choices_made(request.POST, self.form_of(ticket).initial))
        try:
            result = attempt(form, lambda: self.save(request, form))
        except EditConflict as conflict:
            return show_conflict(request, conflict, form, back=ticket.get_absolute_url())
        if result is None:
            return self.show(request, ticket, form, status=UNPROCESSABLE)
        messages.success(request, saved(result, form.cleaned_data["version"]))
        return redirect(result.ticket)

    def form_of(self, ticket: Ticket, data: QueryDict | None = None) -> EditForm:
        """Return the form, filled in with `data` or with what the ticket has."""
        return EditForm(data, ticket=ticket, actor=self.request.user)

    def save(self, request: PersonRequest, form: EditForm) -> UpdateResult:
        """Call the service with what the form says."""
        return services.update_ticket(
            actor=request.user,
            ticket_id=self.kwargs["ticket_id"],
            version=form.cleaned_data["version"],
            changes=form.changes(),
        )

    def show(self, request: PersonRequest, ticket: Ticket, form: EditForm, status: int = 200) -> HttpResponse:
        """Render the form."""
        return render_form(request, "tickets/ticket_edit.html", {"ticket": ticket, "form": form}, status=status)
