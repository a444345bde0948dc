"""What is measured: which requests each row of the table consists of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from tms_site.generating.words import Writer

TWO_WORDS = "printer network"


@dataclass(frozen=True)
class Request:
    """One request. A change is sent as htmx sends it, unless `plain`.

    A `stranger` sends no cookies, a `program` sends a token.
    """

    path: str
    data: Mapping[str, str] | None = None
    plain: bool = False
    stranger: bool = False
    program: bool = False

    @property
    def method(self) -> str:
        """GET unless there is something to send."""
        return "GET" if self.data is None else "POST"


@dataclass(frozen=True)
class Targets:
    """What to ask one database for; found by benchmarks.prepare.

    Args:
        cursor: the cursor of page 1,000, or of the last page where there are fewer.
        cursor_page: which page that is.
        marker: a word that one ticket in 1,000 has.
        few: the number of a ticket with 5 comments.
        many: the number of a ticket with 40 comments.
        longest: the number of a ticket with 5,000 comments and 2,000 changes.
        desks: for each client the numbers of tickets that it may write to, nobody has changed yet.
        email: the address of the agent that all of them are.
        password: theirs.
        token: a personal access token of theirs.
    """

    cursor: str
    cursor_page: int
    marker: str
    few: int
    many: int
    longest: int
    desks: list[list[int]]
    email: str
    password: str
    token: str


@dataclass
class Desk:
    """One client's place at one server: its own tickets, and which version they have by now."""

    targets: Targets
    tickets: list[int]
    versions: dict[int, int] = field(default_factory=dict)
    turns: count[int] = field(default_factory=count)

    def next_ticket(self) -> int:
        """Return one of the client's tickets, another one each time."""
        return self.tickets[next(self.turns) % len(self.tickets)]


# What the tokens of everything written here begin with, so that it can be taken away again.
WRITTEN_HERE = "bench-"
WRITER = Writer(Random(1))  # noqa: S311 - what it writes is no secret


def _token() -> str:
    return f"{WRITTEN_HERE}{uuid4()}"


def _get(path: str, **parameters: str) -> Callable[[Desk], Request]:
    address = f"{path}?{urlencode(parameters)}" if parameters else path
    return lambda _desk: Request(address)


def _create(desk: Desk) -> Request:
    values = {"title": WRITER.title(), "description": WRITER.text(40), "priority": "medium"}
    return Request("/tickets/new/", values | {"client_token": _token()}, plain=True)


def _comment(desk: Desk) -> Request:
    values = {"description": WRITER.text(20), "client_token": _token()}
    return Request(f"/tickets/{desk.next_ticket()}/comments/", values)


def _status(desk: Desk) -> Request:
    ticket = desk.next_ticket()
    version = desk.versions.get(ticket, 1)
    desk.versions[ticket] = version + 1
    values = {"status": "waiting" if version % 2 else "in_progress", "version": str(version)}
    return Request(f"/tickets/{ticket}/", values | {"client_token": _token()})


def _log_in(desk: Desk) -> Request:
    values = {"username": desk.targets.email, "password": desk.targets.password}
    return Request("/api/v1/token", values, plain=True, stranger=True)


@dataclass(frozen=True)
class Page:
    """A row of the table. What writes is measured after everything that reads, which so finds what was generated."""

    key: str
    title: str
    request: Callable[[Desk], Request]
    writes: bool = False


PAGES = (
    Page("bare", "the bare page", lambda _desk: Request("/bench/bare/", stranger=True)),
    Page("list", "list, first page", _get("/tickets/")),
    Page("filtered", "list, open and high", _get("/tickets/", status="open", priority="high")),
    Page("deep", "list, page 1,000", lambda desk: Request(f"/tickets/?{urlencode({'page': desk.targets.cursor})}")),
    Page(
        "search",
        "search for a one-in-1,000 word",
        lambda desk: Request(f"/tickets/?{urlencode({'q': desk.targets.marker})}"),
    ),
    Page("search_two", "search for two words", _get("/tickets/", q=TWO_WORDS)),
    Page("ticket_few", "ticket with 5 comments", lambda desk: Request(f"/tickets/{desk.targets.few}/")),
    Page("ticket_many", "ticket with 40 comments", lambda desk: Request(f"/tickets/{desk.targets.many}/")),
    Page("ticket_longest", "ticket with 5,000 comments", lambda desk: Request(f"/tickets/{desk.targets.longest}/")),
    Page("poll", "poll of an open ticket", lambda desk: Request(f"/tickets/{desk.targets.longest}/presence/")),
    Page("api_list", "API: list of 50", lambda _desk: Request("/api/v1/tickets?limit=50", stranger=True, program=True)),
    Page("api_token", "API: log in", _log_in, writes=True),
    Page("create", "create a ticket", _create, writes=True),
    Page("comment", "add a comment", _comment, writes=True),
    Page("status", "change status", _status, writes=True),
    Page("dashboard", "dashboard", _get("/dashboard/")),
    Page("counts", "view counts", _get("/tickets/counts/")),
)
# The rows about the ticket with 5,000 comments, which is written where one of them is asked for.
OF_THE_LONGEST = frozenset({"ticket_longest", "poll"})


def page(key: str) -> Page:
    """Return the row with this key; raises KeyError."""
    return {each.key: each for each in PAGES}[key]


def targets_from(values: Mapping[str, Any]) -> Targets:
    """Return the targets that another process has written as JSON."""
    return Targets(**values)
