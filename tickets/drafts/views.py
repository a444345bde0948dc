"""Keeping what somebody types, and giving it up: by a script while they type, or by the buttons."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import TypeVar

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.generic import View

from accounts.mixins import RoleRequiredMixin
from tickets import policies
from tickets.drafts import services
from tickets.drafts.forms import DraftForm
from tickets.drafts.models import Draft
from tickets.forms import CommentForm, CreateForm
from tickets.mixins import UNPROCESSABLE, PersonRequest, TicketMixin, attempt
from tickets.views.create import CreateView
from tickets.views.detail import page_context
from tms_site.lib.permissions import require

Shown = TypeVar("Shown", CommentForm, CreateForm)
ONLY_POST = ["post", "options"]


class _Save(View):
    """Saving a draft; the script that does so while somebody types wants no page."""

    http_method_names = ONLY_POST
    request: PersonRequest

    def save(self, request: PersonRequest, ticket_id: int | None, shown: Callable[[], Shown]) -> HttpResponse | Shown:
        """Save what was sent and say so.

        Where it's refused and somebody waits for a page, return the form that says why: `shown` makes it.
        """
        form = DraftForm(request.POST)
        done = attempt(form, lambda: (services.save_draft(actor=request.user, ticket_id=ticket_id, **form.written()),))
        if not request.accepts("text/html"):
            return HttpResponse(status=_status(done))
        if done is not None:
            words = gettext("Your draft is saved.") if done[0] else gettext("There is nothing to keep.")
            messages.success(request, words)
            return redirect("tickets:create") if ticket_id is None else redirect("tickets:detail", ticket_id)
        # The form that's sent finds the same mistakes in its fields.
        again = shown()
        for refusal in form.non_field_errors():
            again.add_error(None, refusal)
        return again


def _status(done: tuple[Draft | None] | None) -> int:
    if done is None:
        return UNPROCESSABLE
    # The script shall not call saved what isn't kept, because it's empty or has been sent already.
    return HTTPStatus.NO_CONTENT if done[0] else HTTPStatus.RESET_CONTENT


class DraftView(_Save, TicketMixin):
    """What somebody writes on a ticket."""

    def post(self, request: PersonRequest, ticket_id: int) -> HttpResponse:
        """Keep it, or show the form again with what is wrong."""

        def shown() -> CommentForm:
            return CommentForm(request.POST, ticket=self.get_ticket(), actor=request.user)

        answer = self.save(request, ticket_id, shown)
        if isinstance(answer, HttpResponse):
            return answer
        context = page_context(request, answer.ticket, comment_form=answer)
        return render(request, "tickets/ticket_detail.html", context, status=UNPROCESSABLE)


class DraftDiscardView(TicketMixin):
    """Giving up what one wrote on a ticket."""

    http_method_names = ONLY_POST

    def post(self, request: PersonRequest, ticket_id: int) -> HttpResponse:
        """Forget it; htmx gets the empty form."""
        require(policies.can_comment(request.user, self.get_ticket()))
        services.discard_draft(actor=request.user, ticket_id=ticket_id)
        if not request.htmx:
            messages.success(request, gettext("Your draft is gone."))
            return redirect("tickets:detail", ticket_id)
        return render(request, "tickets/_composer.html", page_context(request, self.get_ticket()))


class NewDraftView(_Save, CreateView):
    """What somebody writes into the form for a new ticket."""

    def post(self, request: PersonRequest) -> HttpResponse:
        """Keep it, or show the form again with what is wrong."""
        answer = self.save(request, None, lambda: CreateForm(request.POST, actor=request.user))
        return answer if isinstance(answer, HttpResponse) else self.show(request, answer, status=UNPROCESSABLE)


class NewDraftDiscardView(RoleRequiredMixin):
    """Giving up what one wrote into the form for a new ticket."""

    required = policies.can_create
    http_method_names = ONLY_POST

    def post(self, request: PersonRequest) -> HttpResponse:
        """Forget it."""
        services.discard_draft(actor=request.user, ticket_id=None)
        messages.success(request, gettext("Your draft is gone."))
        return redirect("tickets:create")
