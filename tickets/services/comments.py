"""The conversation on a ticket."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, actor_user
from accounts.models import User
from tickets import policies, signals, workflow
from tickets.edits import EditConflict, three_way
from tickets.enums import Status
from tickets.models import Comment, CommentRevision, Ticket, TicketRevision
from tickets.services.reading import comment_values_at, lock_comment, lock_ticket
from tickets.services.updates import apply_changes
from tms_site.lib.permissions import require
from tms_site.lib.text import clean_block
from tms_site.lib.transactions import TryAgain, write_transaction


@dataclass(frozen=True)
class CommentResult:
    """The comment, whether this call wrote it, and whether it reopened its ticket."""

    comment: Comment
    created: bool
    reopened: bool


@write_transaction
def add_comment(
    *,
    actor: Actor,
    ticket_id: int,
    description: str,
    client_token: str | None = None,
    at: datetime | None = None,
) -> CommentResult:
    """Write a comment. A requester's comment on their resolved ticket reopens it within REOPEN_DAYS.

    Args:
        actor: who writes it; a user, as TMS itself has nothing to say.
        ticket_id: on which ticket.
        description: Markdown, at most 100,000 characters.
        client_token: names this submission; the same token of the same author again returns the first comment.
        at: when it was written, where that isn't now (demo data, imports).

    Raises:
        Ticket.DoesNotExist: there's no such ticket that the actor may see.
        PermissionDeniedError: the actor may not comment on it.
        ValidationError: the text is not valid.
    """
    ticket = lock_ticket(actor, ticket_id)
    require(policies.can_comment(actor, ticket))
    author = actor_user(actor)
    if author is None:
        raise ValidationError(_("Only people write comments."), code="no_author")
    earlier = _comment_of_token(author, client_token)
    if earlier is not None:
        return CommentResult(earlier, created=False, reopened=_has_reopened(earlier))
    now = at or timezone.now()
    comment = Comment(
        ticket=ticket,
        commented_by=author,
        description=clean_block(description),
        creation_date=now,
        client_token=client_token or None,
    )
    comment.clean_fields(exclude=("ticket", "commented_by"))
    try:
        with transaction.atomic():
            comment.save(force_insert=True)
    except IntegrityError:
        # The same submission came twice at once, and the other one was first.
        earlier = _comment_of_token(author, client_token)
        if earlier is None:
            raise
        return CommentResult(earlier, created=False, reopened=_has_reopened(earlier))
    signals.comment_created.send(Comment, comment=comment, actor=actor, at=now)
    reopened = _reopen_by_comment(ticket, actor, now)
    if not reopened:
        Ticket.objects.filter(pk=ticket.pk).update(updated_at=now)
    return CommentResult(comment, created=True, reopened=reopened)


def _comment_of_token(author: User, client_token: str | None) -> Comment | None:
    if not client_token:
        return None
    return Comment.objects.filter(commented_by=author, client_token=client_token).first()


def _has_reopened(comment: Comment) -> bool:
    """Tell whether the last thing that happened to the ticket was that this comment reopened it."""
    ticket = Ticket.objects.get(pk=comment.ticket_id)
    if ticket.is_resolved or ticket.updated_at != comment.creation_date:
        return False
    replaced = TicketRevision.objects.filter(ticket=ticket, version=ticket.version - 1).first()
    return replaced is not None and replaced.values.get("status") == Status.RESOLVED


def was_written_with(comment: Comment, description: str) -> bool:
    """Tell whether a comment said this at first: whether a form that was sent again is the same."""
    return comment_values_at(comment, 1).get("description") == clean_block(description)


def _reopen_by_comment(ticket: Ticket, actor: Actor, now: datetime) -> bool:
    if not policies.can_reopen_by_comment(actor, ticket, now=now):
        return False
    status = workflow.status_after_reopening(assigned=ticket.assigned_agent_id is not None)
    apply_changes(ticket, {"status": status}, actor=actor, at=now)
    return True


@write_transaction
def edit_comment(
    *,
    actor: Actor,
    ticket_id: int,
    comment_id: int,
    description: str,
    version: int | None = None,
    at: datetime | None = None,
) -> Comment:
    """Change the text of a comment.

    Raises:
        Comment.DoesNotExist: there's no such comment on that ticket that the actor may see.
        PermissionDeniedError: the actor may not edit it.
        EditConflict: it was edited since `version`.
        ValidationError: the text is not valid.
    """
    comment = lock_comment(actor, ticket_id, comment_id)
    require(policies.can_edit_comment(actor, comment))
    old_text = comment.description
    wanted = {"description": clean_block(description)}
    merge = three_way(comment_values_at(comment, version), {"description": old_text}, wanted)
    if merge.conflicts:
        raise EditConflict(merge.conflicts, comment.version, current={"description": old_text})
    if not merge.to_apply:
        return comment
    now = at or timezone.now()
    comment.description = merge.to_apply["description"]
    comment.clean_fields(exclude=("ticket", "commented_by"))
    _save_text(comment, old_text, now)
    changes = {"description": (old_text, comment.description)}
    signals.comment_updated.send(Comment, comment=comment, changes=changes, actor=actor, at=now)
    return comment


def _save_text(comment: Comment, old_text: str, now: datetime) -> None:
    old_version = comment.version
    updated = Comment.objects.filter(pk=comment.pk, version=old_version).update(
        description=comment.description, edited_at=now, version=old_version + 1
    )
    if not updated:
        raise TryAgain
    comment.version, comment.edited_at = old_version + 1, now
    CommentRevision.objects.create(comment=comment, version=old_version, values={"description": old_text})


@write_transaction
def delete_comment(*, actor: Actor, ticket_id: int, comment_id: int, at: datetime | None = None) -> None:
    """Delete a comment.

    Raises:
        Comment.DoesNotExist: there's no such comment on that ticket that the actor may see.
        PermissionDeniedError: the actor may not delete it.
    """
    comment = lock_comment(actor, ticket_id, comment_id)
    require(policies.can_delete_comment(actor, comment))
    ticket = comment.ticket
    comment.delete()
    signals.comment_deleted.send(Comment, comment_id=comment_id, ticket=ticket, actor=actor, at=at or timezone.now())
