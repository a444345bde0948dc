"""The tables of imports and exports, in the order in which they are read: whoever is spoken of comes first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from accounts.enums import Role, Theme
from tickets.enums import Priority, RatingValue, Status
from tickets.links.kinds import LinkKind
from tickets.replies.models import Assignment


class Kind(Enum):
    """What a cell holds."""

    KEY = auto()
    LINE = auto()
    TEXT = auto()
    MOMENT = auto()
    FLAG = auto()
    NUMBER = auto()
    CHOICE = auto()
    WORDS = auto()
    # Rows of other tables: people by address or key, tickets and comments by key, teams and categories by name.
    USER = auto()
    PEOPLE = auto()
    TICKET = auto()
    COMMENT = auto()
    MOVED = auto()
    TEAM = auto()
    CATEGORY = auto()


# The table that a reference leads to.
TABLES_OF = {
    Kind.USER: "users",
    Kind.PEOPLE: "users",
    Kind.TICKET: "tickets",
    Kind.COMMENT: "comments",
    Kind.MOVED: "comments",
    Kind.TEAM: "teams",
    Kind.CATEGORY: "categories",
}


@dataclass(frozen=True)
class Column:
    """A column. Without `required` a cell may be empty or left out, and is `default` then."""

    name: str
    kind: Kind
    required: bool = False
    default: Any = None
    choices: Sequence[str] = ()


@dataclass(frozen=True)
class Table:
    """A table, one file of an export."""

    name: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> list[str]:
        """The names of its columns."""
        return [column.name for column in self.columns]


def _key(*, required: bool = True) -> Column:
    return Column("key", Kind.KEY, required=required)


_NUMBER = Column("number", Kind.NUMBER)

USERS = Table(
    "users",
    (
        _key(required=False),
        Column("email", Kind.LINE, required=True),
        Column("name", Kind.LINE),
        Column("role", Kind.CHOICE, default=Role.REQUESTER.value, choices=Role.values),
        Column("is_active", Kind.FLAG, default=True),
        Column("is_away", Kind.FLAG, default=False),
        Column("verified", Kind.FLAG, default=True),
        Column("joined", Kind.MOMENT),
        Column("time_zone", Kind.LINE),
        Column("theme", Kind.CHOICE, default=Theme.SYSTEM.value, choices=Theme.values),
        Column("shortcuts", Kind.FLAG, default=True),
        Column("password_hash", Kind.LINE),
    ),
)
TEAMS = Table(
    "teams",
    (
        Column("name", Kind.LINE, required=True),
        Column("is_active", Kind.FLAG, default=True),
        Column("members", Kind.PEOPLE, default=()),
    ),
)
CATEGORIES = Table(
    "categories",
    (
        Column("name", Kind.LINE, required=True),
        Column("description", Kind.LINE, default=""),
        Column("is_active", Kind.FLAG, default=True),
        Column("position", Kind.NUMBER, default=100),
        Column("default_team", Kind.TEAM),
        Column("default_priority", Kind.CHOICE, default="", choices=Priority.values),
    ),
)
TICKETS = Table(
    "tickets",
    (
        _key(),
        _NUMBER,
        Column("title", Kind.LINE, required=True),
        Column("description", Kind.TEXT, required=True),
        Column("status", Kind.CHOICE, default=Status.OPEN.value, choices=Status.values),
        Column("priority", Kind.CHOICE, default=Priority.MEDIUM.value, choices=Priority.values),
        Column("requester", Kind.USER, required=True),
        Column("created_by", Kind.USER),
        Column("agent", Kind.USER),
        Column("team", Kind.TEAM),
        Column("category", Kind.CATEGORY),
        Column("tags", Kind.WORDS, default=()),
        Column("created", Kind.MOMENT),
        Column("updated", Kind.MOMENT),
        Column("resolved", Kind.MOMENT),
    ),
)
COMMENTS = Table(
    "comments",
    (
        _key(),
        _NUMBER,
        Column("ticket", Kind.TICKET, required=True),
        Column("author", Kind.USER),
        Column("text", Kind.TEXT, required=True),
        Column("is_internal", Kind.FLAG, default=False),
        Column("created", Kind.MOMENT),
        Column("edited", Kind.MOMENT),
        Column("written_on", Kind.TICKET),
    ),
)
ATTACHMENTS = Table(
    "attachments",
    (
        _key(),
        _NUMBER,
        Column("ticket", Kind.TICKET),
        Column("comment", Kind.COMMENT),
        Column("name", Kind.LINE, required=True),
        Column("file", Kind.LINE, required=True),
        Column("size", Kind.NUMBER),
        Column("sha256", Kind.LINE),
        Column("uploaded_by", Kind.USER),
        Column("created", Kind.MOMENT),
    ),
)
LINKS = Table(
    "links",
    (
        Column("source", Kind.TICKET, required=True),
        Column("kind", Kind.CHOICE, required=True, choices=LinkKind.values),
        Column("target", Kind.TICKET, required=True),
        Column("created_by", Kind.USER),
        Column("created", Kind.MOMENT),
    ),
)
MERGES = Table(
    "merges",
    (
        Column("source", Kind.TICKET, required=True),
        Column("target", Kind.TICKET, required=True),
        Column("merged_by", Kind.USER),
        Column("merged", Kind.MOMENT),
        Column("status", Kind.CHOICE, default=Status.OPEN.value, choices=Status.values),
        Column("resolved", Kind.MOMENT),
        Column("comments", Kind.MOVED, default=()),
        Column("tags", Kind.WORDS, default=()),
        Column("watchers", Kind.PEOPLE, default=()),
    ),
)
RATINGS = Table(
    "ratings",
    (
        Column("ticket", Kind.TICKET, required=True),
        Column("value", Kind.CHOICE, required=True, choices=RatingValue.values),
        Column("text", Kind.LINE, default=""),
        Column("rated", Kind.MOMENT),
        Column("agent", Kind.USER),
        Column("team", Kind.TEAM),
        Column("category", Kind.CATEGORY),
    ),
)
WATCHERS = Table(
    "watchers",
    (
        Column("ticket", Kind.TICKET, required=True),
        Column("user", Kind.USER, required=True),
        Column("since", Kind.MOMENT),
    ),
)
REPLIES = Table(
    "replies",
    (
        _key(),
        _NUMBER,
        Column("owner", Kind.USER, required=True),
        Column("name", Kind.LINE, required=True),
        Column("shortcut", Kind.LINE, required=True),
        Column("body", Kind.TEXT, required=True),
        Column("is_shared", Kind.FLAG, default=False),
        Column("status", Kind.CHOICE, default="", choices=Status.values),
        Column("priority", Kind.CHOICE, default="", choices=Priority.values),
        Column("assignment", Kind.CHOICE, default="", choices=[value for value in Assignment.values if value]),
        Column("agent", Kind.USER),
        Column("tags", Kind.WORDS, default=()),
    ),
)
VIEWS = Table(
    "views",
    (
        Column("slug", Kind.LINE, required=True),
        Column("owner", Kind.USER, required=True),
        Column("name", Kind.LINE, required=True),
        Column("parameters", Kind.LINE, default=""),
        Column("is_shared", Kind.FLAG, default=False),
        Column("is_default", Kind.FLAG, default=False),
        Column("position", Kind.NUMBER, default=1),
    ),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        USERS, TEAMS, CATEGORIES, TICKETS, COMMENTS, ATTACHMENTS, LINKS, MERGES, RATINGS, WATCHERS, REPLIES, VIEWS,
    )
}  # fmt: skip
