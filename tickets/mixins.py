"""What the ticket pages share: who asks, for which ticket, and where a service's refusal is shown."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, ClassVar, TypeVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ObjectDoesNotExist, ValidationError
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.generic import View
from django_htmx.middleware import HtmxDetails

from accounts.models import User
from tickets.attachments.models import Attachment
from tickets.models import Comment, Ticket
from tickets.trash.models import TrashedTicket
from tms_site.lib.edits import EditConflict
from tms_site.lib.errors import ChangedMeanwhile, SentBefore, ServiceError
from tms_site.lib.forms import SubmissionForm

Result = TypeVar("Result")

# The answer to a form with mistakes.
UNPROCESSABLE = 422


class PersonRequest(HttpRequest):
    """A request that LoginRequiredMiddleware let through: `user` is somebody."""

    user: User
    htmx: HtmxDetails


class FoundMixin(View):
    """What is gone, or never was, or may not be seen: all answered by the same 404. A view says what can be `missing`.

    Only who may see where it went is led there, so that "Back" doesn't end at a page that says it isn't anywhere.
    """

    request: PersonRequest
    missing: ClassVar[tuple[type[ObjectDoesNotExist], ...]] = (
        Ticket.DoesNotExist,
        Comment.DoesNotExist,
        Attachment.DoesNotExist,
    )

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer 404 when the view or a service that it calls doesn't find what it's about."""
        try:
            return super().dispatch(request, *args, **kwargs)
        except self.missing as error:
            place = self.place_now() if self.is_look() else None
            if place is None:
                raise Http404 from error
            return redirect(place)

    def is_look(self) -> bool:
        """Tell whether a browser asks for a page: no form, and no part of a page, which a whole one would spoil."""
        return self.request.method in ("GET", "HEAD") and not self.request.htmx

    def place_now(self) -> Comment | TrashedTicket | None:
        """Return where it went, if it's anywhere that the visitor may see."""
        return None


class TicketMixin(FoundMixin):
    """For views below `/tickets/<ticket_id>/`."""

    def get_ticket(self) -> Ticket:
        """Return the ticket with its people; raises Ticket.DoesNotExist for what the visitor may not see."""
        user = self.request.user
        tickets = Ticket.objects.visible_to(user).for_page().with_news(user).with_seen(user)
        return tickets.with_watchers(user).with_parts().with_draft(user).get(pk=self.kwargs["ticket_id"])


class TicketPageMixin(TicketMixin):
    """For pages of a ticket that one can come back to: SysAdmins are led to the trash where it's deleted."""

    def place_now(self) -> Comment | TrashedTicket | None:
        """Return what the trash keeps of the ticket: nothing for all others, for whom it never was."""
        trash = TrashedTicket.objects.visible_to(self.request.user)
        return trash.filter(pk=self.kwargs["ticket_id"]).first()


class CommentMixin(FoundMixin):
    """For views below `/tickets/<ticket_id>/comments/<comment_id>/`."""

    def get_comment(self) -> Comment:
        """Return the comment with its ticket and author; raises Comment.DoesNotExist as `TicketMixin.get_ticket`."""
        comments = Comment.objects.visible_to(self.request.user).select_related("ticket", "commented_by")
        return comments.get(pk=self.kwargs["comment_id"], ticket=self.kwargs["ticket_id"])

    def place_now(self) -> Comment | TrashedTicket | None:
        """Return the comment on the ticket that a split or a merge has moved it to from this one."""
        moved = Comment.objects.visible_to(self.request.user).filter(moved_from=self.kwargs["ticket_id"])
        return moved.filter(pk=self.kwargs["comment_id"]).first()


def attempt(form: forms.Form, service: Callable[[], Result]) -> Result | None:
    """Call a service if the form has no mistakes.

    Args:
        form: what was sent; a refusal is put at its fields.
        service: calls the service with what the form has cleaned.

    Returns:
        What the service returned; None when the form must be shown again.

    Raises:
        EditConflict: people have to settle it on a page of its own.
    """
    if not form.is_valid():
        return None
    try:
        return service()
    except EditConflict:
        raise
    except (ServiceError, ValidationError) as error:
        show_refusal(form, error)
        return None


def status_of(form: forms.Form) -> int:
    """Return the status of the answer that shows a refused form again: 409 where somebody else was first, else 422."""
    return HTTPStatus.CONFLICT if form.has_error(NON_FIELD_ERRORS, ChangedMeanwhile.code) else UNPROCESSABLE


def show_refusal(form: forms.BaseForm, error: ServiceError | ValidationError) -> None:
    """Put what a service refused at the fields that it's about; what no field shows goes into the summary.

    A form that has done something else before gets a new name: sent once more, it does what it says now.
    """
    if isinstance(error, SentBefore) and isinstance(form, SubmissionForm):
        form.renew_token()
    if isinstance(error, ServiceError):
        refusal = ValidationError(str(error.message), code=error.code)
        form.add_error(error.field if error.field in form.fields else None, refusal)
        return
    by_field = error.error_dict if hasattr(error, "error_dict") else {None: error.error_list}
    for field, errors in by_field.items():
        form.add_error(field if field in form.fields else None, ValidationError(errors))
