"""Taking a ticket, and giving it away, with one click."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from django.contrib import messages
from django.http import HttpResponse

from tickets import policies, services
from tickets.forms import QuickForm
from tickets.mixins import PersonRequest, TicketMixin, attempt
from tickets.services import UpdateResult
from tickets.views.conflict import show_conflict
from tickets.views.detail import answer_change, refuse_properties
from tickets.views.notices import assigned
from tms_site.lib.edits import EditConflict
from tms_site.lib.forms import with_values
from tms_site.lib.permissions import require


class AssignmentView(TicketMixin):
    """A button that changes who works on a ticket."""

    service: ClassVar[Callable[..., UpdateResult]]
    http_method_names = ["post", "options"]  # noqa: RUF012 - Django reads it from the class

    def agent_after(self, request: PersonRequest) -> str:
        """Return the value of the quick form's field that means the same."""
        raise NotImplementedError

    def post(self, request: PersonRequest, ticket_id: int) -> HttpResponse:
        """Change it, unless a colleague did so since the page was loaded."""
        ticket = self.get_ticket()
        require(policies.can_assign(request.user, ticket))
        # The button means one property, whatever else was sent.
        sent = {name: request.POST[name] for name in ("version", "client_token") if name in request.POST}
        form = QuickForm(with_values(sent, assigned_agent=self.agent_after(request)), ticket=ticket, actor=request.user)
        try:
            result = attempt(form, lambda: self.save(request, form))
        except EditConflict as conflict:
            page = ticket.get_absolute_url()
            return show_conflict(request, conflict, form, back=page, action=page)
        if result is None:
            return refuse_properties(request, ticket, form)
        messages.success(request, assigned(result.ticket))
        return answer_change(request, self.get_ticket())

    def save(self, request: PersonRequest, form: QuickForm) -> UpdateResult:
        """Call the service with the version that the page was made from."""
        ticket_id, version = self.kwargs["ticket_id"], form.cleaned_data["version"]
        return type(self).service(actor=request.user, ticket_id=ticket_id, version=version)


class AssignMeView(AssignmentView):
    """Assign the ticket to the visitor."""

    service = services.assign_to_me

    def agent_after(self, request: PersonRequest) -> str:
        """Return the visitor's id."""
        return str(request.user.pk)


class UnassignView(AssignmentView):
    """Take the ticket from whoever works on it."""

    service = services.unassign

    def agent_after(self, request: PersonRequest) -> str:
        """Return nobody."""
        return ""
