"""Writing what belongs to tickets: files, links, merges, ratings, watchers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, ClassVar

from django.db.models import Q

from accounts.models import User
from activity.receivers.attachments import on_attachment_created
from activity.receivers.links import on_link_created
from activity.receivers.ratings import on_ticket_rated
from activity.receivers.watching import on_watcher_added
from tickets.attachments.models import Attachment
from tickets.figures.facts import month_of, reporting_day
from tickets.links.kinds import SYMMETRIC
from tickets.links.models import TicketLink
from tickets.merging.chains import leads_of, leads_to
from tickets.merging.models import Merge
from tickets.models import Comment, Ticket
from tickets.ratings.models import Rating
from tickets.watching.models import TicketWatcher
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
from tms_site.transfer.values import Values

ENDS = ("source", "target")


class AttachmentWriter(Writer):
    """Files. Their bytes lie in the storage before the batch begins (tms_site.transfer.folders)."""

    table = "attachments"
    model = Attachment
    renamed: ClassVar[Mapping[str, str]] = {"creation_date": "created"}

    def make(self, row: Row, context: Context) -> Attachment:
        """Return the row of a file."""
        values = row.values
        comment = values["comment"]
        ticket = values["ticket"] or _ticket_of(comment)
        if comment is not None and comment.pk is not None and ticket.pk is not None and comment.ticket_id != ticket.pk:
            raise FieldError("comment", "is on another ticket")
        beginning = ticket if comment is None else comment
        attachment = Attachment(
            ticket=ticket,
            comment=comment,
            uploaded_by=values["uploaded_by"] or _author_of(beginning),
            creation_date=values["created"] or beginning.creation_date,
        )
        if row.stored is not None:
            for name, value in asdict(row.stored).items():
                setattr(attachment, name, value)
        return attachment

    def write(self, rows: Sequence[Row], context: Context) -> None:
        """Write the rows of files."""
        insert([row.instance for row in rows])
        for row in rows:
            attachment = row.instance
            on_attachment_created(
                Attachment, attachment=attachment, actor=attachment.uploaded_by, at=attachment.creation_date
            )
        remember(self.table, rows, context)


def _ticket_of(comment: Comment | None) -> Ticket:
    if comment is None:
        raise FieldError("ticket", "is missing, and the comment too")
    return comment.ticket if comment.ticket_id else Ticket()


def _author_of(row: Ticket | Comment) -> User | None:
    if not _is_written(row):
        return None
    return row.commented_by if isinstance(row, Comment) else row.requester


def _is_written(row: object) -> bool:
    return getattr(row, "pk", None) is not None


class LinkWriter(Writer):
    """Links between tickets; there's one of a kind between two of them, whichever way round."""

    table = "links"
    model = TicketLink
    known_by = ("source", "kind", "target")
    renamed: ClassVar[Mapping[str, str]] = {"created_at": "created"}

    def identity(self, values: Values) -> str:
        """Return both ends, those of a link that says the same from either always in one order."""
        if values["kind"] in SYMMETRIC:
            values = values | dict(zip(ENDS, sorted(values[end] for end in ENDS), strict=True))
        return super().identity(values)

    def known_as(self, values: Values) -> tuple[Any, ...] | None:
        """Return the same with the tickets themselves."""
        known = super().known_as(values)
        if known is None or values["kind"] not in SYMMETRIC:
            return known
        return values["kind"], *sorted(values[end].pk for end in ENDS)

    def is_there(self, values: Values) -> bool:
        """Tell whether the two are linked so already."""
        source, target = values["source"], values["target"]
        if not (_is_written(source) and _is_written(target)):
            return False
        ends = Q(source=source, target=target)
        if values["kind"] in SYMMETRIC:
            ends |= Q(source=target, target=source)
        return TicketLink.objects.filter(ends, kind=values["kind"]).exists()

    def make(self, row: Row, context: Context) -> TicketLink:
        """Return a link."""
        values = row.values
        if _is_written(values["source"]) and values["source"] == values["target"]:
            raise FieldError("target", "is the ticket itself")
        return TicketLink(
            source=values["source"],
            target=values["target"],
            kind=values["kind"],
            created_by=values["created_by"],
            created_at=values["created"] or context.begun,
        )

    def write(self, rows: Sequence[Row], context: Context) -> None:
        """Write links."""
        insert([row.instance for row in rows])
        for row in rows:
            link = row.instance
            on_link_created(TicketLink, link=link, actor=actor_of(link.created_by), at=link.created_at)


class MergeWriter(Writer):
    """Merges that hold: with what it takes to undo them."""

    table = "merges"
    model = Merge
    known_by = ("source", "target")
    renamed: ClassVar[Mapping[str, str]] = {"merged_at": "merged", "resolution_date": "resolved"}

    def is_there(self, values: Values) -> bool:
        """Tell whether the ticket is merged there already."""
        source, target = values["source"], values["target"]
        return _is_written(source) and _is_written(target) and source.merged_into_id == target.pk

    def make(self, row: Row, context: Context) -> Merge:
        """Return a merge."""
        values = row.values
        source, target = values["source"], values["target"]
        if _is_written(source):
            _check_mergeable(source, target, context)
        moved = [[comment.pk, before.pk if before else None] for comment, before in values["comments"]]
        return Merge(
            source=source,
            target=target,
            merged_by=values["merged_by"],
            merged_at=values["merged"] or context.begun,
            status=values["status"],
            resolution_date=values["resolved"],
            moved={
                "comments": moved,
                "tags": sorted(tag_words("tags", values["tags"])),
                "watchers": [user.pk for user in values["watchers"]],
            },
        )

    def write(self, rows: Sequence[Row], context: Context) -> None:
        """Write merges, and let the tickets lead on."""
        insert([row.instance for row in rows])
        for row in rows:
            Ticket.objects.filter(pk=row.instance.source_id).update(merged_into=row.instance.target)


def _check_mergeable(source: Ticket, target: Ticket, context: Context) -> None:
    """Refuse a merge that can't be, also together with those of earlier lines, which aren't written yet."""
    if source == target:
        raise FieldError("target", "is the ticket itself")
    merged_into = source.merged_into_id or context.leads.get(source.pk)
    if merged_into is not None:
        raise FieldError("source", f"is merged into #{merged_into} already")
    if not source.is_resolved:
        raise FieldError("source", "isn't resolved, as every merged ticket is")
    context.leads.update(leads_of([target.pk]))
    if leads_to(target.pk, source.pk, context.leads):
        raise FieldError("target", "is merged into the ticket itself")
    context.leads[source.pk] = target.pk


class RatingWriter(Writer):
    """What requesters say of their tickets, one each."""

    table = "ratings"
    model = Rating
    known_by = ("ticket",)
    renamed: ClassVar[Mapping[str, str]] = {"rated_at": "rated"}

    def is_there(self, values: Values) -> bool:
        """Tell whether the ticket is rated already."""
        return _is_written(values["ticket"]) and Rating.objects.filter(ticket=values["ticket"]).exists()

    def make(self, row: Row, context: Context) -> Rating:
        """Return a rating, counted in its month."""
        values, ticket = row.values, row.values["ticket"]
        rated = values["rated"] or context.begun
        if _is_written(ticket):
            not_before("rated", rated, ticket.creation_date, "its ticket was created")
        whose = {name: values[name] for name in ("agent", "team", "category")}
        rating = Rating(ticket=ticket, value=values["value"], text=values["text"], rated_at=rated, **whose)
        rating.month = month_of(reporting_day(rated))
        clean(rating, ("ticket", "agent", "team", "category"))
        return rating

    def write(self, rows: Sequence[Row], context: Context) -> None:
        """Write ratings."""
        insert([row.instance for row in rows])
        for row in rows:
            rating, ticket = row.instance, row.instance.ticket
            changes = {"rating": (None, rating.value)} | ({"rating_text": ("", rating.text)} if rating.text else {})
            on_ticket_rated(
                Ticket, ticket=ticket, rating=rating, changes=changes, actor=ticket.requester, at=rating.rated_at
            )


class WatcherWriter(Writer):
    """Who watches which ticket."""

    table = "watchers"
    model = TicketWatcher
    known_by = ("ticket", "user")

    def is_there(self, values: Values) -> bool:
        """Tell whether they watch it already."""
        ticket, user = values["ticket"], values["user"]
        if not (_is_written(ticket) and _is_written(user)):
            return False
        return TicketWatcher.objects.filter(ticket=ticket, user=user).exists()

    def make(self, row: Row, context: Context) -> TicketWatcher:
        """Return who watches what."""
        values = row.values
        return TicketWatcher(ticket=values["ticket"], user=values["user"], since=values["since"] or context.begun)

    def write(self, rows: Sequence[Row], context: Context) -> None:
        """Write watchers."""
        insert([row.instance for row in rows])
        for row in rows:
            watcher = row.instance
            on_watcher_added(Ticket, ticket=watcher.ticket, user=watcher.user, actor=watcher.user, at=watcher.since)
