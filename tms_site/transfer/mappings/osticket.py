"""osTicket: the CSV files of its panel, and of queries for what the panel doesn't give out (docs/import-export.md)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from accounts.enums import Role
from tickets.enums import Priority, Status
from tms_site.transfer.mappings.base import Mapping
from tms_site.transfer.mappings.texts import address_of, block, line, name, plain
from tms_site.transfer.problems import Line, LineError
from tms_site.transfer.reading import Head
from tms_site.transfer.running import Item, LeftOut, Record

Cells = dict[str, Any]

PRIORITIES = {
    "low": Priority.LOW.value,
    "normal": Priority.MEDIUM.value,
    "high": Priority.HIGH.value,
    "emergency": Priority.URGENT.value,
}
CLOSED = frozenset({"resolved", "closed", "archived", "deleted"})
# What makes a file what it is: columns that no other one has.
TICKETS, AGENTS, THREADS = "Ticket Number", "staff_id", "type"
# Types of entries: a message of the user's, a response of an agent's, a note for agents.
MESSAGE, RESPONSE, NOTE = "M", "R", "N"
NAME_MAX = 150


class OsTicket(Mapping):
    """Users, agents, tickets with their topics and teams, and the entries of their threads."""

    def check_head(self, head: Head) -> None:
        """Raise LineError where none of the columns is there by which files are told apart."""
        if not {TICKETS, AGENTS, THREADS, "Email"} & set(head.names):
            raise LineError(head.line, f"has none of the columns {TICKETS}, Email, {AGENTS} and {THREADS}.{head.hint}")

    def items(self, line: Line, cells: Cells) -> Iterator[Item]:
        """Yield what a line of a file of any kind is to TMS."""
        if TICKETS in cells:
            yield from _ticket(line, cells)
        elif AGENTS in cells:
            yield _agent(line, cells)
        elif cells.get(THREADS) in {MESSAGE, RESPONSE, NOTE}:
            yield from _entry(line, cells)
        elif "Email" in cells:
            yield Record(line, "users", {"email": str(cells["Email"]).strip(), "name": _name(cells.get("Name"))})
        else:
            raise LineError(line, f"has none of the columns {TICKETS}, Email, {AGENTS}, or a {THREADS} that is known")


def _name(value: Any) -> str:
    return line(value, NAME_MAX)


def _agent(at: Line, cells: Cells) -> Record:
    full = _name(f"{cells.get('firstname', '')} {cells.get('lastname', '')}")
    return Record(
        at,
        "users",
        {
            "key": _key_of_agent(full),
            "email": cells.get("email") or address_of(full),
            "name": full,
            "role": Role.AGENT.value,
            "is_active": cells.get("isactive", "1"),
            "joined": cells.get("created"),
        },
    )


def _key_of_agent(full: str) -> str:
    """Return by what an agent is spoken of: lists of tickets have nothing but the name."""
    return f"agent:{full}"


def _unknown_agent(at: Line, full: str) -> Record:
    """Return an agent of whom there's only a name, unless an earlier file has brought more."""
    cells = {"key": _key_of_agent(full), "email": address_of(full), "name": full}
    return Record(at, "users", {**cells, "role": Role.AGENT.value, "is_active": False}, implied=True)


def _ticket(at: Line, cells: Cells) -> Iterator[Item]:
    email = str(cells.get("From Email", "")).strip() or address_of(cells.get("From", ""))
    yield Record(at, "users", {"email": email, "name": _name(cells.get("From"))}, implied=True)
    topic, team = (name(cells.get(column)) for column in ("Help Topic", "Team Assigned"))
    topic = topic or name(cells.get("Department"))
    if topic:
        yield Record(at, "categories", {"name": topic}, implied=True)
    if team:
        yield Record(at, "teams", {"name": team}, implied=True)
    agent = _name(cells.get("Agent Assigned"))
    if agent:
        yield _unknown_agent(at, agent)
    key = line(cells[TICKETS])
    title = line(cells.get("Subject")) or f"Ticket {key}"
    is_closed = str(cells.get("Current Status", "")).strip().lower() in CLOSED or bool(cells.get("Closed Date"))
    yield Record(
        at,
        "tickets",
        {
            "key": key,
            "title": title,
            # Its text is the first message of its thread.
            "description": title,
            "status": Status.RESOLVED.value if is_closed else Status.OPEN.value,
            "priority": PRIORITIES.get(str(cells.get("Priority", "")).strip().lower(), Priority.MEDIUM.value),
            "requester": email,
            "created_by": email,
            "agent": _key_of_agent(agent) if agent else None,
            "team": team or None,
            "category": topic or None,
            "created": cells.get("Date Created"),
            "updated": cells.get("Last Updated"),
            "resolved": cells.get("Closed Date") if is_closed else None,
        },
    )


def _entry(at: Line, cells: Cells) -> Iterator[Item]:
    body = str(cells.get("body", ""))
    text = block(body) if str(cells.get("format", "html")).lower() == "text" else plain(body)
    if not text:
        yield LeftOut(at, "entries of threads without a text")
        return
    email, poster = str(cells.get("email", "")).strip(), _name(cells.get("poster"))
    author: str | None = email or None
    if cells[THREADS] == MESSAGE:
        if email:
            yield Record(at, "users", {"email": email, "name": poster}, implied=True)
    elif email:
        # Whoever isn't known as an agent yet has to be activated by hand.
        role = {"role": Role.AGENT.value, "is_active": False}
        yield Record(at, "users", {"email": email, "name": poster, **role}, implied=True)
    else:
        yield _unknown_agent(at, poster or "SYSTEM")
        author = _key_of_agent(poster or "SYSTEM")
    yield Record(
        at,
        "comments",
        {
            "key": cells.get("id"),
            "ticket": line(cells.get("number")),
            "author": author,
            "text": text,
            "is_internal": cells[THREADS] == NOTE,
            "created": cells.get("created"),
        },
    )
