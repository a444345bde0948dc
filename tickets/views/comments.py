"""The conversation: writing, changing and deleting comments."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from tickets import policies, services
from tickets.attachments import limits
from tickets.forms import CommentEditForm, CommentForm
from tickets.mixins import UNPROCESSABLE, CommentMixin, PersonRequest, TicketMixin, attempt
from tickets.models import Comment, Ticket
from tickets.replies.services import add_comment_with_changes, changes_of
from tickets.services import AnsweredMeanwhile, CommentResult
from tickets.views.conflict import choices_made, show_conflict
from tickets.views.detail import page_context
from tickets.views.notices import commented
from tickets.watching.mentions import attach_mentions
from tms_site.lib.edits import EditConflict
from tms_site.lib.fields import new_token
from tms_site.lib.forms import render_form, with_values
from tms_site.lib.once import once
from tms_site.lib.permissions import require

ANSWERS_SHOWN = 10


def was_sent_before(comment: Comment, form: CommentForm) -> bool:
    """Tell whether a form that came with an earlier comment's token says the same as that comment did."""
    said = form.contribution()
    return services.was_written_with(
        comment, said["description"], is_internal=said["is_internal"], attachments=said["attachments"]
    )


class CommentAddView(TicketMixin):
    """The form below the conversation."""

    takes_files = True
    http_method_names = ["post", "options"]  # noqa: RUF012 - Django reads it from the class

    def post(self, request: PersonRequest, ticket_id: int) -> HttpResponse:
        """Write the comment; the same form sent again leads to the same comment."""
        ticket = self.get_ticket()
        require(policies.can_comment(request.user, ticket))
        form = CommentForm(request.POST, request.FILES, ticket=ticket, actor=request.user)
        if refusal := limits.refusal(request):
            form.add_error("attachments", refusal)
            return self.show_errors(request, ticket, form, limits.TOO_MANY)
        try:
            result = attempt(form, lambda: self.write(request, form))
        except AnsweredMeanwhile:
            return self.show_answers(request, ticket, form)
        if result is None:
            return self.show_errors(request, ticket, form)
        if not result.created and not was_sent_before(result.comment, form):
            form.add_error(None, gettext("You have posted another text with this form before. Send it once more."))
            form.renew_token()
            return self.show_errors(request, ticket, form)
        place = self.tell(request, ticket, result)
        if not request.htmx:
            return redirect(place)
        response = render(request, "tickets/_commented.html", page_context(request, self.get_ticket()))
        response["HX-Trigger"] = "tms:changed"
        return response

    def tell(self, request: PersonRequest, ticket: Ticket, result: CommentResult) -> Comment | Ticket:
        """Say what became of the comment, and return where it stands.

        Sent again, it may meanwhile be a part of somebody else's ticket, of which nothing is told.
        """
        if result.created or Comment.objects.visible_to(request.user).filter(pk=result.comment.pk).exists():
            messages.success(request, commented(result, request.user))
            return result.comment
        messages.success(request, gettext("Your comment is posted."))
        return ticket

    def show_answers(self, request: PersonRequest, ticket: Ticket, form: CommentForm) -> HttpResponse:
        """Show what others have said meanwhile above what was typed; it can be sent anyway."""
        ticket = self.get_ticket()
        comments = Comment.objects.visible_to(request.user).for_conversation().exclude(commented_by=request.user)
        since = services.arrived_since(comments, ticket, form.cleaned_data["seen"])
        answers = list(since.order_by("pk")[:ANSWERS_SHOWN])
        attach_mentions(answers, request.user)
        form.show_answers(answers, services.seen_of(ticket))
        return self.show_errors(request, ticket, form, HTTPStatus.CONFLICT)

    def write(self, request: PersonRequest, form: CommentForm) -> CommentResult:
        """Call the service with what the form says, and with what a macro changes besides."""
        said = {"actor": request.user, "ticket_id": self.kwargs["ticket_id"], **form.contribution()}
        macro = form.cleaned_data.get("macro")
        if macro is None:
            return services.add_comment(**said)
        return add_comment_with_changes(**said, changes=changes_of(macro, request.user))

    def show_errors(
        self, request: PersonRequest, ticket: Ticket, form: CommentForm, status: int = UNPROCESSABLE
    ) -> HttpResponse:
        """Show the form again, with what was typed and what is wrong with it."""
        template = "tickets/_composer_refused.html" if request.htmx else "tickets/ticket_detail.html"
        context = page_context(request, ticket, comment_form=form)
        return render(request, template, context, status=status)


class CommentEditView(CommentMixin, TicketMixin):
    """The form for a comment's text."""

    def get(self, request: PersonRequest, ticket_id: int, comment_id: int) -> HttpResponse:
        """Show the form with the present text."""
        comment = self.get_comment()
        require(policies.can_edit_comment(request.user, comment))
        form = CommentEditForm(comment=comment)
        return self.show(request, comment, form)

    def post(self, request: PersonRequest, ticket_id: int, comment_id: int) -> HttpResponse:
        """Save, and lead back to the comment; where it's gone meanwhile, say where, or offer its text as a new one."""
        try:
            return self.change(request, self.get_comment())
        except Comment.DoesNotExist:
            place = self.place_now()
            return self.say_where(request, place) if isinstance(place, Comment) else self.offer_as_new(request)

    def say_where(self, request: PersonRequest, comment: Comment) -> HttpResponse:
        """Show the form of a comment that a split or a merge has moved: others may read there what is sent."""
        require(policies.can_edit_comment(request.user, comment))
        form = CommentEditForm(request.POST, comment=comment)
        words = gettext("This comment is on #%(number)d by now, “%(title)s”. Nothing is saved yet: save it there?")
        form.add_error(None, words % {"number": comment.ticket_id, "title": comment.ticket.title})
        return self.show(request, comment, form, status=HTTPStatus.CONFLICT)

    def offer_as_new(self, request: PersonRequest) -> HttpResponse:
        """Show the ticket, with what was typed in the form for the next comment."""
        ticket = self.get_ticket()
        # What may have been a note isn't made a reply by the way.
        values = {"description": request.POST.get("description", ""), "kind": CommentForm.NOTE}
        values |= {"client_token": new_token(), "seen": str(services.seen_of(ticket))}
        form = CommentForm(with_values({}, **values), ticket=ticket, actor=request.user)
        gone = gettext("This comment was deleted meanwhile. Your text is in the form for a new one: copy or send it.")
        form.add_error(None, gone)
        context = page_context(request, ticket, comment_form=form)
        return render(request, "tickets/ticket_detail.html", context, status=HTTPStatus.NOT_FOUND)

    def change(self, request: PersonRequest, comment: Comment) -> HttpResponse:
        """Save what was sent, or show what is wrong with it."""
        require(policies.can_edit_comment(request.user, comment))
        form = CommentEditForm(choices_made(request.POST, {"description": comment.description}), comment=comment)
        try:
            changed = attempt(form, lambda: self.save(request, form))
        except EditConflict as conflict:
            return show_conflict(request, conflict, form, back=comment.get_absolute_url())
        if changed is None:
            return self.show(request, comment, form, status=UNPROCESSABLE)
        is_note = changed.is_internal
        messages.success(request, gettext("The note is saved.") if is_note else gettext("The comment is saved."))
        return redirect(comment)

    def save(self, request: PersonRequest, form: CommentEditForm) -> Comment:
        """Call the service with what the form says."""
        return services.edit_comment(
            actor=request.user,
            ticket_id=self.kwargs["ticket_id"],
            comment_id=self.kwargs["comment_id"],
            description=form.cleaned_data["description"],
            version=form.cleaned_data["version"],
        )

    def show(self, request: PersonRequest, comment: Comment, form: CommentEditForm, status: int = 200) -> HttpResponse:
        """Render the form."""
        return render_form(request, "tickets/comment_edit.html", {"comment": comment, "form": form}, status=status)


class CommentPublishView(CommentMixin):
    """Asks before an internal note becomes a reply."""

    def get(self, request: PersonRequest, ticket_id: int, comment_id: int) -> HttpResponse:
        """Ask: in a dialog when htmx loads the question, else on a page."""
        comment = self.get_comment()
        require(policies.can_publish_note(request.user, comment))
        template = "tickets/_comment_publish.html" if request.htmx else "tickets/comment_publish.html"
        return render(request, template, {"comment": comment})

    @once("tickets:detail", "ticket_id")
    def post(self, request: PersonRequest, ticket_id: int, comment_id: int) -> HttpResponse:
        """Make it public, and lead back to it."""
        comment = self.get_comment()
        require(policies.can_publish_note(request.user, comment))
        services.publish_note(actor=request.user, ticket_id=ticket_id, comment_id=comment_id)
        messages.success(request, gettext("The note is a reply now: the requester can read it."))
        return redirect(comment)


class CommentDeleteView(CommentMixin):
    """Asks before a comment is deleted."""

    def get(self, request: PersonRequest, ticket_id: int, comment_id: int) -> HttpResponse:
        """Ask: in a dialog when htmx loads the question, else on a page."""
        comment = self.get_comment()
        require(policies.can_delete_comment(request.user, comment))
        template = "tickets/_comment_delete.html" if request.htmx else "tickets/comment_delete.html"
        return render(request, template, {"comment": comment})

    @once("tickets:detail", "ticket_id")
    def post(self, request: PersonRequest, ticket_id: int, comment_id: int) -> HttpResponse:
        """Delete, and lead back to the ticket."""
        comment = self.get_comment()
        require(policies.can_delete_comment(request.user, comment))
        services.delete_comment(actor=request.user, ticket_id=ticket_id, comment_id=comment_id)
        is_note = comment.is_internal
        messages.success(request, gettext("The note is deleted.") if is_note else gettext("The comment is deleted."))
        return redirect(comment.ticket)
