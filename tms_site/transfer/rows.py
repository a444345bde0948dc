"""The rows of an export, table by table, in the order of their numbers and a batch at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import is_password_usable
from django.db.models import QuerySet

from accounts.models import User
from tickets.attachments.models import Attachment
from tickets.links.models import TicketLink
from tickets.merging.models import Merge
from tickets.models import Category, Comment, SavedView, Team, TeamMember, Ticket, TicketTag
from tickets.ratings.models import Rating
from tickets.replies.models import CannedReply
from tickets.watching.models import TicketWatcher
from tms_site.transfer.folders import FILES
from tms_site.transfer.parameters import with_names

BATCH = 1_000

Cells = dict[str, Any]


@dataclass(frozen=True)
class Options:
    """What an export takes along besides what it always does."""

    with_password_hashes: bool = False


def utc(moment: datetime | None) -> str | None:
    """Return a moment in ISO 8601, in UTC and to the microsecond."""
    return None if moment is None else moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _batches(rows: QuerySet[Any], *names: str) -> Iterator[list[Cells]]:
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk").values("pk", *names)[:BATCH]):
        yield batch
        last = batch[-1]["pk"]


def _key(number: int | None) -> str | None:
    return None if number is None else str(number)


def _users(alias: str, options: Options) -> Iterator[Cells]:
    names = (
        "email",
        "username",
        "role",
        "is_active",
        "is_away",
        "date_joined",
        "time_zone",
        "theme",
        "shortcuts",
        "password",
    )
    for batch in _batches(User.objects.using(alias), *names):
        addresses = EmailAddress.objects.using(alias).filter(user__in=[row["pk"] for row in batch])
        verified = set(addresses.filter(primary=True, verified=True).values_list("user", flat=True))
        for row in batch:
            cells = {
                "email": row["email"],
                "name": row["username"],
                **{name: row[name] for name in ("role", "is_active", "is_away")},
                "verified": row["pk"] in verified,
                "joined": utc(row["date_joined"]),
                **{name: row[name] for name in ("time_zone", "theme", "shortcuts")},
            }
            digest = row["password"] if is_password_usable(row["password"]) else None
            yield cells | ({"password_hash": digest} if options.with_password_hashes else {})


def _teams(alias: str, options: Options) -> Iterator[Cells]:
    for batch in _batches(Team._meta.base_manager.using(alias), "name", "is_active"):
        members: dict[int, list[str]] = defaultdict(list)
        rows = TeamMember.objects.using(alias).filter(team__in=[row["pk"] for row in batch])
        for team, email in rows.order_by("user__email_key").values_list("team", "user__email"):
            members[team].append(email)
        for row in batch:
            yield {"name": row["name"], "is_active": row["is_active"], "members": members[row["pk"]]}


def _categories(alias: str, options: Options) -> Iterator[Cells]:
    own = ("name", "description", "is_active", "position")
    for batch in _batches(Category._meta.base_manager.using(alias), *own, "default_team__name", "default_priority"):
        for row in batch:
            cells = {name: row[name] for name in own}
            yield cells | {"default_team": row["default_team__name"], "default_priority": row["default_priority"]}


def _tickets(alias: str, options: Options) -> Iterator[Cells]:
    own = ("title", "description", "status", "priority")
    others = {
        "requester": "requester__email",
        "created_by": "created_by__email",
        "agent": "assigned_agent__email",
        "team": "team__name",
        "category": "category__name",
    }
    moments = {"created": "creation_date", "updated": "updated_at", "resolved": "resolution_date"}
    for batch in _batches(Ticket.objects.using(alias), *own, *others.values(), *moments.values()):
        tags = _tags(alias, [row["pk"] for row in batch])
        for row in batch:
            yield {
                "key": str(row["pk"]),
                "number": row["pk"],
                **{name: row[name] for name in own},
                **{name: row[column] for name, column in others.items()},
                "tags": sorted(tags[row["pk"]]),
                **{name: utc(row[column]) for name, column in moments.items()},
            }


def _tags(alias: str, numbers: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = TicketTag.objects.using(alias).filter(ticket__in=numbers)
    for ticket, name in rows.values_list("ticket", "tag__name"):
        found[ticket].append(name)
    return found


def _existing(alias: str, model: type[Ticket | Comment], numbers: Iterable[int | None]) -> set[int]:
    wanted = {number for number in numbers if number is not None}
    return set(QuerySet(model, using=alias).filter(pk__in=wanted).values_list("pk", flat=True)) if wanted else set()


def _comments(alias: str, options: Options) -> Iterator[Cells]:
    names = ("ticket", "commented_by__email", "description", "is_internal", "creation_date", "edited_at", "moved_from")
    for batch in _batches(Comment.objects.using(alias), *names):
        existing = _existing(alias, Ticket, [row["moved_from"] for row in batch])
        for row in batch:
            yield {
                "key": str(row["pk"]),
                "number": row["pk"],
                "ticket": str(row["ticket"]),
                "author": row["commented_by__email"],
                "text": row["description"],
                "is_internal": row["is_internal"],
                "created": utc(row["creation_date"]),
                "edited": utc(row["edited_at"]),
                "written_on": _key(row["moved_from"] if row["moved_from"] in existing else None),
            }


def _attachments(alias: str, options: Options) -> Iterator[Cells]:
    own = ("name", "size", "sha256")
    names = ("ticket", "comment", *own, "storage_name", "uploaded_by__email", "creation_date")
    for batch in _batches(Attachment.objects.using(alias), *names):
        for row in batch:
            yield {
                "key": str(row["pk"]),
                "number": row["pk"],
                "ticket": str(row["ticket"]),
                "comment": _key(row["comment"]),
                "name": row["name"],
                "file": f"{FILES}/{row['pk']}",
                "size": row["size"],
                "sha256": row["sha256"],
                "uploaded_by": row["uploaded_by__email"],
                "created": utc(row["creation_date"]),
                # For the exporter, which takes it away.
                "storage_name": row["storage_name"],
            }


def _links(alias: str, options: Options) -> Iterator[Cells]:
    for batch in _batches(
        TicketLink.objects.using(alias), "source", "kind", "target", "created_by__email", "created_at"
    ):
        for row in batch:
            yield {
                "source": str(row["source"]),
                "kind": row["kind"],
                "target": str(row["target"]),
                "created_by": row["created_by__email"],
                "created": utc(row["created_at"]),
            }


def _merges(alias: str, options: Options) -> Iterator[Cells]:
    names = ("source", "target", "merged_by__email", "merged_at", "status", "resolution_date", "moved")
    for batch in _batches(Merge.objects.using(alias).in_force(), *names):
        pairs = [pair for row in batch for pair in row["moved"].get("comments", [])]
        comments = _existing(alias, Comment, [comment for comment, _before in pairs])
        tickets = _existing(alias, Ticket, [before for _comment, before in pairs])
        watchers = {number for row in batch for number in row["moved"].get("watchers", [])}
        emails = dict(User.objects.using(alias).filter(pk__in=watchers).values_list("pk", "email"))
        for row in batch:
            yield {
                "source": str(row["source"]),
                "target": str(row["target"]),
                "merged_by": row["merged_by__email"],
                "merged": utc(row["merged_at"]),
                "status": row["status"],
                "resolved": utc(row["resolution_date"]),
                "comments": [
                    [str(comment), _key(before if before in tickets else None)]
                    for comment, before in row["moved"].get("comments", [])
                    if comment in comments
                ],
                "tags": row["moved"].get("tags", []),
                "watchers": [emails[number] for number in row["moved"].get("watchers", []) if number in emails],
            }


def _ratings(alias: str, options: Options) -> Iterator[Cells]:
    others = {"agent": "agent__email", "team": "team__name", "category": "category__name"}
    for batch in _batches(Rating.objects.using(alias), "ticket", "value", "text", "rated_at", *others.values()):
        for row in batch:
            cells = {"ticket": str(row["ticket"]), "value": row["value"], "text": row["text"]}
            yield cells | {"rated": utc(row["rated_at"]), **{name: row[column] for name, column in others.items()}}


def _watchers(alias: str, options: Options) -> Iterator[Cells]:
    for batch in _batches(TicketWatcher.objects.using(alias), "ticket", "user__email", "since"):
        for row in batch:
            yield {"ticket": str(row["ticket"]), "user": row["user__email"], "since": utc(row["since"])}


def _replies(alias: str, options: Options) -> Iterator[Cells]:
    own = ("name", "shortcut", "body", "is_shared", "status", "priority", "assignment")
    for batch in _batches(CannedReply.objects.using(alias), "owner__email", *own, "assigned_agent__email", "tags"):
        for row in batch:
            cells = {"key": str(row["pk"]), "number": row["pk"], "owner": row["owner__email"]}
            cells |= {name: row[name] for name in own}
            yield cells | {"agent": row["assigned_agent__email"], "tags": row["tags"]}


def _views(alias: str, options: Options) -> Iterator[Cells]:
    own = ("is_shared", "is_default", "position")
    for batch in _batches(SavedView.objects.using(alias), "slug", "owner__email", "name", "parameters", *own):
        for row in batch:
            cells = {"slug": row["slug"], "owner": row["owner__email"], "name": row["name"]}
            yield cells | {"parameters": with_names(row["parameters"], alias)} | {name: row[name] for name in own}


ROWS: dict[str, Callable[[str, Options], Iterator[Cells]]] = {
    "users": _users,
    "teams": _teams,
    "categories": _categories,
    "tickets": _tickets,
    "comments": _comments,
    "attachments": _attachments,
    "links": _links,
    "merges": _merges,
    "ratings": _ratings,
    "watchers": _watchers,
    "replies": _replies,
    "views": _views,
}
