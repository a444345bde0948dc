"""The conversation on a ticket."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, actor_user
from accounts.models import User
from tickets import policies, signals, workflow
from tickets.attachments.files import Upload
from tickets.attachments.services import are_those_of, attach, with_files
from tickets.enums import Status
from tickets.models import Comment, CommentRevision, Ticket, TicketRevision
from tickets.services.first_response import note_answer, note_answer_gone
from tickets.services.meanwhile import Seen, check_unanswered
from tickets.services.merged import refuse_merged
from tickets.services.reading import comment_values_at, lock_comment, lock_ticket
from tickets.services.updates import apply_changes
from tms_site.lib.edits import EditConflict, require_exact, three_way
from tms_site.lib.permissions import require
from tms_site.lib.submissions import insert_once
from tms_site.lib.text import clean_block
from tms_site.lib.transactions import TryAgain, write_transaction


@dataclass(frozen=True)
class CommentResult:
    """The comment, whether this call wrote it, whether it reopened its ticket, the status that it led to (or "")."""

    comment: Comment
    created: bool
    reopened: bool
    status: str = ""


@with_files
@write_transaction
def add_comment(
    *,
    actor: Actor,
    ticket_id: int,
    description: str,
    is_internal: bool = False,
    status: str = "",
    attachments: Sequence[Upload] = (),
    client_token: str | None = None,
    seen: Seen | None = None,
    at: datetime | None = None,
) -> CommentResult:
    """Write a reply or an internal note.

    A requester's comment on their resolved ticket reopens it within REOPEN_DAYS, and one on a waiting ticket takes
    it up again. A note leaves no trace that its requester could see: not even the ticket's "updated" moves.

    Args:
        actor: who writes it; a user, as TMS itself has nothing to say.
        ticket_id: on which ticket.
        description: Markdown, at most 100,000 characters.
        is_internal: whether it's a note for the desk alone.
        status: what the ticket's status becomes along with it; as it is unless given.
        attachments: files that come with it; whoever reads the comment reads them.
        client_token: names this submission; the same token of the same author again returns the first comment.
        seen: how much of the conversation somebody of the desk saw who replies; None asks for no check.
        at: when it was written, where that isn't now (demo data, imports).

    Raises:
        AnsweredMeanwhile: others' answers have come since `seen`.
        Ticket.DoesNotExist: there's no such ticket that the actor may see.
        PermissionDeniedError: the actor may not comment on it, write notes or change its status.
        WorkflowError: the workflow has no such step.
        ServiceError: the ticket was merged into another one.
        ValidationError: the text is not valid, or a file isn't taken.
    """
    ticket = lock_ticket(actor, ticket_id)
    require(policies.can_comment(actor, ticket))
    if is_internal:
        require(policies.can_write_note(actor, ticket))
    if status:
        require(policies.can_change_status(actor, ticket))
    author = actor_user(actor)
    if author is None:
        raise ValidationError(_("Only people write comments."), code="no_author")
    earlier = _comment_of_token(author, client_token)
    if earlier is not None:
        return _result_of(earlier)
    refuse_merged(ticket, actor)
    if not is_internal and policies.can_write_note(actor, ticket):
        check_unanswered(ticket, author, seen)
    now = at or timezone.now()
    comment = Comment(
        ticket=ticket,
        commented_by=author,
        description=clean_block(description),
        is_internal=is_internal,
        creation_date=now,
        client_token=client_token or None,
    )
    comment.clean_fields(exclude=("ticket", "commented_by"))
    earlier = insert_once(comment, lambda: _comment_of_token(author, client_token))
    if earlier is not None:
        return _result_of(earlier)
    signals.comment_created.send(Comment, comment=comment, actor=actor, at=now)
    attach(attachments, actor=actor, ticket=ticket, comment=comment, at=now)
    note_answer(comment, actor=actor, at=now)
    was_resolved = ticket.is_resolved
    moved = _move(ticket, status or _status_after(ticket, actor, now), actor, now)
    if not moved and not is_internal:
        Ticket.objects.filter(pk=ticket.pk).update(updated_at=now)
    return CommentResult(comment, True, was_resolved and moved, ticket.status if moved else "")


def _comment_of_token(author: User, client_token: str | None) -> Comment | None:
    if not client_token:
        return None
    return Comment.objects.filter(commented_by=author, client_token=client_token).first()


def _result_of(comment: Comment) -> CommentResult:
    """Return what a comment that was written before did: the same form sent again gets the same answer."""
    ticket = Ticket.objects.get(pk=comment.ticket_id)
    replaced = TicketRevision.objects.filter(ticket=ticket, version=ticket.version - 1).first()
    if ticket.updated_at != comment.creation_date or replaced is None or "status" not in replaced.values:
        return CommentResult(comment, created=False, reopened=False)
    return CommentResult(comment, False, replaced.values["status"] == Status.RESOLVED, ticket.status)


def was_written_with(
    comment: Comment, description: str, *, is_internal: bool, attachments: Sequence[Upload] = ()
) -> bool:
    """Tell whether a comment said this at first, to these readers: whether a form that was sent again is the same."""
    first = comment_values_at(comment, 1)
    said_the_same = (first.get("description"), first.get("is_internal")) == (clean_block(description), is_internal)
    return said_the_same and are_those_of(attachments, comment.attachments.all())


def _status_after(ticket: Ticket, actor: Actor, now: datetime) -> str:
    """Return the status that a comment without further wishes leads to."""
    if policies.can_reopen_by_comment(actor, ticket, now=now) or policies.can_take_up_by_comment(actor, ticket):
        return workflow.status_after_reopening(assigned=ticket.assigned_agent_id is not None)
    return ticket.status


def _move(ticket: Ticket, status: str, actor: Actor, now: datetime) -> bool:
    """Give the ticket the status; tell whether that changed anything."""
    if status == ticket.status:
        return False
    return bool(apply_changes(ticket, {"status": status}, actor=actor, at=now).changes)


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
    comment = _lock(actor, ticket_id, comment_id)
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
    changes = {"description": (old_text, comment.description)}
    _save_change(comment, changes, edited_at=now)
    signals.comment_updated.send(Comment, comment=comment, changes=changes, actor=actor, at=now)
    return comment


def _lock(actor: Actor, ticket_id: int, comment_id: int) -> Comment:
    """Return the comment with its ticket, both locked, in this order; raises Comment.DoesNotExist."""
    try:
        ticket = lock_ticket(actor, ticket_id)
    except Ticket.DoesNotExist:
        raise Comment.DoesNotExist from None
    return lock_comment(actor, ticket, comment_id)


def _save_change(comment: Comment, changes: dict[str, tuple[Any, Any]], **also: Any) -> None:
    old_version = comment.version
    columns = {name: new for name, (_old, new) in changes.items()} | also | {"version": old_version + 1}
    if not Comment.objects.filter(pk=comment.pk, version=old_version).update(**columns):
        raise TryAgain
    for name, value in columns.items():
        setattr(comment, name, value)
    replaced = {name: old for name, (old, _new) in changes.items()}
    CommentRevision.objects.create(comment=comment, version=old_version, values=replaced)


@write_transaction
def publish_note(*, actor: Actor, ticket_id: int, comment_id: int, at: datetime | None = None) -> Comment:
    """Turn an internal note into a reply. There's no way back: what was read can't be unread.

    Raises:
        Comment.DoesNotExist: there's no such comment on that ticket that the actor may see.
        PermissionDeniedError: the actor may not publish it, or it's no note.
    """
    comment = _lock(actor, ticket_id, comment_id)
    require(policies.can_publish_note(actor, comment))
    now = at or timezone.now()
    _save_change(comment, {"is_internal": (True, False)})
    Ticket.objects.filter(pk=ticket_id).update(updated_at=now)
    comment.ticket.updated_at = now
    signals.comment_updated.send(Comment, comment=comment, changes={"is_internal": (True, False)}, actor=actor, at=now)
    note_answer(comment, actor=actor, at=now)
    return comment


@write_transaction
def change_comment(
    *,
    actor: Actor,
    ticket_id: int,
    comment_id: int,
    version: int,
    description: str | None = None,
    publish: bool = False,
    at: datetime | None = None,
) -> Comment:
    """Change the text of a comment, make a note public, or both: all of it or nothing, and only in that version.

    Args:
        actor: who changes it.
        ticket_id: on which ticket.
        comment_id: which comment.
        version: the version that the actor saw.
        description: what it's to say; None: what it says.
        publish: whether it, a note, becomes a reply with that.
        at: when, where that isn't now.

    Raises:
        Comment.DoesNotExist: there's no such comment on that ticket that the actor may see.
        PermissionDeniedError: the actor may not edit or not publish it, or it's no note.
        EditConflict: anything about it was changed since `version`.
        ValidationError: the text is not valid.
    """
    comment = _lock(actor, ticket_id, comment_id)
    require(policies.can_edit_comment(actor, comment))
    require_exact(comment.version, version, exact=True)
    where: dict[str, Any] = {"actor": actor, "ticket_id": ticket_id, "comment_id": comment_id, "at": at}
    if description is not None:
        comment = edit_comment(**where, description=description)
    return publish_note(**where) if publish else comment


@write_transaction
def delete_comment(*, actor: Actor, ticket_id: int, comment_id: int, at: datetime | None = None) -> None:
    """Delete a comment.

    Raises:
        Comment.DoesNotExist: there's no such comment on that ticket that the actor may see.
        PermissionDeniedError: the actor may not delete it.
    """
    comment = _lock(actor, ticket_id, comment_id)
    require(policies.can_delete_comment(actor, comment))
    now = at or timezone.now()
    ticket = comment.ticket
    is_internal = comment.is_internal
    comment.delete()
    signals.comment_deleted.send(
        Comment, comment_id=comment_id, is_internal=is_internal, ticket=ticket, actor=actor, at=now
    )
    note_answer_gone(comment, actor=actor, at=now)
