"""A ticket's page: the conversation, the properties, and the parts of it that htmx asks for."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers

from tickets import policies, services
from tickets.forms import CommentForm, QuickForm
from tickets.merging.chains import leads_of, leads_to
from tickets.mixins import UNPROCESSABLE, PersonRequest, TicketPageMixin, attempt
from tickets.models import Ticket
from tickets.policies import TicketPermissions
from tickets.services import UpdateResult
from tickets.views.conflict import show_conflict, without_theirs
from tickets.views.notices import saved
from tms_site.lib import unsent
from tms_site.lib.edits import EditConflict
from tms_site.lib.permissions import require

# The parameter by which one sees a merged ticket itself, instead of being led on.
ORIGINAL = "original"


def page_context(
    request: PersonRequest,
    ticket: Ticket,
    *,
    quick_form: QuickForm | None = None,
    comment_form: CommentForm | None = None,
) -> dict[str, Any]:
    """Return what the ticket's page and its fragments show; forms that were sent come with what was typed."""
    quick_form = quick_form or QuickForm(ticket=ticket, actor=request.user)
    quick_form.offer_choices(request.user)
    # Texts mention those whom the form offers: they needn't be read again.
    ticket.colleagues = quick_form.offered.agent_names if quick_form.offered else None
    if comment_form is None:
        comment_form = CommentForm(ticket=ticket, actor=request.user)
        comment_form.resume_draft()
    return {
        "ticket": ticket,
        "can": TicketPermissions(request.user, ticket),
        "quick_form": quick_form,
        "comment_form": comment_form,
    }


def answer_change(request: PersonRequest, ticket: Ticket) -> HttpResponse:
    """Answer a change of a ticket: htmx gets the changed parts of the page, a browser is led back to it."""
    if not request.htmx:
        return redirect(ticket)
    response = render(request, "tickets/_changed.html", page_context(request, ticket))
    response["HX-Trigger"] = "tms:changed"
    return response


def refuse_properties(request: PersonRequest, ticket: Ticket, form: QuickForm) -> HttpResponse:
    """Show the quick form again, with what was typed and what is wrong with it."""
    template = "tickets/_properties_refused.html" if request.htmx else "tickets/ticket_detail.html"
    context = page_context(request, ticket, quick_form=form)
    return render(request, template, context, status=UNPROCESSABLE)


class DetailView(TicketPageMixin):
    """A ticket; its quick form changes single properties."""

    def get(self, request: PersonRequest, ticket_id: int) -> HttpResponse:
        """Show the ticket."""
        ticket = self.get_ticket()
        if ORIGINAL not in request.GET and (target := self.goes_on(ticket)):
            return redirect(target)
        services.note_viewed(actor=request.user, ticket=ticket)
        quick_form = QuickForm(ticket=ticket, actor=request.user)
        if policies.can_edit(request.user, ticket):
            quick_form.is_put_back = unsent.put_back(request, quick_form, QuickForm.PLACE)
        context = page_context(request, ticket, quick_form=quick_form)
        if policies.can_comment(request.user, ticket) and not ticket.merged_into_id:
            unsent.put_back(request, context["comment_form"])
        response = render(request, "tickets/ticket_detail.html", context)
        patch_vary_headers(response, ["HX-Request"])
        return response

    def goes_on(self, ticket: Ticket) -> Ticket | None:
        """Return the ticket that this one has become a part of, if the visitor may see that one.

        One that leads around to itself, as services never let it, shows itself.
        """
        if ticket.merged_into_id is None or leads_to(ticket.pk, ticket.pk, leads_of([ticket.pk])):
            return None
        return Ticket.objects.visible_to(self.request.user).only("pk").filter(pk=ticket.merged_into_id).first()

    def post(self, request: PersonRequest, ticket_id: int) -> HttpResponse:
        """Change the properties that were sent."""
        ticket = self.get_ticket()
        data = without_theirs(request.POST)
        for name in QuickForm.PROPERTIES:
            if name in data:
                require(policies.FIELD_POLICIES[name](request.user, ticket))
        form = QuickForm(data, ticket=ticket, actor=request.user)
        try:
            result = attempt(form, lambda: self.save(request, form))
        except EditConflict as conflict:
            return show_conflict(request, conflict, form, back=ticket.get_absolute_url())
        if result is None:
            return refuse_properties(request, ticket, form)
        messages.success(request, saved(result, form.cleaned_data["version"]))
        return answer_change(request, self.get_ticket())

    def save(self, request: PersonRequest, form: QuickForm) -> UpdateResult:
        """Call the service with what the form says."""
        return services.update_ticket(
            actor=request.user,
            ticket_id=self.kwargs["ticket_id"],
            version=form.cleaned_data["version"],
            changes=form.changes(),
        )
