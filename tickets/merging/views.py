"""The pages of merging, undoing it and splitting."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from tickets import policies
from tickets.merging.forms import MergeForm, SplitForm
from tickets.merging.models import Merge
from tickets.merging.preview import MergePreview, preview_merge
from tickets.merging.services import MergeResult, merge_tickets, split_ticket, undo_merge
from tickets.merging.services.merge import no_such_tickets
from tickets.merging.services.split import from_here_on
from tickets.mixins import UNPROCESSABLE, CommentMixin, PersonRequest, TicketMixin, attempt
from tickets.models import Comment, Ticket
from tickets.services import was_opened_with
from tms_site.lib.errors import SentBefore, ServiceError
from tms_site.lib.forms import render_form
from tms_site.lib.permissions import require
from tms_site.lib.undo import success_with_undo

# The page of a split names so many comments; of the rest it says how many there are.
SHOWN_MAX = 50


class MergeView(TicketMixin):
    """Which tickets become one, what will happen, and the deed."""

    def get(self, request: PersonRequest, ticket_id: int) -> HttpResponse:
        """Ask which; once that's said, show what will happen."""
        ticket = self.get_ticket()
        require(policies.can_merge(request.user, ticket))
        if "numbers" not in request.GET:
            return self.show(request, ticket, MergeForm(ticket=ticket))
        form = MergeForm(request.GET, ticket=ticket)
        preview = attempt(form, lambda: preview_merge(request.user, form.target_id, form.source_ids))
        status = UNPROCESSABLE if preview is None else 200
        return self.show(request, ticket, form, preview, status=status)

    def post(self, request: PersonRequest, ticket_id: int) -> HttpResponse:
        """Merge, and lead to the ticket that goes on."""
        ticket = self.get_ticket()
        require(policies.can_merge(request.user, ticket))
        form = MergeForm(request.POST, ticket=ticket)
        result = attempt(form, lambda: self.merge(request, form))
        if result is None:
            return self.show(request, ticket, form, self.preview_again(request, form), status=UNPROCESSABLE)
        self.tell(request, result)
        return redirect(result.target)

    @staticmethod
    def merge(request: PersonRequest, form: MergeForm) -> MergeResult:
        """Call the service with what the form says."""
        try:
            return merge_tickets(
                actor=request.user,
                target_id=form.target_id,
                source_ids=form.source_ids,
                of_others=form.cleaned_data["of_others"],
                client_token=form.cleaned_data["client_token"],
            )
        except Ticket.DoesNotExist as error:
            raise no_such_tickets([form.target_id]) from error

    @staticmethod
    def preview_again(request: PersonRequest, form: MergeForm) -> MergePreview | None:
        """Return what was about to happen, where only the confirmation is missing, or to be sent once more."""
        if set(form.errors) != {"of_others"} and not form.has_error(NON_FIELD_ERRORS, SentBefore.code):
            return None
        return preview_merge(request.user, form.target_id, form.source_ids)

    @staticmethod
    def tell(request: PersonRequest, result: MergeResult) -> None:
        """Say what was done, with Undo where it's one ticket."""
        target = result.target.pk
        if len(result.merges) == 1:
            merge = result.merges[0]
            text = gettext("#%(source)d is part of #%(target)d now.") % {"source": merge.source_id, "target": target}
            success_with_undo(request, text, reverse("tickets:merge_undo", args=[target, merge.pk]))
            return
        count = len(result.merges)
        text = ngettext(
            "%(count)d ticket is part of #%(target)d now.", "%(count)d tickets are part of #%(target)d now.", count
        )
        messages.success(request, text % {"count": count, "target": target})

    @staticmethod
    def show(
        request: PersonRequest, ticket: Ticket, form: MergeForm, preview: MergePreview | None = None, status: int = 200
    ) -> HttpResponse:
        """Render the question, or what will happen."""
        template = "tickets/merging/merge.html" if preview is None else "tickets/merging/preview.html"
        return render(request, template, {"ticket": ticket, "form": form, "preview": preview}, status=status)


class MergeUndoView(TicketMixin):
    """The button that takes a merge back."""

    http_method_names = ["post", "options"]  # noqa: RUF012 - Django reads it from the class

    def post(self, request: PersonRequest, ticket_id: int, merge_id: int) -> HttpResponse:
        """Undo it, and lead to the ticket that is one of its own again."""
        ticket = self.get_ticket()
        require(policies.can_merge(request.user, ticket))
        try:
            source = undo_merge(actor=request.user, ticket_id=ticket_id, merge_id=merge_id)
        except Merge.DoesNotExist as error:
            raise Http404 from error
        except ServiceError as error:
            messages.error(request, str(error))
            return redirect(ticket)
        messages.success(request, gettext("#%(number)d is a ticket of its own again.") % {"number": source.pk})
        return redirect(source)


class SplitView(CommentMixin):
    """The form for the ticket that a part of a conversation becomes."""

    def get(self, request: PersonRequest, ticket_id: int, comment_id: int) -> HttpResponse:
        """Show the form, and which comments go along."""
        comment = self.get_comment()
        require(policies.can_split(request.user, comment.ticket))
        return self.show(request, comment, SplitForm(comment=comment))

    def post(self, request: PersonRequest, ticket_id: int, comment_id: int) -> HttpResponse:
        """Split, and lead to the new ticket; the same form sent again leads to the same ticket."""
        comment = self.find_comment(request)
        form = SplitForm(request.POST, comment=comment)
        is_here = comment.ticket_id == ticket_id
        # As the service does: of the ticket that the comments stood on. What refuses the form shows internal notes.
        ticket = comment.ticket if is_here else Ticket.objects.visible_to(request.user).get(pk=ticket_id)
        require(policies.can_split(request.user, ticket))
        try:
            result = attempt(
                form,
                lambda: split_ticket(
                    actor=request.user, ticket_id=ticket_id, comment_id=comment_id, **self.values(form)
                ),
            )
        except Comment.DoesNotExist:
            # Looked for anew: it may have gone at this very moment.
            return self.say_where(request, self.find_comment(request), form)
        if result is None:
            return self.show(request, comment, form, status=UNPROCESSABLE)
        if result.created or was_opened_with(result.ticket, **form.text()):
            text = gettext("Split: #%(new)d is a ticket of its own now.") % {"new": result.ticket.pk}
            messages.success(request, text)
            return redirect(result.ticket)
        if not is_here:
            return self.say_where(request, comment, form)
        form.add_error(None, gettext("This form has opened another ticket before. Send it once more."))
        form.renew_token()
        return self.show(request, comment, form, status=UNPROCESSABLE)

    def find_comment(self, request: PersonRequest) -> Comment:
        """Return the comment, also where a split or a merge has moved it to; raises Comment.DoesNotExist."""
        try:
            return self.get_comment()
        except Comment.DoesNotExist:
            comments = Comment.objects.visible_to(request.user).select_related("ticket")
            return comments.get(pk=self.kwargs["comment_id"], moved_from=self.kwargs["ticket_id"])

    def say_where(self, request: PersonRequest, comment: Comment, form: SplitForm) -> HttpResponse:
        """Say to which ticket the comments have moved, and keep what was typed for another one."""
        words = gettext(
            "These comments are a part of #%(number)d by now. Nothing was changed; your text is still here."
        )
        form.add_error(None, words % {"number": comment.ticket_id})
        return self.show(request, comment, form, status=HTTPStatus.CONFLICT)

    @staticmethod
    def values(form: SplitForm) -> dict[str, Any]:
        """Return the arguments for `split_ticket`."""
        return {name: form.cleaned_data[name] for name in ("title", "description", "client_token")}

    @staticmethod
    def show(request: PersonRequest, comment: Comment, form: SplitForm, status: int = 200) -> HttpResponse:
        """Render the form."""
        going = from_here_on(comment).select_related("commented_by")
        shown = list(going[: SHOWN_MAX + 1])
        context = {
            "form": form,
            "comment": comment,
            "ticket": comment.ticket,
            "going": shown[:SHOWN_MAX],
            "more": going.count() - SHOWN_MAX if len(shown) > SHOWN_MAX else 0,
        }
        return render_form(request, "tickets/merging/split.html", context, status=status)
