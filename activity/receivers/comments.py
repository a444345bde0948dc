"""What the log hears of the conversation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import Signal

from accounts.actors import Actor
from activity import sentences
from activity.enums import ActivityType
from activity.receivers.targets import Receiver, comment_target
from activity.sentences import changes_as_json
from activity.services import Entry, record
from tickets import signals
from tickets.models import Comment, Ticket


def on_comment_created(sender: object, *, comment: Comment, actor: Actor, at: datetime, **kwargs: Any) -> None:
    """Write that somebody commented."""
    details = sentences.commented(comment.ticket_id, is_internal=comment.is_internal)
    values: dict[str, tuple[Any, Any]] = {"description": (None, comment.description)}
    if comment.is_internal:
        values["is_internal"] = (None, True)
    changes = changes_as_json(values)
    target = comment_target(comment.pk, comment.ticket)
    record(Entry(ActivityType.CREATE, target, details, at, actor, changes=changes))


def on_comment_updated(
    sender: object, *, comment: Comment, changes: dict[str, tuple[Any, Any]], actor: Actor, at: datetime, **kwargs: Any
) -> None:
    """Write that a comment was edited, with both texts."""
    published = "is_internal" in changes
    details = (sentences.published_note if published else sentences.edited_comment)(comment.ticket_id)
    target = comment_target(comment.pk, comment.ticket)
    record(Entry(ActivityType.UPDATE, target, details, at, actor, changes=changes_as_json(changes)))


def on_comment_deleted(
    sender: object,
    *,
    comment_id: int,
    is_internal: bool,
    ticket: Ticket,
    actor: Actor,
    at: datetime,
    **kwargs: Any,
) -> None:
    """Write that a comment was deleted; by its changes the timeline knows that it was a note."""
    details = sentences.deleted_comment(ticket.pk, is_internal=is_internal)
    changes = changes_as_json({"is_internal": (True, None)}) if is_internal else {}
    record(Entry(ActivityType.DELETE, comment_target(comment_id, ticket), details, at, actor, changes=changes))


RECEIVERS: dict[Signal, Receiver] = {
    signals.comment_created: on_comment_created,
    signals.comment_updated: on_comment_updated,
    signals.comment_deleted: on_comment_deleted,
}
