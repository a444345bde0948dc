"""What the log hears of files."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import Signal

from accounts.actors import Actor
from activity import sentences
from activity.enums import ActivityType
from activity.receivers.targets import Receiver, attachment_target
from activity.sentences import changes_as_json
from activity.services import Entry, record, record_read
from tickets import signals
from tickets.attachments.models import Attachment


def on_attachment_created(sender: object, *, attachment: Attachment, actor: Actor, at: datetime, **kwargs: Any) -> None:
    """Write that somebody attached a file, with its digest: the log knows for good what it was."""
    details = sentences.attached(attachment.ticket_id, attachment.name, is_internal=attachment.is_internal)
    changes = {name: (None, getattr(attachment, name)) for name in ("name", "size", "sha256")}
    changes["comment"] = (None, attachment.comment_id)
    target = attachment_target(attachment)
    record(Entry(ActivityType.CREATE, target, details, at, actor, changes=changes_as_json(changes)))


def on_attachment_opened(sender: object, *, attachment: Attachment, actor: Actor, at: datetime, **kwargs: Any) -> None:
    """Write that somebody downloaded a file or looked at its preview."""
    details = sentences.opened_file(attachment.ticket_id, attachment.name)
    record_read(actor=actor, target=attachment_target(attachment), details=details, at=at)


def on_attachment_deleted(sender: object, *, attachment: Attachment, actor: Actor, at: datetime, **kwargs: Any) -> None:
    """Write that a file was removed; by the field the timeline knows whether it was a note's."""
    details = sentences.removed_file(attachment.ticket_id, attachment.name)
    changes = changes_as_json({"note_file" if attachment.is_internal else "file": (attachment.name, None)})
    record(Entry(ActivityType.DELETE, attachment_target(attachment), details, at, actor, changes=changes))


RECEIVERS: dict[Signal, Receiver] = {
    signals.attachment_created: on_attachment_created,
    signals.attachment_opened: on_attachment_opened,
    signals.attachment_deleted: on_attachment_deleted,
}
