"""Writing tickets and comments, so that log, search and figures are what they'd be if TMS had always had them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import ClassVar

from activity.receivers.comments import on_comment_created
from activity.receivers.tickets import on_ticket_created
from tickets.enums import Status
from tickets.figures import services as figures
from tickets.figures.facts import Facts, State, difference
from tickets.models import Comment, Tag, Ticket, TicketTag
from tickets.search import documents
from tickets.services.agents import release_new
from tickets.sorting.names import name_key
from tms_site.transfer.problems import FieldError
from tms_site.transfer.services.base import (
    Context,
    Row,
    Writer,
    actor_of,
    clean,
    insert,
    not_before,
    remember,
    tag_words,
)

UNASSIGNED = "unassigned, since its agent isn't an active agent or SysAdmin here"
KEYS = ("requester", "created_by", "assigned_agent", "team", "category", "merged_into")


class TicketWriter(Writer):
    """Tickets as they are in the end: in version 1, since what they were before isn't known."""

    table = "tickets"
    model = Ticket
    renamed: ClassVar[Mapping[str, str]] = {
        "creation_date": "created",
        "updated_at": "updated",
        "resolution_date": "resolved",
    }

    def make(self, row: Row, context: Context) -> Ticket:
        """Return a ticket."""
        values = row.values
        created = values["created"] or context.begun
        updated = values["updated"] or values["resolved"] or created
        resolved = values["resolved"]
        if values["status"] == Status.RESOLVED:
            resolved = resolved or max(updated, created)
        elif resolved is not None:
            raise FieldError("resolved", "only a resolved ticket has this time")
        not_before("resolved", resolved, created, "the ticket was created")
        values["tags"] = tag_words("tags", values["tags"])
        ticket = Ticket(
            title=values["title"],
            description=values["description"],
            status=values["status"],
            priority=values["priority"],
            creation_date=created,
            updated_at=max(updated, created),
            resolution_date=resolved,
            requester=values["requester"],
            created_by=values["created_by"],
            assigned_agent=values["agent"],
            team=values["team"],
            category=values["category"],
        )
        clean(ticket, KEYS)
        return ticket

    def settle(self, rows: Sequence[Row]) -> None:
        """Unassign open tickets whose agents aren't at the desk: nobody would find them."""
        released = {id(ticket) for ticket in release_new(row.instance for row in rows)}
        for row in rows:
            row.note = UNASSIGNED if id(row.instance) in released else ""

    def write(self, rows: Sequence[Row], context: Context) -> None:
        """Write tickets with their tags."""
        insert([row.instance for row in rows])
        _write_tags(rows)
        added: Facts = Counter()
        for row in rows:
            ticket = row.instance
            ticket.tags = row.values["tags"]
            on_ticket_created(Ticket, ticket=ticket, actor=actor_of(ticket.created_by), at=ticket.creation_date)
            added.update(difference(None, State.of(ticket)))
        figures.append(added)
        documents.store(
            {
                row.instance.pk: documents.document(
                    requester=row.instance.requester_id, title=row.instance.title, texts=[row.instance.description]
                )
                for row in rows
            }
        )
        remember(self.table, rows, context)


def _write_tags(rows: Sequence[Row]) -> None:
    wanted = {name_key(name): name for row in rows for name in row.values["tags"]}
    if not wanted:
        return
    existing = set(Tag.objects.filter(name_key__in=wanted).values_list("name_key", flat=True))
    # Others may make the same ones at this moment.
    new = [Tag(name=name, name_key=key) for key, name in wanted.items() if key not in existing]
    Tag.objects.bulk_create(new, ignore_conflicts=True)
    numbers = dict(Tag.objects.filter(name_key__in=wanted).values_list("name_key", "pk"))
    TicketTag.objects.bulk_create(
        TicketTag(ticket=row.instance, tag_id=numbers[name_key(name)]) for row in rows for name in row.values["tags"]
    )


class CommentWriter(Writer):
    """Replies and internal notes; which is which never changes on the way."""

    table = "comments"
    model = Comment
    renamed: ClassVar[Mapping[str, str]] = {"creation_date": "created", "edited_at": "edited", "description": "text"}

    def make(self, row: Row, context: Context) -> Comment:
        """Return a comment."""
        values = row.values
        ticket = values["ticket"]
        created = values["created"] or context.begun
        if ticket.pk is not None:
            not_before("created", created, ticket.creation_date, "its ticket was created")
        not_before("edited", values["edited"], created, "the comment was written")
        written_on = values["written_on"]
        comment = Comment(
            ticket=ticket,
            commented_by=values["author"] or (ticket.requester if ticket.requester_id else None),
            description=values["text"],
            is_internal=values["is_internal"],
            creation_date=created,
            edited_at=values["edited"],
            moved_from=written_on.pk if written_on is not None and written_on != ticket else None,
        )
        clean(comment, ("ticket", "commented_by"))
        return comment

    def write(self, rows: Sequence[Row], context: Context) -> None:
        """Write comments, and count the first responses among them."""
        insert([row.instance for row in rows])
        for row in rows:
            comment = row.instance
            on_comment_created(Comment, comment=comment, actor=comment.commented_by, at=comment.creation_date)
        numbers = sorted({row.instance.ticket_id for row in rows})
        tickets = Ticket.objects.filter(pk__in=numbers)
        before = _states(numbers)
        tickets.update(first_response_at=Comment.objects.first_answers())
        added: Facts = Counter()
        for number, state in _states(numbers).items():
            added.update(difference(before[number], state))
        figures.append(Counter({key: amount for key, amount in added.items() if amount}))
        documents.write(numbers)
        remember(self.table, rows, context)


def _states(numbers: Sequence[int]) -> dict[int, State]:
    rows = Ticket.objects.filter(pk__in=numbers).values_list("pk", *State._fields)
    return {row[0]: State(*row[1:]) for row in rows}
