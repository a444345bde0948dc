"""What the log hears of tickets and lists of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.dispatch import Signal
from django.utils.translation import gettext, ngettext

from accounts.actors import Actor
from activity import sentences
from activity.enums import ActivityType, TargetType
from activity.receivers.targets import Receiver, ticket_target
from activity.sentences import change_sentences, changes_as_json, exported, quote
from activity.services import Entry, Target, record, record_read
from tickets import signals
from tickets.models import Ticket

# What a ticket begins with, in the order of its entry.
FIELDS = (
    "title", "description", "category", "status", "priority", "requester", "team", "assigned_agent",
    "resolution_date", "tags",
)  # fmt: skip


def on_ticket_created(sender: object, *, ticket: Ticket, actor: Actor, at: datetime, **kwargs: Any) -> None:
    """Write that a ticket was opened, with the values that it began with."""
    changes = changes_as_json({name: (None, getattr(ticket, name)) for name in FIELDS})
    details = sentences.opened(ticket.pk, ticket.title)
    record(Entry(ActivityType.CREATE, ticket_target(ticket), details, at, actor, changes=changes))


def on_ticket_updated(
    sender: object, *, ticket: Ticket, changes: dict[str, tuple[Any, Any]], actor: Actor, at: datetime, **kwargs: Any
) -> None:
    """Write what changed on a ticket, with old and new values."""
    values = changes_as_json(changes)
    details = sentences.changed(ticket.pk, change_sentences(values, at))
    # Of a merge, and of its undoing, the other ticket's timeline tells too.
    before, after = changes.get("merged_into", (None, None))
    target = replace(ticket_target(ticket), other_ticket_id=after or before)
    record(Entry(ActivityType.UPDATE, target, details, at, actor, changes=values))


def on_ticket_split(sender: object, *, ticket: Ticket, new: Ticket, actor: Actor, at: datetime, **kwargs: Any) -> None:
    """Write that a part of a ticket's conversation became another ticket."""
    values = {"number": ticket.pk, "new": new.pk}
    details = gettext("Split ticket #%(number)d: a part of its conversation is #%(new)d now.") % values
    target = replace(ticket_target(ticket), other_ticket_id=new.pk)
    record(Entry(ActivityType.MOVE, target, details, at, actor, changes={"split": [ticket.pk, new.pk]}))


def on_ticket_deleted(
    sender: object, *, ticket_id: int, title: str, comment_count: int, actor: Actor, at: datetime, **kwargs: Any
) -> None:
    """Write that a ticket was deleted, and how many comments went with it."""
    comments = ngettext("%(count)d comment", "%(count)d comments", comment_count) % {"count": comment_count}
    details = gettext("Deleted ticket #%(number)d %(title)s with %(comments)s.") % {
        "number": ticket_id,
        "title": quote(title),
        "comments": comments,
    }
    record(Entry(ActivityType.DELETE, _gone(ticket_id, title), details, at, actor, changes={"trashed": [False, True]}))


def on_ticket_restored(
    sender: object, *, ticket: Ticket, comment_count: int, actor: Actor, at: datetime, **kwargs: Any
) -> None:
    """Write that a ticket came back from the trash, and how many comments with it."""
    comments = ngettext("%(count)d comment", "%(count)d comments", comment_count) % {"count": comment_count}
    values = {"number": ticket.pk, "title": quote(ticket.title), "comments": comments}
    details = gettext("Restored ticket #%(number)d %(title)s with %(comments)s.") % values
    target = ticket_target(ticket)
    record(Entry(ActivityType.RESTORE, target, details, at, actor, changes={"trashed": [True, False]}))


def on_ticket_purged(sender: object, *, ticket_id: int, title: str, actor: Actor, at: datetime, **kwargs: Any) -> None:
    """Write that a ticket left the trash for good."""
    values = {"number": ticket_id, "title": quote(title)}
    details = gettext("Removed ticket #%(number)d %(title)s from the trash for good.") % values
    record(Entry(ActivityType.DELETE, _gone(ticket_id, title), details, at, actor))


def _gone(ticket_id: int, title: str) -> Target:
    return Target(TargetType.TICKET, ticket_id, f"#{ticket_id} {title}", ticket_id=ticket_id)


def on_ticket_viewed(sender: object, *, ticket: Ticket, actor: Actor, at: datetime, **kwargs: Any) -> None:
    """Write that somebody looked at a ticket."""
    details = sentences.viewed(ticket.pk)
    record_read(actor=actor, target=ticket_target(ticket), details=details, at=at)


def on_tickets_listed(sender: object, *, actor: Actor, at: datetime, **kwargs: Any) -> None:
    """Write that somebody looked at a list of tickets."""
    target = Target(TargetType.TICKETS, None, gettext("Ticket list"))
    record_read(actor=actor, target=target, details=gettext("Viewed the list of tickets."), at=at)


def on_tickets_exported(sender: object, *, filters: str, actor: Actor, at: datetime, **kwargs: Any) -> None:
    """Write that somebody took a list of tickets along, and which one."""
    target = Target(TargetType.TICKETS, None, gettext("Ticket list"))
    record(Entry(ActivityType.EXPORT, target, exported(gettext("the list of tickets"), filters), at, actor))


RECEIVERS: dict[Signal, Receiver] = {
    signals.ticket_created: on_ticket_created,
    signals.ticket_updated: on_ticket_updated,
    signals.ticket_split: on_ticket_split,
    signals.ticket_deleted: on_ticket_deleted,
    signals.ticket_restored: on_ticket_restored,
    signals.ticket_purged: on_ticket_purged,
    signals.ticket_viewed: on_ticket_viewed,
    signals.tickets_listed: on_tickets_listed,
    signals.tickets_exported: on_tickets_exported,
}
