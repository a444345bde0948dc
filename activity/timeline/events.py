"""One event of a timeline, as pages show it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from accounts.actors import Actor
from activity.audience import public_changes
from activity.enums import ActivityType, TargetType
from activity.models import ActivityLog
from activity.sentences import change_sentences, told_by_the_other
from activity.timeline.positions import CHANGE, COMMENT, Position
from tickets import policies
from tickets.models import Comment, Ticket


@dataclass(frozen=True)
class Event:
    """Something that happened on a ticket. `anchor` is its address within the page, `url` its address anywhere."""

    kind: Literal["comment", "opened", "changed", "removed"]
    position: Position
    ticket: Ticket
    who: str
    comment: Comment | None = None
    sentences: list[str] = field(default_factory=list)
    by_desk: bool = False
    # Only the desk meets it: paper, which goes from hand to hand, leaves it out.
    for_desk: bool = False
    # By the one who looks: nothing that's new to them.
    is_own: bool = False
    may_edit: bool = False
    may_delete: bool = False
    may_publish: bool = False
    may_split: bool = False

    @property
    def at(self) -> datetime:
        """When it happened."""
        return self.position.at

    @property
    def anchor(self) -> str:
        """Its address within the page."""
        return f"{'comment' if self.position.rank == COMMENT else 'event'}-{self.position.pk}"

    @property
    def url(self) -> str:
        """The address that opens the part of the timeline where it stands, however long ago that is."""
        return f"{self.ticket.get_absolute_url()}?at={self.anchor}#{self.anchor}"


def event_of(
    row: Comment | ActivityLog, ticket: Ticket, actor: Actor, *, public: bool, untold: frozenset[int] = frozenset()
) -> Event:
    """Return the event that a comment or an entry of the log stands for, with what `actor` may do to it.

    Where it's `public`, a change is told without what is the desk's alone, and without the numbers of `untold` tickets.
    """
    if isinstance(row, Comment):
        return _comment_event(row, ticket, actor)
    told = public_changes(row.changes, untold) if public else row.changes
    is_own = row.user_id is not None and row.user_id == actor.pk
    return replace(_change_event(row, ticket, told), for_desk=row.for_desk, is_own=is_own)


def _comment_event(comment: Comment, ticket: Ticket, actor: Actor) -> Event:
    comment.ticket = ticket
    return Event(
        kind="comment",
        position=Position(comment.creation_date, COMMENT, comment.pk),
        ticket=ticket,
        who=comment.commented_by.label,
        comment=comment,
        by_desk=comment.commented_by.works_at_desk,
        is_own=comment.commented_by_id == actor.pk,
        may_edit=bool(policies.can_edit_comment(actor, comment)),
        may_delete=bool(policies.can_delete_comment(actor, comment)),
        may_publish=bool(policies.can_publish_note(actor, comment)),
        may_split=bool(policies.can_split(actor, ticket)),
    )


def _change_event(entry: ActivityLog, ticket: Ticket, told: Any) -> Event:
    position = Position(entry.activity_date, CHANGE, entry.pk)
    if entry.activity_type == ActivityType.DELETE and entry.target_type == TargetType.COMMENT:
        return Event("removed", position, ticket, entry.user_label)
    if entry.activity_type == ActivityType.CREATE and entry.target_type == TargetType.TICKET:
        return Event("opened", position, ticket, entry.user_label)
    elsewhere = entry.ticket_id is not None and entry.ticket_id != ticket.pk
    if elsewhere:
        sentences = told_by_the_other(entry.ticket_id or 0, told)
    else:
        sentences = change_sentences(told, entry.activity_date)
    return Event("changed", position, ticket, entry.user_label, sentences=sentences)
