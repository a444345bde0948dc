"""Where a timeline comes from: the comments of a ticket and the entries of the log, each in the timeline's order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import Count, F, Q, QuerySet, Value
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from activity.audience import merge_number
from activity.models import ActivityLog
from activity.querysets import ActivityQuerySet
from activity.timeline.events import Event, event_of
from activity.timeline.positions import CHANGE, COMMENT, Position
from tickets import policies
from tickets.models import Comment, Ticket
from tickets.querysets import CommentQuerySet
from tickets.watching.mentions import attach_mentions
from tms_site.lib.index_hint import force_index

# Comment or change, and its number.
Key = tuple[int, int]
BY_DATE = (COMMENT, "creation_date")
ANCHOR = re.compile(r"(comment|event)-([0-9]{1,18})")


class Show(models.TextChoices):
    """Which events somebody wants to see."""

    ALL = "all", _("All")
    CONVERSATION = "conversation", _("Conversation")
    NOTES = "notes", _("Internal notes")
    CHANGES = "changes", _("Changes")


@dataclass(frozen=True)
class Source:
    """Rows of one kind, and the index that has their order."""

    rank: int
    column: str
    rows: QuerySet[Any]
    index: str

    def keys(self, limit: int, *, before: Position | None = None, after: Position | None = None) -> QuerySet[Any]:
        """Return the query for the places of the last rows, or of the first ones after a position."""
        rows = self.rows
        if before is not None:
            rows = rows.filter(before.before(self.rank, self.column))
        if after is not None:
            rows = rows.filter(after.after(self.rank, self.column))
        rank = Value(self.rank, models.IntegerField())
        # Each of them is found by the ticket's number, so that its index can serve it.
        keyed = force_index(rows, self.index, also_sqlite=True).annotate(event_rank=rank, event_at=F(self.column))
        keys: QuerySet[Any] = keyed.values("event_at", "event_rank", "id")
        return keys


class Sources:
    """What `actor` may read of a ticket's timeline, as far as they want to see it.

    Args:
        ticket: a ticket that's visible to the actor.
        actor: who reads.
        show: which events.
        public: only what everybody on the ticket may read: no notes, nothing of the desk's, whoever reads.
    """

    def __init__(self, ticket: Ticket, actor: Actor, show: Show = Show.ALL, *, public: bool = False) -> None:
        self.ticket = ticket
        self.actor = actor
        self.show = show
        self.public = public or not policies.can_see_notes(actor)

    def newest(self, limit: int, *, before: Position | None = None) -> list[Key]:
        """Return the last events before a position, oldest first."""
        return self._read("DESC", [source.keys(limit, before=before) for source in self._chosen], limit)[::-1]

    def oldest(self, limit: int, *, after: Position | None = None) -> list[Key]:
        """Return the first events after a position, oldest first."""
        return self._read("ASC", [source.keys(limit, after=after) for source in self._chosen], limit)

    def _read(self, direction: Literal["ASC", "DESC"], queries: list[QuerySet[Any]], limit: int) -> list[Key]:
        """Read the beginnings of several queries as one, which Django can't say for SQLite.

        Each beginning is read from its index, so that no engine sorts more than it returns.
        """
        parts: list[str] = []
        values: list[Any] = []
        columns = ("event_at", "event_rank", "id")
        for query in queries:
            by = [
                F(column).asc() if direction == "ASC" else F(column).desc()
                for column in columns
                if column != "event_rank"
            ]
            try:
                sql, parameters = query.order_by(*by)[:limit].query.sql_with_params()
            except EmptyResultSet:
                continue
            # The text is Django's, and what people typed is among the parameters.
            parts.append(f"SELECT * FROM ({sql}) AS part{len(parts)}")  # noqa: S608
            values += parameters
        if not parts:
            return []
        order = ", ".join(f"{column} {direction}" for column in columns)
        statement = f"SELECT event_rank, id FROM ({' UNION ALL '.join(parts)}) AS events ORDER BY {order} LIMIT %s"  # noqa: S608 - see above
        with connection.cursor() as cursor:
            cursor.execute(statement, [*values, limit])
            return [(rank, pk) for rank, pk in cursor.fetchall()]

    def events(self, keys: list[Key]) -> list[Event]:
        """Return events as pages show them, in the order of their keys; what has gone meanwhile is left out."""
        comments, changes = ([pk for rank, pk in keys if rank == wanted] for wanted in (COMMENT, CHANGE))
        rows: dict[Key, Any] = {}
        untold: frozenset[int] = frozenset()
        if comments:
            read = self._comments.for_conversation() if self.ticket.has_files else self._comments.with_author()
            found = list(read.filter(pk__in=comments))
            if not self.public:
                attach_mentions(found, self.actor, self.ticket.colleagues)
            rows |= {(COMMENT, comment.pk): comment for comment in found}
        if changes:
            entries = list(ActivityLog.objects.for_timeline().filter(pk__in=changes))
            rows |= {(CHANGE, entry.pk): entry for entry in entries}
            untold = self._untold(entries)
        shown = [rows[key] for key in keys if key in rows]
        return [event_of(row, self.ticket, self.actor, public=self.public, untold=untold) for row in shown]

    def _untold(self, entries: list[ActivityLog]) -> frozenset[int]:
        """Return the tickets that this one was merged into, as the entries say, and that its requester may not see."""
        merged = {merge_number(entry.changes) for entry in entries if entry.ticket_id == self.ticket.pk}
        numbers = frozenset(number for number in merged if number is not None)
        if not numbers or not self.public:
            return frozenset()
        seen = Ticket.objects.visible_to(self.ticket.requester).filter(pk__in=numbers)
        return numbers.difference(seen.values_list("pk", flat=True))

    def find(self, anchor: str) -> Position | None:
        """Return where the event with this anchor stands; None where the actor meets none."""
        found = ANCHOR.fullmatch(anchor)
        if found is None:
            return None
        number = int(found[2])
        if found[1] == "comment":
            at = self._comments.filter(pk=number).values_list("creation_date", flat=True).first()
            return None if at is None else Position(at, COMMENT, number)
        here = Q(ticket_id=self.ticket.pk) | Q(other_ticket_id=self.ticket.pk)
        entries = self._told(ActivityLog.objects.filter(here, pk=number, in_timeline=True))
        at = entries.values_list("activity_date", flat=True).first()
        return None if at is None else Position(at, CHANGE, number)

    def tally(self, first: Position | None, last: Position) -> tuple[int, int]:
        """Return how many comments stand between two places, those included, and how many of them are notes."""
        rows = next((source.rows for source in self._chosen if source.rank == COMMENT), Comment.objects.none())
        rows = rows.filter(last.next.before(COMMENT, "creation_date"))
        if first is not None:
            rows = rows.exclude(first.before(COMMENT, "creation_date"))
        counted = rows.order_by().aggregate(all=Count("pk"), notes=Count("pk", filter=Q(is_internal=True)))
        return counted["all"], counted["notes"]

    @cached_property
    def _chosen(self) -> list[Source]:
        if self.show == Show.CHANGES:
            return self._changes
        if self.show in (Show.CONVERSATION, Show.NOTES):
            return [self._of_kind(is_internal=self.show == Show.NOTES)]
        every = Source(*BY_DATE, self._comments, "comment_ticket_date")
        return [self._of_kind(is_internal=False) if self.public else every, *self._changes]

    def _of_kind(self, *, is_internal: bool) -> Source:
        return Source(*BY_DATE, self._comments.filter(is_internal=is_internal), "comment_ticket_kind_date")

    @property
    def _comments(self) -> CommentQuerySet:
        comments = Comment.objects.filter(ticket=self.ticket).visible_to(self.actor)
        return comments.public() if self.public else comments

    @property
    def _changes(self) -> list[Source]:
        own = self._told(ActivityLog.objects.timeline_of(self.ticket))
        others = self._told(ActivityLog.objects.timeline_from_others(self.ticket))
        return [
            Source(CHANGE, "activity_date", own, "activity_timeline"),
            Source(CHANGE, "activity_date", others, "activity_other_timeline"),
        ]

    def _told(self, entries: ActivityQuerySet) -> ActivityQuerySet:
        return entries.filter(for_desk=False) if self.public else entries


def offered(actor: Actor, ticket: Ticket) -> list[Show]:
    """Return what `actor` can choose between: who may see no notes never learns that there are any."""
    return [show for show in Show if show != Show.NOTES or policies.can_see_notes(actor)]
