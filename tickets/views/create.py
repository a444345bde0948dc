"""Opening a ticket."""

from __future__ import annotations

from typing import ClassVar, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext

from accounts.mixins import RoleRequiredMixin
from tickets import policies, services
from tickets.attachments import limits
from tickets.forms import CreateForm
from tickets.mixins import UNPROCESSABLE, PersonRequest, attempt
from tickets.models import Ticket
from tickets.views.similar import title_of
from tms_site.lib.forms import render_form

# What was opened last with the form, and when, as the session holds it.
SESSION_KEY: Final = "last_opened"
# So long somebody may still go back to the form.
SECONDS: Final = 3600


class CreateView(RoleRequiredMixin):
    """The form for a new ticket.

    Who goes back to it after it was sent asks for it anew. The script puts the form's name into the address (`form`):
    by that alone the form tells which ticket it has become. Without a script it only says what was opened last: a form
    under another name is another ticket, whatever it says.
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
            return self.show(request, form, latest=_latest(request))
        form.show_sent(ticket, services.first_values(ticket))
        return self.show(request, form, opened=ticket)

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
        request.session[SESSION_KEY] = [result.ticket.pk, int(timezone.now().timestamp())]
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


def _latest(request: PersonRequest) -> Ticket | None:
    """Return the ticket that was opened last, if that was lately."""
    number, at = request.session.get(SESSION_KEY, (None, 0))
    if at < timezone.now().timestamp() - SECONDS:
        return None
    return Ticket.objects.visible_to(request.user).filter(pk=number).first()
