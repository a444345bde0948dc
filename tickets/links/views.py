"""The pages of links and of follow-ups."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from tickets import policies
from tickets.links import services
from tickets.links.forms import FollowUpForm, LinkForm
from tickets.links.models import TicketLink
from tickets.mixins import UNPROCESSABLE, PersonRequest, TicketMixin, attempt
from tickets.models import Ticket
from tickets.services import ticket_of_form, was_opened_with
from tickets.views import opened
from tms_site.lib.forms import render_form
from tms_site.lib.once import once
from tms_site.lib.permissions import require


class LinkAddView(TicketMixin):
    """The form for a link; the ticket's page has a short one that is sent here too."""

    def get(self, request: PersonRequest, ticket_id: int) -> HttpResponse:
        """Show the form."""
        ticket = self.get_ticket()
        require(policies.can_link(request.user, ticket))
        return self.show(request, ticket, LinkForm())

    def post(self, request: PersonRequest, ticket_id: int) -> HttpResponse:
        """Link the tickets, and lead back to the first."""
        ticket = self.get_ticket()
        require(policies.can_link(request.user, ticket))
        form = LinkForm(request.POST)
        result = attempt(
            form,
            lambda: services.add_link(
                actor=request.user,
                ticket_id=ticket_id,
                relation=form.chosen(),
                other_id=form.cleaned_data["number"],
            ),
        )
        if result is None:
            return self.show(request, ticket, form, status=UNPROCESSABLE)
        text = gettext("Linked: %(link)s.") if result.created else gettext("They were linked already: %(link)s.")
        messages.success(request, text % {"link": result.link})
        return redirect(ticket)

    def show(self, request: PersonRequest, ticket: Ticket, form: LinkForm, status: int = 200) -> HttpResponse:
        """Render the form."""
        return render_form(request, "tickets/links/add.html", {"ticket": ticket, "form": form}, status=status)


class LinkRemoveView(TicketMixin):
    """The button that takes a link away."""

    http_method_names = ["post", "options"]  # noqa: RUF012 - Django reads it from the class

    @once("tickets:detail", "ticket_id")
    def post(self, request: PersonRequest, ticket_id: int, link_id: int) -> HttpResponse:
        """Take it away, and lead back to the ticket."""
        ticket = self.get_ticket()
        require(policies.can_link(request.user, ticket))
        try:
            services.remove_link(actor=request.user, ticket_id=ticket_id, link_id=link_id)
        except TicketLink.DoesNotExist as error:
            raise Http404 from error
        messages.success(request, gettext("The link is removed."))
        return redirect(ticket)


class FollowUpView(TicketMixin):
    """The form for a ticket that follows an old one."""

    def get(self, request: PersonRequest, ticket_id: int) -> HttpResponse:
        """Show the form, with the old title."""
        ticket = self.get_ticket()
        require(policies.can_open_follow_up(request.user, ticket))
        form = FollowUpForm(ticket=ticket)
        became = opened.become(request, form)
        return self.show(request, ticket, form, opened=became, latest=None if became else opened.latest(request))

    def post(self, request: PersonRequest, ticket_id: int) -> HttpResponse:
        """Open the ticket and lead to it; the same form sent again leads to the same ticket."""
        ticket = self.get_ticket()
        require(policies.can_open_follow_up(request.user, ticket))
        form = FollowUpForm(request.POST, ticket=ticket)
        result = attempt(
            form,
            lambda: services.open_follow_up(actor=request.user, ticket_id=ticket_id, **self.values(form)),
        )
        if result is None:
            return self.show(request, ticket, form, status=UNPROCESSABLE)
        if not result.created and not was_opened_with(result.ticket, **form.text()):
            form.add_error(None, gettext("You have opened another ticket with this form before. Send it once more."))
            form.renew_token()
            became = ticket_of_form(request.user, result.ticket.client_token)
            return self.show(request, ticket, form, status=UNPROCESSABLE, opened=became)
        opened.remember(request, result.ticket)
        text = gettext("Ticket #%(number)d is open; it follows #%(old)d.")
        messages.success(request, text % {"number": result.ticket.pk, "old": ticket_id})
        return redirect(result.ticket)

    @staticmethod
    def values(form: FollowUpForm) -> dict[str, Any]:
        """Return the arguments for `open_follow_up`."""
        return {name: form.cleaned_data[name] for name in ("title", "description", "client_token")}

    def show(
        self, request: PersonRequest, ticket: Ticket, form: FollowUpForm, status: int = 200, **further: Ticket | None
    ) -> HttpResponse:
        """Render the form."""
        context = {"ticket": ticket, "form": form, **further}
        return render_form(request, "tickets/links/follow_up.html", context, status=status)
