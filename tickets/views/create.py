"""Opening a ticket."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from accounts.mixins import RoleRequiredMixin
from tickets import policies, services
from tickets.attachments import limits
from tickets.forms import CreateForm
from tickets.mixins import UNPROCESSABLE, PersonRequest, attempt
from tickets.models import Ticket
from tickets.views import opened
from tickets.views.similar import title_of
from tms_site.lib.forms import render_form


class CreateView(RoleRequiredMixin):
    """The form for a new ticket."""

    required = policies.can_create
    takes_files = True
    template_name: ClassVar[str] = "tickets/ticket_form.html"

    def get(self, request: PersonRequest) -> HttpResponse:
        """Show the empty form; or the one that has become a ticket, with what was sent."""
        form = CreateForm(actor=request.user, initial={"title": title_of(request)})
        ticket = opened.become(request, form)
        if ticket is not None:
            return self.show(request, form, opened=ticket)
        form.resume_draft()
        return self.show(request, form, latest=opened.latest(request))

    def post(self, request: PersonRequest) -> HttpResponse:
        """Open the ticket and lead to it; the same form sent again leads to the same ticket."""
        form = CreateForm(request.POST, request.FILES, actor=request.user)
        if refusal := limits.refusal(request):
            form.add_error("attachments", refusal)
            return self.show(request, form, status=limits.TOO_MANY)
        result = attempt(form, lambda: services.create_ticket(actor=request.user, **form.cleaned_data))
        if result is None:
            became = services.ticket_of_form(request.user, request.POST.get("client_token"))
            return self.show(request, form, status=UNPROCESSABLE, opened=became)
        if not result.created and not form.has_become(result.ticket):
            self.explain_reuse(form, result.ticket)
            seen = services.ticket_of_form(request.user, result.ticket.client_token)
            return self.show(request, form, status=UNPROCESSABLE, opened=seen)
        opened.remember(request, result.ticket)
        messages.success(request, self.welcome(request, result.ticket))
        return redirect(result.ticket)

    def show(
        self, request: PersonRequest, form: CreateForm, status: int = 200, **further: Ticket | None
    ) -> HttpResponse:
        """Render the form."""
        return render_form(request, self.template_name, {"form": form, **further}, status=status)

    def explain_reuse(self, form: CreateForm, ticket: Ticket) -> None:
        """Say that this form has become a ticket already, and let its new text become another one."""
        form.add_error(
            None,
            gettext(
                "You have sent this form before, with another text: it is ticket #%(number)s. "
                "Send it once more if you want a second ticket."
            )
            % {"number": ticket.pk},
        )
        form.renew_token()

    def welcome(self, request: PersonRequest, ticket: Ticket) -> str:
        """Return what the ticket's page says first: the number and what happens next."""
        if ticket.requester_id != request.user.pk:
            words = gettext("Ticket #%(number)s is open. %(requester)s sees it too.")
        elif policies.can_list_assigned(request.user):
            words = gettext("Ticket #%(number)s is open.")
        else:
            words = gettext(
                "Thank you. Your ticket is #%(number)s. The helpdesk has it now; "
                "answers and every step appear on this page."
            )
        return words % {"number": ticket.pk, "requester": ticket.requester}
