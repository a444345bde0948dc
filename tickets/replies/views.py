"""The pages of canned replies, and putting one into a comment."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from accounts.mixins import RoleRequiredMixin
from tickets import policies
from tickets.forms import CommentForm
from tickets.mixins import UNPROCESSABLE, FoundMixin, PersonRequest, TicketMixin, attempt, status_of
from tickets.replies import services
from tickets.replies.fields import reply_of
from tickets.replies.forms import ReplyForm
from tickets.replies.models import CannedReply
from tickets.replies.placeholders import PLACEHOLDERS, fill
from tickets.views.detail import page_context
from tms_site.lib.fields import new_token
from tms_site.lib.forms import render_form
from tms_site.lib.numbers import is_row_number
from tms_site.lib.once import once
from tms_site.lib.permissions import require

QUERY_MAX = 100
MOST_SHOWN = 200


class _ReplyMixin(RoleRequiredMixin, FoundMixin):
    """For pages about canned replies; one that somebody else keeps is answered like one that never was."""

    required = policies.can_use_replies
    missing = (CannedReply.DoesNotExist,)

    def get_reply(self, reply_id: int) -> CannedReply:
        """Return the reply, which the visitor may change; raises CannedReply.DoesNotExist and PermissionDeniedError."""
        replies = CannedReply.objects.visible_to(self.request.user).select_related("assigned_agent")
        reply = replies.get(pk=reply_id)
        require(policies.can_change_reply(self.request.user, reply))
        return reply

    def show_form(self, form: ReplyForm, reply: CannedReply | None = None, status: int = 200) -> HttpResponse:
        """Render the form."""
        known = [(f"{{{{ {name} }}}}", words) for name, words in PLACEHOLDERS.items()]
        context = {"form": form, "reply": reply, "placeholders": known}
        return render_form(self.request, "tickets/replies/form.html", context, status=status)


class RepliesView(_ReplyMixin):
    """One's own canned replies and the shared ones."""

    def get(self, request: PersonRequest) -> HttpResponse:
        """Show them, or those in which some words stand."""
        words = request.GET.get("q", "").replace("\x00", "")[:QUERY_MAX].strip()
        replies = CannedReply.objects.visible_to(request.user).matching(words)
        replies = replies.select_related("owner", "assigned_agent").order_by("name", "pk")[:MOST_SHOWN]
        shown = [
            {
                "reply": reply,
                "is_own": reply.owner_id == request.user.pk,
                "can_change": policies.can_change_reply(request.user, reply),
            }
            for reply in replies
        ]
        return render(request, "tickets/replies/list.html", {"replies": shown, "words": words})


class ReplyCreateView(_ReplyMixin):
    """A new canned reply."""

    def get(self, request: PersonRequest) -> HttpResponse:
        """Show the empty form."""
        return self.show_form(ReplyForm())

    def post(self, request: PersonRequest) -> HttpResponse:
        """Keep it."""
        form = ReplyForm(request.POST)
        reply = attempt(
            form,
            lambda: services.create_reply(
                actor=request.user, values=form.values(), client_token=form.cleaned_data["client_token"]
            ),
        )
        if reply is None:
            return self.show_form(form, status=UNPROCESSABLE)
        messages.success(request, gettext("The canned reply “%(name)s” is saved.") % {"name": reply.name})
        return redirect("tickets:replies")


class ReplyEditView(_ReplyMixin):
    """Changing a canned reply."""

    def get(self, request: PersonRequest, reply_id: int) -> HttpResponse:
        """Show the form."""
        reply = self.get_reply(reply_id)
        return self.show_form(ReplyForm(reply=reply), reply)

    def post(self, request: PersonRequest, reply_id: int) -> HttpResponse:
        """Change it."""
        reply = self.get_reply(reply_id)
        form = ReplyForm(request.POST, reply=reply)
        changed = attempt(
            form,
            lambda: services.change_reply(
                actor=request.user, reply_id=reply_id, values=form.values(), version=form.cleaned_data["version"]
            ),
        )
        if changed is None:
            return self.show_form(form, reply, status=status_of(form))
        messages.success(request, gettext("The canned reply “%(name)s” is saved.") % {"name": changed.name})
        return redirect("tickets:replies")


class ReplyDeleteView(_ReplyMixin):
    """Asks before a canned reply is deleted."""

    def get(self, request: PersonRequest, reply_id: int) -> HttpResponse:
        """Ask."""
        return render(request, "tickets/replies/delete.html", {"reply": self.get_reply(reply_id)})

    @once("tickets:replies")
    def post(self, request: PersonRequest, reply_id: int) -> HttpResponse:
        """Delete it."""
        services.delete_reply(actor=request.user, reply_id=reply_id)
        messages.success(request, gettext("The canned reply is deleted."))
        return redirect("tickets:replies")


class ReplyInsertView(TicketMixin):
    """Puts a canned reply into the comment that somebody writes: shows the form again and writes nothing."""

    http_method_names = ["post", "options"]  # noqa: RUF012 - Django reads it from the class

    def post(self, request: PersonRequest, ticket_id: int) -> HttpResponse:
        """Show the form with what was typed and the reply's text in it."""
        ticket = self.get_ticket()
        require(policies.can_write_note(request.user, ticket))
        reply = reply_of(request.user, request.POST.get("reply", ""))
        if reply is None:
            messages.warning(request, gettext("Choose a canned reply first."))
        typed = request.POST.get("description", "").replace("\r\n", "\n")
        text, caret = (
            (typed, len(typed))
            if reply is None
            else _inserted(typed, fill(reply.body, ticket, request.user), request.POST.get("at", ""))
        )
        macro = reply if reply is not None and reply.is_macro else reply_of(request.user, request.POST.get("macro", ""))
        initial = {"description": text, "kind": request.POST.get("kind", ""), "macro": macro.pk if macro else ""}
        # It's still the same submission, which ends the same draft.
        initial["client_token"] = request.POST.get("client_token") or new_token()
        form = CommentForm(ticket=ticket, actor=request.user, initial=initial)
        # What others have said meanwhile hasn't been seen by inserting a text.
        form.initial["seen"] = request.POST.get("seen") or form.initial.get("seen", 0)
        form.fields["description"].widget.attrs |= {"autofocus": True, "data-caret": caret}
        template = "tickets/_composer.html" if request.htmx else "tickets/ticket_detail.html"
        return render(request, template, page_context(request, ticket, comment_form=form))


def _inserted(typed: str, text: str, at: str) -> tuple[str, int]:
    """Return what was typed with a text put in, at a place or at the end, and where the caret stands then."""
    if is_row_number(at) and int(at) <= len(typed):
        place = int(at)
        return f"{typed[:place]}{text}{typed[place:]}", place + len(text)
    before = typed.rstrip()
    whole = f"{before}\n\n{text}" if before else text
    return whole, len(whole)
