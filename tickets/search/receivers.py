"""The index follows the changes, inside their transactions."""

from __future__ import annotations

from typing import Any

from tickets import signals
from tickets.models import Comment, Ticket
from tickets.search import documents

# A ticket is found by nothing else of it.
FIELDS = frozenset({"title", "description", "requester"})


def connect() -> None:
    """Connect the receivers, once."""
    for signal, receiver in (
        (signals.ticket_created, on_ticket_created),
        (signals.ticket_updated, on_ticket_updated),
        (signals.ticket_deleted, on_ticket_deleted),
        (signals.ticket_restored, on_ticket_restored),
        (signals.comments_moved, on_comments_moved),
        (signals.comment_created, on_comment_changed),
        (signals.comment_updated, on_comment_changed),
        (signals.comment_deleted, on_comment_deleted),
    ):
        signal.connect(receiver, dispatch_uid=f"tickets.search.{receiver.__name__}")


def on_ticket_created(sender: object, *, ticket: Ticket, **kwargs: Any) -> None:
    """Index a new ticket; it has no comments yet."""
    words = documents.document(requester=ticket.requester_id, title=ticket.title, texts=[ticket.description])
    documents.store({ticket.pk: words})


def on_ticket_updated(sender: object, *, ticket: Ticket, changes: dict[str, Any], **kwargs: Any) -> None:
    """Index a ticket whose words have changed."""
    if FIELDS & changes.keys():
        documents.write([ticket.pk])


def on_ticket_deleted(sender: object, *, ticket_id: int, **kwargs: Any) -> None:
    """Forget a ticket."""
    documents.remove([ticket_id])


def on_ticket_restored(sender: object, *, ticket: Ticket, **kwargs: Any) -> None:
    """Index a ticket that's back, with its conversation."""
    documents.write([ticket.pk])


def on_comments_moved(sender: object, *, source: Ticket, target: Ticket, **kwargs: Any) -> None:
    """Index two tickets, from one of which comments went to the other."""
    documents.write([source.pk, target.pk])


def on_comment_changed(sender: object, *, comment: Comment, **kwargs: Any) -> None:
    """Index a ticket whose conversation has changed."""
    documents.write([comment.ticket_id])


def on_comment_deleted(sender: object, *, ticket: Ticket, **kwargs: Any) -> None:
    """Index a ticket whose conversation has become shorter."""
    documents.write([ticket.pk])
