"""What entries are about."""

from __future__ import annotations

from collections.abc import Callable

from accounts.models import User
from activity.enums import TargetType
from activity.services import Target
from tickets.attachments.models import Attachment
from tickets.models import Ticket

# Takes a signal's arguments, and writes one entry.
Receiver = Callable[..., None]


def ticket_target(ticket: Ticket) -> Target:
    """Return the target of an entry about a ticket."""
    return Target(TargetType.TICKET, ticket.pk, str(ticket), ticket_id=ticket.pk)


def comment_target(comment_id: int, ticket: Ticket) -> Target:
    """Return the target of an entry about a comment: its ticket tells of it."""
    return Target(TargetType.COMMENT, comment_id, str(ticket), ticket_id=ticket.pk)


def attachment_target(attachment: Attachment) -> Target:
    """Return the target of an entry about a file: its ticket tells of it."""
    return Target(TargetType.ATTACHMENT, attachment.pk, attachment.name, ticket_id=attachment.ticket_id)


def user_target(user: User) -> Target:
    """Return the target of an entry about a person."""
    return Target(TargetType.USER, user.pk, user.label)
