"""Reading tickets and comments with their revisions and entries, some at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from activity.enums import ActivityType, TargetType
from activity.integrity.history import History, Row
from activity.integrity.progress import Progress
from activity.integrity.purges import Purges
from activity.models import ActivityLog
from tickets.merging.chains import leads_of, leads_to
from tickets.models import Comment, CommentRevision, Ticket, TicketRevision
from tickets.sorting.tagging import tags_of

BATCH = 200
TICKET_VALUES = ("title", "description", "status", "priority", "resolution_date")


Findings = Callable[[list[int], Purges], dict[int, list[str]]]


def numbers_in_batches(rows: QuerySet[Any]) -> Iterator[list[int]]:
    """Yield the ids of all rows, some at a time, without holding a cursor open or more than a batch in memory."""
    last = 0
    while numbers := list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        yield numbers
        last = numbers[-1]


def check_tickets(progress: Progress) -> Iterator[str]:
    """Yield what doesn't fit about tickets."""
    progress.begin("tickets")
    yield from _check(Ticket.objects.all(), _ticket_findings, progress)


def check_comments(progress: Progress) -> Iterator[str]:
    """Yield what doesn't fit about comments."""
    progress.begin("comments")
    yield from _check(Comment.objects.all(), _comment_findings, progress)


def _check(rows: QuerySet[Any], findings: Findings, progress: Progress) -> Iterator[str]:
    purges = Purges.load()
    for numbers in numbers_in_batches(rows):
        suspects = [number for number, lines in findings(numbers, purges).items() if lines]
        for number in suspects:
            yield from _look_again(rows, number, findings)
        progress.advance(len(numbers))


def _look_again(rows: QuerySet[Any], number: int, findings: Findings) -> list[str]:
    # With the row locked nobody changes it between one query and the next; services lock it first.
    with transaction.atomic():
        if not list(rows.select_for_update().filter(pk=number).values_list("pk")):
            return []
        return findings([number], Purges.load())[number]


def _ticket_findings(numbers: list[int], purges: Purges) -> dict[int, list[str]]:
    revisions = _revisions(TicketRevision.objects.filter(ticket__in=numbers), "ticket_id")
    tags = tags_of(numbers)
    entries = _entries(TargetType.TICKET, numbers)
    leads = leads_of(numbers)
    found = {}
    for ticket in Ticket.objects.filter(pk__in=numbers).order_by("pk"):
        values = {name: getattr(ticket, name) for name in TICKET_VALUES}
        values |= {"requester": ticket.requester_id, "assigned_agent": ticket.assigned_agent_id}
        values["merged_into"] = ticket.merged_into_id
        values |= {"category": ticket.category_id, "team": ticket.team_id, "tags": tags.get(ticket.pk, [])}
        row = Row(
            name=f"Ticket #{ticket.pk}",
            version=ticket.version,
            created_at=ticket.creation_date,
            created_by=ticket.created_by_id,
            values=values,
            revisions=revisions[ticket.pk],
        )
        history = History(row, entries[ticket.pk], purges)
        found[ticket.pk] = [*_resolution(ticket), *_circle(ticket, leads), *history.findings()]
    return found


def _resolution(ticket: Ticket) -> Iterator[str]:
    if ticket.is_resolved and ticket.resolution_date is None:
        yield f"Ticket #{ticket.pk}: resolved without a resolution date"
    if not ticket.is_resolved and ticket.resolution_date is not None:
        yield f"Ticket #{ticket.pk}: a resolution date although it isn't resolved"


def _circle(ticket: Ticket, leads: Mapping[int, int]) -> Iterator[str]:
    if leads_to(ticket.pk, ticket.pk, leads):
        yield f"Ticket #{ticket.pk}: merged into #{ticket.merged_into_id}, which leads back to it"


def _comment_findings(numbers: list[int], purges: Purges) -> dict[int, list[str]]:
    revisions = _revisions(CommentRevision.objects.filter(comment__in=numbers), "comment_id")
    entries = _entries(TargetType.COMMENT, numbers)
    found = {}
    for comment in Comment.objects.filter(pk__in=numbers).order_by("pk"):
        row = Row(
            name=f"Comment {comment.pk} on ticket #{comment.ticket_id}",
            version=comment.version,
            created_at=comment.creation_date,
            created_by=comment.commented_by_id,
            values={"description": comment.description, "is_internal": comment.is_internal},
            revisions=revisions[comment.pk],
        )
        found[comment.pk] = list(History(row, entries[comment.pk], purges).findings())
    return found


def _revisions(rows: Iterable[Any], owner: str) -> dict[int, dict[int, dict[str, Any]]]:
    found: dict[int, dict[int, dict[str, Any]]] = defaultdict(dict)
    for revision in rows:
        found[getattr(revision, owner)][revision.version] = revision.values if isinstance(revision.values, dict) else {}
    return found


def _entries(target_type: TargetType, numbers: list[int]) -> dict[int | None, list[ActivityLog]]:
    told = (ActivityType.CREATE, ActivityType.UPDATE, ActivityType.DELETE, ActivityType.RESTORE)
    rows = ActivityLog.objects.filter(target_type=target_type, target_id__in=numbers, activity_type__in=told)
    found: dict[int | None, list[ActivityLog]] = defaultdict(list)
    for entry in rows.only("activity_type", "activity_date", "target_id", "changes").order_by("pk"):
        found[entry.target_id].append(entry)
    return found
