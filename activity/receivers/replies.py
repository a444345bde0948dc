"""What the log hears of canned replies."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import Signal
from django.utils.translation import gettext

from accounts.actors import Actor
from activity.enums import ActivityType, TargetType
from activity.receivers.targets import Receiver
from activity.sentences import changes_as_json, quote, summary
from activity.services import Entry, Target, record
from tickets import signals
from tickets.replies.models import CannedReply


def _reply_target(reply: CannedReply) -> Target:
    return Target(TargetType.REPLY, reply.pk, reply.name)


def on_reply_created(
    sender: object,
    *,
    reply: CannedReply,
    changes: dict[str, tuple[Any, Any]],
    actor: Actor,
    at: datetime,
    **kwargs: Any,
) -> None:
    """Write that somebody keeps a canned reply, with what it says."""
    details = gettext("Saved the canned reply %(name)s.") % {"name": quote(reply.name)}
    record(Entry(ActivityType.CREATE, _reply_target(reply), details, at, actor, changes=changes_as_json(changes)))


def on_reply_updated(
    sender: object,
    *,
    reply: CannedReply,
    changes: dict[str, tuple[Any, Any]],
    actor: Actor,
    at: datetime,
    **kwargs: Any,
) -> None:
    """Write what changed about a canned reply."""
    values = changes_as_json(changes)
    details = summary(gettext("Canned reply %(name)s") % {"name": quote(reply.name)}, values)
    record(Entry(ActivityType.UPDATE, _reply_target(reply), details, at, actor, changes=values))


def on_reply_deleted(sender: object, *, reply: CannedReply, actor: Actor, at: datetime, **kwargs: Any) -> None:
    """Write that a canned reply was deleted."""
    details = gettext("Deleted the canned reply %(name)s.") % {"name": quote(reply.name)}
    record(Entry(ActivityType.DELETE, _reply_target(reply), details, at, actor))


RECEIVERS: dict[Signal, Receiver] = {
    signals.reply_created: on_reply_created,
    signals.reply_updated: on_reply_updated,
    signals.reply_deleted: on_reply_deleted,
}
