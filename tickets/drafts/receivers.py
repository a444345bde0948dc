"""What is sent is no draft any more; what is merged takes its drafts along."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from accounts.signals import user_anonymised
from tickets import signals
from tickets.drafts.services import end_draft, forget_drafts, move_drafts
from tickets.models import Comment, Ticket


def connect() -> None:
    """Connect the receivers, once."""
    signals.comment_created.connect(on_comment_created, dispatch_uid="tickets.drafts.comment_created")
    signals.ticket_created.connect(on_ticket_created, dispatch_uid="tickets.drafts.ticket_created")
    signals.ticket_updated.connect(on_ticket_updated, dispatch_uid="tickets.drafts.ticket_updated")
    user_anonymised.connect(on_user_anonymised, dispatch_uid="tickets.drafts.user_anonymised")


def on_comment_created(sender: object, *, comment: Comment, **kwargs: Any) -> None:
    """Forget the draft that has become a comment."""
    end_draft(comment.commented_by, comment.ticket_id, comment.client_token)


def on_ticket_created(sender: object, *, ticket: Ticket, **kwargs: Any) -> None:
    """Forget the draft that has become a ticket."""
    if ticket.created_by is not None:
        end_draft(ticket.created_by, None, ticket.client_token)


def on_ticket_updated(sender: object, *, ticket: Ticket, changes: dict[str, Any], **kwargs: Any) -> None:
    """Let drafts go where their ticket goes on."""
    _old, target = changes.get("merged_into", (None, None))
    if target is not None:
        move_drafts(ticket.pk, target)


def on_user_anonymised(sender: object, *, user: User, **kwargs: Any) -> None:
    """Forget what they didn't send."""
    forget_drafts(user)
