"""Reading the log itself: seals, and what it says was created but is gone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Max, QuerySet

from activity.audience import audience_of
from activity.enums import ActivityType, TargetType
from activity.integrity.progress import Progress
from activity.integrity.purges import Purges
from activity.integrity.rows import numbers_in_batches
from activity.models import ActivityLog
from activity.seals import is_intact
from activity.sentences import pairs_of
from tickets.attachments.models import Attachment
from tickets.models import Comment, Ticket

ROWS: dict[TargetType, QuerySet[Any]] = {
    TargetType.TICKET: Ticket.objects.all(),
    TargetType.COMMENT: Comment.objects.all(),
    TargetType.ATTACHMENT: Attachment.objects.all(),
}


def check_log(progress: Progress) -> Iterator[str]:
    """Yield each entry that was changed behind TMS, and each thing that is gone without a word."""
    progress.begin("the activity log")
    for numbers in numbers_in_batches(ActivityLog.objects.all()):
        entries = list(ActivityLog.objects.filter(pk__in=numbers).order_by("pk"))
        for entry in entries:
            if not is_intact(entry):
                yield f"Activity {entry.pk} ({entry}) isn't what TMS wrote"
            if (entry.in_timeline, entry.for_desk) != audience_of(
                entry.activity_type, entry.target_type, entry.changes
            ):
                yield f"Activity {entry.pk} ({entry}) isn't told to those whom it concerns in its ticket's timeline"
        yield from _vanished(entries)
        progress.advance(len(numbers))


def _vanished(entries: list[ActivityLog]) -> Iterator[str]:
    for target_type, rows in ROWS.items():
        created = {
            entry.target_id: entry
            for entry in entries
            if entry.target_type == target_type and entry.activity_type == ActivityType.CREATE
        }
        existing = set(rows.filter(pk__in=created).values_list("pk", flat=True))
        for number in sorted(created.keys() - existing, key=str):
            if not _is_explained(created[number]):
                what = f"{target_type.label} {number}"
                yield f"Activity {created[number].pk}: {what} is gone, and no entry says who deleted it"


def _is_explained(creation: ActivityLog) -> bool:
    about = ActivityLog.objects.filter(target_type=creation.target_type, target_id=creation.target_id)
    if _was_deleted(about) or _went_with_others(creation):
        return True
    last: datetime = about.aggregate(last=Max("activity_date"))["last"] or creation.activity_date
    return Purges.load().may_have_taken(last)


def _was_deleted(about: QuerySet[ActivityLog]) -> bool:
    """Tell whether the last word about something is that it was deleted, not that it came back from the trash."""
    words = about.filter(activity_type__in=(ActivityType.DELETE, ActivityType.RESTORE)).order_by("-pk")
    return words.values_list("activity_type", flat=True).first() == ActivityType.DELETE


def _went_with_others(creation: ActivityLog) -> bool:
    """Tell whether what it belonged to was deleted: a comment's ticket, a file's ticket or comment."""
    if creation.target_type == TargetType.TICKET:
        return False
    tickets = ActivityLog.objects.filter(target_type=TargetType.TICKET)
    if any(_was_deleted(tickets.filter(target_id=number)) for number in _stood_on(creation.ticket_id)):
        return True
    _none, comment = pairs_of(creation.changes).get("comment", (None, None))
    if creation.target_type != TargetType.ATTACHMENT or not isinstance(comment, int):
        return False
    return _was_deleted(ActivityLog.objects.filter(target_type=TargetType.COMMENT, target_id=comment))


def _stood_on(ticket_id: int | None) -> list[int]:
    """Return the tickets that a comment may have stood on: the one that it was written on, and where that led."""
    found = [] if ticket_id is None else [ticket_id]
    for number in found:
        moves = ActivityLog.objects.filter(ticket_id=number, target_type=TargetType.TICKET)
        nexts = moves.filter(other_ticket_id__isnull=False).values_list("other_ticket_id", flat=True)
        found += [following for following in dict.fromkeys(nexts) if following and following not in found]
    return found
