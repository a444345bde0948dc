"""A ticket's timeline: its comments and its changes in one order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from accounts.actors import Actor
from activity.enums import ActivityType, TargetType
from activity.models import ActivityLog
from activity.sentences import change_sentences
from tickets import policies
from tickets.models import Comment, Ticket


@dataclass(frozen=True)
class Event:
    """Something that happened on a ticket, as its page shows it."""

    kind: Literal["comment", "opened", "changed", "removed"]
    who: str
    at: datetime
    comment: Comment | None = None
    sentences: list[str] = field(default_factory=list)
    may_edit: bool = False
    may_delete: bool = False


def timeline(ticket: Ticket, actor: Actor) -> list[Event]:
    """Return what happened on `ticket`, oldest first, with what `actor` may do to each comment.

    The ticket must be visible to the actor. A comment's own entries are not told twice: the comment stands for them.
    """
    comments = _comment_events(ticket, actor)
    changes = _change_events(ActivityLog.objects.timeline_of(ticket.pk).defer("seal", "dedupe_key"))
    # Sorting is stable: a comment stands before the change that it caused at the same moment.
    return sorted([*comments, *changes], key=lambda event: event.at)


def _comment_events(ticket: Ticket, actor: Actor) -> list[Event]:
    events = []
    for comment in Comment.objects.filter(ticket=ticket).for_conversation():
        comment.ticket = ticket
        events.append(
            Event(
                kind="comment",
                who=comment.commented_by.label,
                at=comment.creation_date,
                comment=comment,
                may_edit=bool(policies.can_edit_comment(actor, comment)),
                may_delete=bool(policies.can_delete_comment(actor, comment)),
            )
        )
    return events


def _change_events(entries: Iterable[ActivityLog]) -> list[Event]:
    return [event for entry in entries if (event := _change_event(entry)) is not None]


def _change_event(entry: ActivityLog) -> Event | None:
    if entry.target_type == TargetType.TICKET and entry.activity_type == ActivityType.CREATE:
        return Event("opened", entry.user_label, entry.activity_date)
    if entry.target_type == TargetType.TICKET and entry.activity_type == ActivityType.UPDATE:
        return Event("changed", entry.user_label, entry.activity_date, sentences=change_sentences(entry.changes))
    if entry.target_type == TargetType.COMMENT and entry.activity_type == ActivityType.DELETE:
        return Event("removed", entry.user_label, entry.activity_date)
    return None
