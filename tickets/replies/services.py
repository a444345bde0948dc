"""Keeping canned replies, and answering with what a macro changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext

from accounts.actors import Actor, actor_user
from accounts.models import User
from tickets import policies, signals
from tickets.attachments.files import Upload
from tickets.attachments.services import with_files
from tickets.replies.models import SHORTCUT_MAX, Assignment, CannedReply
from tickets.services import CommentResult, Seen, add_comment, update_ticket
from tickets.sorting.names import tag_names
from tms_site.lib.errors import ServiceError, require_version
from tms_site.lib.permissions import require
from tms_site.lib.submissions import insert_once, same_as
from tms_site.lib.text import clean_block, clean_line
from tms_site.lib.transactions import TryAgain, write_transaction

CHANGEABLE = ("name", "shortcut", "body", "is_shared", "status", "priority", "assignment", "assigned_agent", "tags")
MOST_REPLIES = 200
FALLBACK = "reply"

__all__ = ["add_comment_with_changes", "change_reply", "create_reply", "delete_reply"]


@write_transaction
def create_reply(
    *, actor: Actor, values: Mapping[str, Any], client_token: str | None = None, at: datetime | None = None
) -> CannedReply:
    """Keep a canned reply; the same form of the same person again returns the first one.

    Args:
        actor: whose it becomes; somebody at the desk.
        values: by field (CHANGEABLE); without a shortcut it's made of the name.
        client_token: names this submission.
        at: when, where that isn't now.

    Raises:
        PermissionDeniedError: the actor doesn't work at the desk.
        SentBefore: the same form has become a reply that says something else.
        ServiceError: the actor has as many as one may have.
        ValidationError: a value isn't valid, such as a placeholder that doesn't exist.
    """
    require(policies.can_use_replies(actor))
    own = CannedReply.objects.filter(owner=actor.pk)

    def of_token() -> CannedReply | None:
        return own.filter(client_token=client_token).first() if client_token else None

    reply = CannedReply(owner=actor_user(actor), client_token=client_token or None, **_cleaned(values, is_new=True))
    if earlier := of_token():
        return _same_as(reply, earlier)
    if own.count() >= MOST_REPLIES:
        words = gettext("You have %(most)d canned replies already. Delete one first.")
        raise ServiceError(words % {"most": MOST_REPLIES}, field="name")
    reply.clean_fields(exclude=("owner", "assigned_agent"))
    if earlier := insert_once(reply, of_token):
        return _same_as(reply, earlier)
    changes = {name: (None, getattr(reply, name)) for name in CHANGEABLE if getattr(reply, name)}
    signals.reply_created.send(CannedReply, reply=reply, changes=changes, actor=actor, at=at or timezone.now())
    return reply


@write_transaction
def change_reply(
    *, actor: Actor, reply_id: int, values: Mapping[str, Any], version: int | None = None, at: datetime | None = None
) -> CannedReply:
    """Change a canned reply.

    Raises:
        CannedReply.DoesNotExist: there's no such reply that the actor may see.
        PermissionDeniedError: the actor may not change it.
        ChangedMeanwhile: somebody else changed it since `version`.
        ValidationError: a value isn't valid.
    """
    reply = _lock(actor, reply_id)
    new = {name: value for name, value in _cleaned(values).items() if getattr(reply, name) != value}
    changes = {name: (getattr(reply, name), value) for name, value in new.items()}
    if not changes:
        return reply
    require_version(reply.version, version)
    for name, value in new.items():
        setattr(reply, name, value)
    reply.clean_fields(exclude=("owner", "assigned_agent"))
    stored = CannedReply.objects.filter(pk=reply.pk, version=reply.version)
    if not stored.update(**new, version=reply.version + 1):
        raise TryAgain
    reply.version += 1
    signals.reply_updated.send(CannedReply, reply=reply, changes=changes, actor=actor, at=at or timezone.now())
    return reply


@write_transaction
def delete_reply(*, actor: Actor, reply_id: int, at: datetime | None = None) -> None:
    """Delete a canned reply. Raises like `change_reply`."""
    reply = _lock(actor, reply_id)
    signals.reply_deleted.send(CannedReply, reply=reply, actor=actor, at=at or timezone.now())
    reply.delete()


def _lock(actor: Actor, reply_id: int) -> CannedReply:
    reply = CannedReply.objects.visible_to(actor).select_for_update().get(pk=reply_id)
    require(policies.can_change_reply(actor, reply))
    return reply


def _same_as(reply: CannedReply, earlier: CannedReply) -> CannedReply:
    """Return what the same form made before; raises SentBefore where that says something else than it says now."""
    text = gettext(
        "This form has become the canned reply “%(name)s” before, which says something else. "
        "Send it once more if you want a second one."
    )
    return same_as(reply, earlier, CHANGEABLE, text % {"name": earlier.name})


def _cleaned(values: Mapping[str, Any], *, is_new: bool = False) -> dict[str, Any]:
    cleaned = {name: values[name] for name in CHANGEABLE if name in values}
    if "name" in cleaned:
        cleaned["name"] = clean_line(cleaned["name"])
    if "body" in cleaned:
        cleaned["body"] = clean_block(cleaned["body"])
    if "tags" in cleaned:
        cleaned["tags"] = tag_names(cleaned["tags"])
    if not cleaned.get("shortcut", True) or (is_new and "shortcut" not in cleaned):
        cleaned["shortcut"] = slugify(cleaned.get("name", ""))[:SHORTCUT_MAX].strip("-_").replace("_", "-") or FALLBACK
    if "assignment" in cleaned and cleaned["assignment"] != Assignment.AGENT:
        cleaned["assigned_agent"] = None
    return cleaned


def changes_of(reply: CannedReply, actor: User) -> dict[str, Any]:
    """Return what a macro changes when `actor` uses it, as `add_comment_with_changes` takes it."""
    changes: dict[str, Any] = {name: getattr(reply, name) for name in ("status", "priority") if getattr(reply, name)}
    if reply.assignment == Assignment.ME:
        changes["assigned_agent"] = actor
    elif reply.assignment == Assignment.AGENT and reply.assigned_agent is not None:
        changes["assigned_agent"] = reply.assigned_agent
    if reply.tags:
        changes["tags"] = reply.tags
    return changes


@with_files
@write_transaction
def add_comment_with_changes(
    *,
    actor: Actor,
    ticket_id: int,
    description: str,
    changes: Mapping[str, Any],
    is_internal: bool = False,
    status: str = "",
    attachments: Sequence[Upload] = (),
    seen: Seen | None = None,
    client_token: str | None = None,
    at: datetime | None = None,
) -> CommentResult:
    """Write a comment and change the ticket, both or neither.

    `changes` are new values by field, as `update_ticket` takes them, but that tags are added to those that the ticket
    has; a `status` that was asked for goes before theirs.
    All else is as for `add_comment`. Raises like `add_comment` and `update_ticket`.
    """
    result = add_comment(
        actor=actor,
        ticket_id=ticket_id,
        description=description,
        is_internal=is_internal,
        status=status,
        attachments=attachments,
        seen=seen,
        client_token=client_token,
        at=at,
    )
    wanted = {name: value for name, value in changes.items() if not (status and name == "status")}
    if not result.created or not wanted:
        return result
    if "tags" in wanted:
        # The comment has locked the ticket: nobody changes its tags in between.
        wanted["tags"] = [*result.comment.ticket.tags, *wanted["tags"]]
    updated = update_ticket(actor=actor, ticket_id=ticket_id, changes=wanted, at=at)
    moved = updated.ticket.status if "status" in updated.changes else result.status
    result.comment.ticket = updated.ticket
    return CommentResult(result.comment, True, result.reopened, moved)
