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
    """Something that happened on a ticket, as its page shows it. `anchor` is its address within the page."""

    kind: Literal["comment", "opened", "changed", "removed"]
    anchor: str
    who: str
    at: datetime
    comment: Comment | None = None
    sentences: list[str] = field(default_factory=list)
    by_desk: bool = False
    may_edit: bool = False
    may_delete: bool = False
    may_publish: bool = False


def timeline(ticket: Ticket, actor: Actor) -> list[Event]:
    """Return what happened on `ticket`, oldest first, with what `actor` may do to each comment. Two queries.

    The ticket must be visible to the actor. A comment's own entries are not told twice: the comment stands for them.
    That the requester opened the ticket isn't told either: its description says so; that somebody else did it for
    them is.
    """
    comments = Comment.objects.filter(ticket=ticket).visible_to(actor).for_conversation()
    entries = [entry for entry in ActivityLog.objects.timeline_of(ticket.pk) if _may_know(entry, ticket, actor)]
    events = [*_comment_events(ticket, comments, actor), *_change_events(ticket, entries)]
    # Sorting is stable: a comment stands before the change that it caused at the same moment.
    return sorted(events, key=lambda event: event.at)


def _comment_events(ticket: Ticket, comments: Iterable[Comment], actor: Actor) -> list[Event]:
    events = []
    for comment in comments:
        comment.ticket = ticket
        events.append(
            Event(
                kind="comment",
                anchor=f"comment-{comment.pk}",
                who=comment.commented_by.label,
                at=comment.creation_date,
                comment=comment,
                by_desk=comment.commented_by.works_at_desk,
                may_edit=bool(policies.can_edit_comment(actor, comment)),
                may_delete=bool(policies.can_delete_comment(actor, comment)),
                may_publish=bool(policies.can_publish_note(actor, comment)),
            )
        )
    return events


def _may_know(entry: ActivityLog, ticket: Ticket, actor: Actor) -> bool:
    """Tell whether an entry may be told: that a note was there is told to those who might have read it."""
    if entry.target_type == TargetType.LINK:
        return bool(policies.can_link(actor, ticket))
    if entry.target_type != TargetType.COMMENT or "is_internal" not in entry.changes:
        return True
    return bool(policies.can_write_note(actor, ticket))


def _change_events(ticket: Ticket, entries: Iterable[ActivityLog]) -> list[Event]:
    return [_change_event(entry) for entry in entries if not _is_told_by_description(ticket, entry)]


def _is_told_by_description(ticket: Ticket, entry: ActivityLog) -> bool:
    opened = entry.activity_type == ActivityType.CREATE and entry.target_type == TargetType.TICKET
    return opened and entry.user_id == ticket.requester_id


def _change_event(entry: ActivityLog) -> Event:
    anchor = f"event-{entry.pk}"
    if entry.target_type == TargetType.COMMENT:
        return Event("removed", anchor, entry.user_label, entry.activity_date)
    if entry.activity_type == ActivityType.CREATE and entry.target_type == TargetType.TICKET:
        return Event("opened", anchor, entry.user_label, entry.activity_date)
    return Event("changed", anchor, entry.user_label, entry.activity_date, sentences=change_sentences(entry.changes))
