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
    """The form for a new ticket.

    Who goes back to it after it was sent finds what they have opened with it: by its name in the address (`form`),
    which the script puts there, or by what the session remembers.
    """

    required = policies.can_create
    takes_files = True
    template_name: ClassVar[str] = "tickets/ticket_form.html"

    def get(self, request: PersonRequest) -> HttpResponse:
        """Show the empty form; or the one that has become a ticket, with what was sent."""
        form = CreateForm(actor=request.user, initial={"title": title_of(request)})
        ticket = services.ticket_of_form(request.user, request.GET.get("form"))
        if ticket is None:
            form.resume_draft()
            return self.show(request, form, latest=opened.newest(request))
        form.show_sent(ticket, services.first_values(ticket))
        return self.show(request, form, opened=ticket)

    def post(self, request: PersonRequest) -> HttpResponse:
        """Open the ticket and lead to it; the same form sent again leads to the same ticket."""
        form = CreateForm(request.POST, request.FILES, actor=request.user)
        if refusal := limits.refusal(request):
            form.add_error("attachments", refusal)
            return self.show(request, form, status=limits.TOO_MANY)
        if form.is_valid() and (twin := opened.twin(request, form)):
            return self.settle_twin(request, form, twin)
        result = attempt(form, lambda: services.create_ticket(actor=request.user, **form.cleaned_data))
        if result is None:
            return self.show(request, form, status=UNPROCESSABLE)
        if not result.created and not opened.is_of(form, result.ticket):
            words = gettext(
                "You have sent this form before, with another text: it is ticket #%(number)s. "
                "Send it once more if you want a second ticket."
            )
            return self.ask(request, form, result.ticket, words)
        if form.is_from_page:
            opened.remember(request, result.ticket)
        messages.success(request, self.welcome(request, result.ticket))
        return redirect(result.ticket)

    def settle_twin(self, request: PersonRequest, form: CreateForm, ticket: Ticket) -> HttpResponse:
        """Lead to the ticket that was opened with the same words before; where only some are the same, ask."""
        if opened.is_of(form, ticket):
            words = gettext("You have sent this before: it is ticket #%(number)s. Nothing was sent a second time.")
            messages.info(request, words % {"number": ticket.pk})
            return redirect(ticket)
        words = gettext(
            "You have opened ticket #%(number)s with much the same words. "
            "Send it once more if you want a second ticket."
        )
        return self.ask(request, form, ticket, words)

    def ask(self, request: PersonRequest, form: CreateForm, ticket: Ticket, words: str) -> HttpResponse:
        """Show the form again with what was typed, and let it become a second ticket when it's sent once more."""
        form.add_error(None, words % {"number": ticket.pk})
        form.ask_again(ticket)
        return self.show(request, form, status=UNPROCESSABLE, opened=ticket)

    def show(
        self, request: PersonRequest, form: CreateForm, status: int = 200, **further: Ticket | None
    ) -> HttpResponse:
        """Render the form."""
        form.offer_choices(request.user)
        return render_form(request, self.template_name, {"form": form, **further}, status=status)

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
