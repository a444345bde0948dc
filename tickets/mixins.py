"""What the ticket pages share: who asks, for which ticket, and where a service's refusal is shown."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest
from django.views.generic import View
from django_htmx.middleware import HtmxDetails

from accounts.models import User
from tickets.models import Comment, Ticket
from tms_site.lib.errors import ServiceError

# The answer to a form with mistakes.
UNPROCESSABLE = 422


class PersonRequest(HttpRequest):
    """A request that LoginRequiredMiddleware let through: `user` is somebody."""

    user: User
    htmx: HtmxDetails


class TicketMixin(View):
    """For views below `/tickets/<ticket_id>/`."""

    request: PersonRequest

    def get_ticket(self) -> Ticket:
        """Return the ticket with its people; 404 for what the visitor may not see, as for what doesn't exist."""
        tickets = Ticket.objects.visible_to(self.request.user).with_people()
        try:
            return tickets.get(pk=self.kwargs["ticket_id"])
        except Ticket.DoesNotExist as error:
            raise Http404 from error


class CommentMixin(View):
    """For views below `/tickets/<ticket_id>/comments/<comment_id>/`."""

    request: PersonRequest

    def get_comment(self) -> Comment:
        """Return the comment with its ticket and author; 404 as `TicketMixin.get_ticket`."""
        comments = Comment.objects.visible_to(self.request.user).select_related("ticket", "commented_by")
        try:
            return comments.get(pk=self.kwargs["comment_id"], ticket=self.kwargs["ticket_id"])
        except Comment.DoesNotExist as error:
            raise Http404 from error


def show_refusal(form: forms.BaseForm, error: ServiceError | ValidationError) -> None:
    """Put what a service refused at the fields that it's about; what no field shows goes into the summary."""
    if isinstance(error, ServiceError):
        form.add_error(error.field if error.field in form.fields else None, str(error.message))
        return
    by_field = error.error_dict if hasattr(error, "error_dict") else {None: error.error_list}
    for field, errors in by_field.items():
        form.add_error(field if field in form.fields else None, ValidationError(errors))
