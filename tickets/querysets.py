"""Which tickets and comments one reads, by name."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Count, Exists, F, FilteredRelation, Max, Min, OuterRef, Q, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from tickets.enums import PRIORITY_RANKS, STATUS_RANKS, UNRESOLVED, Status

if TYPE_CHECKING:
    from accounts.actors import Actor
    from accounts.models import User
    from tickets.models import Comment, SavedView, Ticket

PEOPLE = ("requester", "assigned_agent")
SORTED_INTO = ("category", "team")
# What a page shows of a person.
NAME_COLUMNS = ("id", "username", "email")
PEOPLE_COLUMNS = tuple(f"{person}__{column}" for person in PEOPLE for column in NAME_COLUMNS)
SHELF_COLUMNS = tuple(f"{name}__{column}" for name in SORTED_INTO for column in ("id", "name"))
LIST_COLUMNS = (
    "id", "title", "status", "priority", "creation_date", "updated_at", "status_rank", "priority_rank", "merged_into",
    *PEOPLE, *SORTED_INTO,
)  # fmt: skip # one to a line says no more
RATING_COLUMNS = ("id", "ticket", "value", "text", "rated_at")
# The two parts that `is_unresolved` divides the statuses into.
PARTITION = (frozenset(UNRESOLVED), frozenset(Status) - frozenset(UNRESOLVED))


def news_of(version: int, updated_at: datetime, last_comment_id: int | None) -> str:
    """Return what changes whenever a ticket or its conversation does; a merge or a split moves "updated"."""
    return f"{version}.{last_comment_id or 0}.{updated_at:%Y%m%d%H%M%S%f}"


class TicketQuerySet(models.QuerySet["Ticket"]):
    """Named, chainable reads of tickets."""

    def visible_to(self, actor: Actor) -> Self:
        """Tickets that `actor` may see: the desk all, a requester their own."""
        if not actor.is_active:
            return self.none()
        if actor.works_at_desk:
            return self
        return self.filter(requester=actor.pk)

    def with_people(self) -> Self:
        """Load requester and agent, category and team along, with no more of them than a page shows."""
        return self.select_related(*PEOPLE, *SORTED_INTO).only(*self._own_columns(), *PEOPLE_COLUMNS, *SHELF_COLUMNS)

    def for_page(self) -> Self:
        """Load along what the ticket's own page shows: its people, category and team, and how it was rated."""
        rating = [f"rating__{name}" for name in RATING_COLUMNS]
        return self.select_related(*PEOPLE, *SORTED_INTO, "rating").only(
            *self._own_columns(), *PEOPLE_COLUMNS, "requester__is_active", *SHELF_COLUMNS, *rating
        )

    def _own_columns(self) -> list[str]:
        return [field.name for field in self.model._meta.concrete_fields]

    def with_news(self, actor: Actor) -> Self:
        """Load along the newest comment that `actor` may see (`Ticket.news`)."""
        comments: CommentQuerySet = apps.get_model("tickets", "Comment").objects.filter(ticket=OuterRef("pk"))
        # Each in the order of an index.
        newest = (
            comments.order_by("-pk") if actor.works_at_desk else comments.public().order_by("-creation_date", "-pk")
        )
        return self.annotate(last_comment_id=Subquery(newest.values("pk")[:1]))

    def with_seen(self, actor: Actor) -> Self:
        """Load along, for the desk alone, what a reply names as seen besides the newest comment."""
        if not actor.works_at_desk:
            return self
        merges = apps.get_model("tickets", "Merge").objects.filter(target=OuterRef("pk")).order_by("-pk")
        changes = apps.get_model("tickets", "CommentRevision").objects.filter(comment__ticket=OuterRef("pk")).order_by()
        newest_change = changes.values("comment__ticket").annotate(newest=Max("pk")).values("newest")
        return self.annotate(last_merge_id=Subquery(merges.values("pk")[:1]), last_revision_id=Subquery(newest_change))

    def with_watchers(self, actor: Actor) -> Self:
        """Load along, for the desk alone, how many watch it and whether `actor` does."""
        if not actor.works_at_desk:
            return self
        watchers = apps.get_model("tickets", "TicketWatcher").objects.filter(ticket=OuterRef("pk")).order_by()
        count = watchers.values("ticket").annotate(many=Count("pk")).values("many")
        # In the one query, as a page asks it for each of its parts.
        return self.annotate(
            is_watched=Exists(watchers.filter(user=actor.pk)), watcher_count=Coalesce(Subquery(count), 0)
        )

    def with_parts(self) -> Self:
        """Load along which parts it has of those that most tickets don't have, so that none of these is asked for."""
        links, merges, files = (
            apps.get_model("tickets", name).objects for name in ("TicketLink", "Merge", "Attachment")
        )
        here = OuterRef("pk")
        return self.annotate(
            has_links=Exists(links.filter(source=here)) | Exists(links.filter(target=here)),
            has_merges=Exists(merges.filter(target=here)),
            has_files=Exists(files.filter(ticket=here)),
        )

    def with_draft(self, actor: Actor) -> Self:
        """Load along what `actor` has written on it and not sent; nobody else's."""
        return self.annotate(
            own_draft=FilteredRelation("drafts", condition=Q(drafts__user=actor.pk)),
            draft_text=F("own_draft__text"),
            draft_is_internal=F("own_draft__is_internal"),
            draft_token=F("own_draft__client_token"),
            draft_saved_at=F("own_draft__updated_at"),
        )

    def for_list(self) -> Self:
        """Only what a list shows or sorts by.

        Names come by tickets.sorting.lists: joined, people could tempt the database into sorting a million rows.
        """
        return self.only(*LIST_COLUMNS)

    def without_texts(self) -> Self:
        """All but what may be long, and what no page shows."""
        return self.defer("description", "client_token")

    def assigned_to(self, user: User) -> Self:
        """Tickets that `user` works on."""
        return self.filter(assigned_agent=user)

    def assigned(self) -> Self:
        """Tickets that somebody works on."""
        return self.filter(assigned_agent__isnull=False)

    def unassigned(self) -> Self:
        """Tickets that nobody works on."""
        return self.filter(assigned_agent__isnull=True)

    def unresolved(self) -> Self:
        """Tickets that still want something from somebody."""
        return self.with_status(*UNRESOLVED)

    def with_status(self, *statuses: str) -> Self:
        """Tickets with one of these statuses, asked for so that an index serves every order (Ticket.Meta)."""
        tickets = self._with_rank("status_rank", [STATUS_RANKS[status] for status in statuses])
        if Status.RESOLVED not in statuses:
            return tickets.filter(is_unresolved=1)
        return tickets.filter(is_unresolved=0) if len(set(statuses)) == 1 else tickets

    def with_priority(self, *priorities: str) -> Self:
        """Tickets with one of these priorities, likewise."""
        return self._with_rank("priority_rank", [PRIORITY_RANKS[priority] for priority in priorities])

    def counted_with(self, statuses: Collection[str], priorities: Collection[str]) -> Self:
        """Tickets with these statuses and priorities (none: any), asked for so that an index alone counts them.

        No condition follows from another one: of each the index would have to hold the column (plans.index_for_count).
        """
        wanted, tickets = frozenset(statuses), self
        if wanted in PARTITION:
            tickets = tickets.filter(is_unresolved=int(wanted == PARTITION[0]))
        elif wanted and wanted != STATUS_RANKS.keys():
            tickets = self._with_rank("status_rank", [STATUS_RANKS[status] for status in wanted])
        return tickets.with_priority(*priorities) if priorities else tickets

    def _with_rank(self, column: str, ranks: Collection[int]) -> Self:
        wanted = sorted(set(ranks))
        if len(wanted) == 1:
            return self.filter(**{column: wanted[0]})
        return self.filter(**{f"{column}__in": wanted})


def attach_people(tickets: Collection[Ticket]) -> None:
    """Give tickets their requesters and agents: one query for all of them, no more of each than the name."""
    wanted = {number for ticket in tickets for number in (ticket.requester_id, ticket.assigned_agent_id) if number}
    if not wanted:
        return
    users = get_user_model().objects.only(*NAME_COLUMNS).in_bulk(wanted)
    for ticket in tickets:
        ticket.requester = users[ticket.requester_id]
        ticket.assigned_agent = users.get(ticket.assigned_agent_id)


class CommentQuerySet(models.QuerySet["Comment"]):
    """Named, chainable reads of comments."""

    def visible_to(self, actor: Actor) -> Self:
        """Comments that `actor` may see: the desk all, a requester those on their own tickets, without notes."""
        if not actor.is_active:
            return self.none()
        if actor.works_at_desk:
            return self
        return self.public().filter(ticket__requester=actor.pk)

    def public(self) -> Self:
        """Comments without the desk's internal notes."""
        return self.filter(is_internal=False)

    def answers(self, requester: Combinable | None = None) -> Self:
        """The desk's answers: replies by others than the requester, since only the desk may comment on others' tickets.

        `Comment.is_answer` says the same of one comment. `requester` says where the query finds whose ticket it is,
        if not by the ticket.
        """
        return self.public().exclude(commented_by=requester or F("ticket__requester"))

    def first_answers(self) -> Subquery:
        """Return when a ticket's first response was given, for queries of tickets: the earliest answer's date."""
        # By the outer row: MySQL lets no update of tickets read tickets once more.
        answers = self.filter(ticket=OuterRef("pk")).answers(OuterRef("requester"))
        return Subquery(answers.order_by().values("ticket").annotate(first=Min("creation_date")).values("first"))

    def last_answers(self, tickets: Iterable[int]) -> Self:
        """The desk's last answer on each of these tickets."""
        answers = self.filter(ticket__in=list(tickets)).answers()
        return self.filter(pk__in=answers.order_by().values("ticket").annotate(last=Max("pk")).values("last"))

    def for_conversation(self) -> Self:
        """Comments with the names of their authors, no more of them than a page shows, and with their files."""
        return self.with_author().prefetch_related("attachments")

    def with_author(self) -> Self:
        """Comments with what a page shows of their authors."""
        own = [field.name for field in self.model._meta.concrete_fields]
        author = [f"commented_by__{field}" for field in ("id", "username", "email", "role")]
        return self.select_related("commented_by").only(*own, *author)


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    """Named, chainable reads of views."""

    def owned_by(self, actor: Actor) -> Self:
        """The actor's own views."""
        return self.filter(owner=actor.pk)

    def visible_to(self, actor: Actor) -> Self:
        """Views that `actor` may open: their own; at the desk also those that are shared."""
        if not actor.is_active:
            return self.none()
        own = Q(owner=actor.pk)
        return self.filter(own | Q(is_shared=True)) if actor.works_at_desk else self.filter(own)

    def in_order(self) -> Self:
        """Shared ones first, then personal ones, each in their owner's order."""
        return self.order_by("-is_shared", "position", "pk")
