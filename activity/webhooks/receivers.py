"""What webhooks hear: each event becomes a delivery for each webhook that wants it, in the change's own transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.dispatch import Signal

from accounts.actors import Actor
from accounts.models import User
from accounts.signals import user_anonymised
from activity.audience import DESK_FIELDS
from activity.sentences import changes_as_json
from activity.webhooks.deliveries import announce, rename_person
from activity.webhooks.enums import Event
from activity.webhooks.payloads import comment_values, ticket_values
from tickets import signals
from tickets.models import Comment, Ticket

Changes = dict[str, tuple[Any, Any]]


def connect() -> None:
    """Connect every receiver, once."""
    pairs: dict[Signal, Callable[..., None]] = {
        signals.ticket_created: on_ticket_created,
        signals.ticket_updated: on_ticket_updated,
        signals.ticket_deleted: on_ticket_deleted,
        signals.ticket_restored: on_ticket_restored,
        signals.comment_created: on_comment_created,
        signals.comment_updated: on_comment_updated,
        signals.comment_deleted: on_comment_deleted,
        user_anonymised: on_user_anonymised,
    }
    for signal, receiver in pairs.items():
        signal.connect(receiver, dispatch_uid=f"activity.webhooks.{receiver.__name__}")


def on_ticket_created(sender: object, *, ticket: Ticket, actor: Actor, at: datetime, **kwargs: Any) -> None:
    """Tell that a ticket was opened."""
    announce(Event.TICKET_CREATED, actor, at, lambda: {"ticket": ticket_values(ticket)})


def on_ticket_updated(
    sender: object, *, ticket: Ticket, changes: Changes, actor: Actor, at: datetime, quiet: bool = False, **kwargs: Any
) -> None:
    """Tell what changed on a ticket.

    A webhook is told of a quiet change too, since a program whose picture of a ticket is stale is no use to anybody.
    That no person is to be told it says, and leaves to the program.
    """
    announce(
        Event.TICKET_UPDATED,
        actor,
        at,
        lambda: {"ticket": ticket_values(ticket), "changes": changes_as_json(changes), "quiet": quiet},
        is_internal=DESK_FIELDS.issuperset(changes),
    )


def on_ticket_deleted(sender: object, *, ticket_id: int, title: str, actor: Actor, at: datetime, **kwargs: Any) -> None:
    """Tell that a ticket is gone; there's no more to be said of it."""
    announce(Event.TICKET_DELETED, actor, at, lambda: {"ticket": {"number": ticket_id, "title": title}})


def on_ticket_restored(sender: object, *, ticket: Ticket, actor: Actor, at: datetime, **kwargs: Any) -> None:
    """Tell that a ticket is back from the trash, and how it is."""
    announce(Event.TICKET_RESTORED, actor, at, lambda: {"ticket": ticket_values(ticket)})


def on_comment_created(sender: object, *, comment: Comment, actor: Actor, at: datetime, **kwargs: Any) -> None:
    """Tell what was written."""
    announce(
        Event.COMMENT_CREATED,
        actor,
        at,
        lambda: {"ticket": ticket_values(comment.ticket), "comment": comment_values(comment)},
        is_internal=comment.is_internal,
    )


def on_comment_updated(
    sender: object, *, comment: Comment, changes: Changes, actor: Actor, at: datetime, **kwargs: Any
) -> None:
    """Tell how a comment reads now. That a note became a reply is news like any other."""
    announce(
        Event.COMMENT_UPDATED,
        actor,
        at,
        lambda: {"ticket": ticket_values(comment.ticket), "comment": comment_values(comment)},
        is_internal=comment.is_internal,
    )


def on_comment_deleted(
    sender: object, *, comment_id: int, is_internal: bool, ticket: Ticket, actor: Actor, at: datetime, **kwargs: Any
) -> None:
    """Tell that a comment is gone."""
    announce(
        Event.COMMENT_DELETED,
        actor,
        at,
        lambda: {"ticket": {"number": ticket.pk, "title": ticket.title}, "comment": {"id": comment_id}},
        is_internal=is_internal,
    )


def on_user_anonymised(sender: object, *, user: User, **kwargs: Any) -> None:
    """Tell nobody, but let what is kept of deliveries not name them any more."""
    rename_person(user)
