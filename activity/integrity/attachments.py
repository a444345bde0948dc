"""Attached files: each row has its bytes, which are what they were, and stands where its comment stands."""

from __future__ import annotations

from collections.abc import Iterator

from activity.enums import ActivityType, TargetType
from activity.integrity.progress import Progress
from activity.integrity.purges import Purges
from activity.integrity.rows import numbers_in_batches
from activity.models import ActivityLog
from tickets.attachments import files
from tickets.attachments.models import Attachment


def check_attachments(progress: Progress) -> Iterator[str]:
    """Yield what doesn't fit about attached files."""
    progress.begin("attached files")
    purges = Purges.load()
    for numbers in numbers_in_batches(Attachment.objects.all()):
        told = _told(numbers)
        for attachment in Attachment.objects.filter(pk__in=numbers).select_related("comment"):
            for problem in _problems(attachment):
                # It may have been removed meanwhile, with its bytes.
                if Attachment.objects.filter(pk=attachment.pk).exists():
                    yield f"Attachment {attachment.pk} on ticket #{attachment.ticket_id}: {problem}"
            by, at = attachment.uploaded_by_id, attachment.creation_date
            if attachment.pk not in told and not purges.may_have_taken_of(by, at):
                yield f"Attachment {attachment.pk} on ticket #{attachment.ticket_id}: no entry says who attached it"
        progress.advance(len(numbers))


def _told(numbers: list[int]) -> set[int | None]:
    entries = ActivityLog.objects.filter(target_type=TargetType.ATTACHMENT, activity_type=ActivityType.CREATE)
    return set(entries.filter(target_id__in=numbers).values_list("target_id", flat=True))


def _problems(attachment: Attachment) -> Iterator[str]:
    if attachment.comment is not None and attachment.comment.ticket_id != attachment.ticket_id:
        yield f"its comment is on ticket #{attachment.comment.ticket_id}"
    stored = files.digest_of(attachment.storage_name)
    if stored is None:
        yield "its file is gone"
        return
    sha256, size = stored
    if size != attachment.size:
        yield f"its file has {size:,} bytes instead of {attachment.size:,}"
    elif sha256 != attachment.sha256:
        yield "its file isn't the one that was attached"
    if attachment.has_preview and not files.storage().exists(files.preview_name(attachment.storage_name)):
        yield "its preview is gone"
