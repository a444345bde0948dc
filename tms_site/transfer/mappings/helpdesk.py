"""django-helpdesk: what Django's `dumpdata --format jsonl` makes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from accounts.enums import Role
from tickets.attachments import kinds
from tickets.attachments.names import display_name
from tickets.enums import Priority, Status
from tms_site.transfer.mappings.base import Mapping
from tms_site.transfer.mappings.texts import NOWHERE, address_of, block, line, name
from tms_site.transfer.problems import Line, LineError
from tms_site.transfer.running import Item, LeftOut, Record

Fields = dict[str, Any]

# Open, reopened, resolved, closed, duplicate.
STATUSES = {
    1: Status.OPEN.value,
    2: Status.OPEN.value,
    3: Status.RESOLVED.value,
    4: Status.RESOLVED.value,
    5: Status.RESOLVED.value,
}
# Critical, high, normal, low, very low.
PRIORITIES = {
    1: Priority.URGENT.value,
    2: Priority.HIGH.value,
    3: Priority.MEDIUM.value,
    4: Priority.LOW.value,
    5: Priority.LOW.value,
}
# Who wrote what only the desk may read, where nobody is named.
DESK = {"email": f"helpdesk@{NOWHERE}", "name": "Helpdesk", "role": Role.AGENT.value, "is_active": False}
NOBODY = {"email": f"unknown@{NOWHERE}", "name": "Unknown", "is_active": False}


class Helpdesk(Mapping):
    """Users, queues (as categories), tickets, follow-ups (as comments) and their files."""

    def __init__(self, stem: str, table: str | None) -> None:
        super().__init__(stem, table)
        self._queues: dict[str, str] = {}
        # Follow-ups that say nothing, and their tickets: files may hang on them.
        self._silent: dict[str, str] = {}
        self._models: dict[str, Callable[[Line, str, Fields], Iterator[Item]]] = {
            "helpdesk.queue": self._queue,
            "helpdesk.ticket": self._ticket,
            "helpdesk.followup": self._follow_up,
            "helpdesk.followupattachment": self._attachment,
        }

    def items(self, line: Line, cells: dict[str, Any]) -> Iterator[Item]:
        """Yield what a serialised object is to TMS."""
        model, key, fields = cells.get("model"), cells.get("pk"), cells.get("fields")
        if not isinstance(model, str) or key is None or not isinstance(fields, dict):
            raise LineError(line, "isn't an object of dumpdata, with model, pk and fields")
        model = model.lower()
        make = self._user if model.endswith(".user") else self._models.get(model)
        if make is None:
            yield LeftOut(line, f"{model} isn't carried")
            return
        yield from make(line, str(key), fields)

    def _user(self, at: Line, key: str, fields: Fields) -> Iterator[Item]:
        username = fields.get("username") or key
        full = f"{fields.get('first_name') or ''} {fields.get('last_name') or ''}".strip()
        # Who may do everything there is made a SysAdmin here by hand.
        works_there = fields.get("is_staff") or fields.get("is_superuser")
        yield Record(
            at,
            "users",
            {
                "key": key,
                "email": fields.get("email") or address_of(username),
                "name": line(full or username, 150),
                "role": Role.AGENT.value if works_there else Role.REQUESTER.value,
                "is_active": fields.get("is_active", True),
                "joined": fields.get("date_joined"),
            },
        )

    def _queue(self, at: Line, key: str, fields: Fields) -> Iterator[Item]:
        self._queues[key] = name(fields.get("title")) or f"Queue {key}"
        yield Record(at, "categories", {"name": self._queues[key]})

    def _ticket(self, at: Line, key: str, fields: Fields) -> Iterator[Item]:
        queue = fields.get("queue")
        if queue is not None and str(queue) not in self._queues:
            raise LineError(at, f"{queue} isn't a queue of an earlier line", "queue")
        status = _chosen(at, "status", fields, STATUSES)
        if status == Status.OPEN and fields.get("on_hold"):
            status = Status.WAITING.value
        submitter = fields.get("submitter_email") or NOBODY["email"]
        yield Record(at, "users", NOBODY if submitter == NOBODY["email"] else {"email": submitter}, implied=True)
        agent = fields.get("assigned_to")
        title = line(fields.get("title")) or f"Ticket {key}"
        yield Record(
            at,
            "tickets",
            {
                "key": key,
                "title": title,
                "description": block(fields.get("description")) or title,
                "status": status,
                "priority": _chosen(at, "priority", fields, PRIORITIES),
                "requester": submitter,
                "created_by": submitter,
                "agent": None if agent is None else str(agent),
                "category": None if queue is None else self._queues[str(queue)],
                "created": fields.get("created"),
                "updated": fields.get("modified"),
            },
        )

    def _follow_up(self, at: Line, key: str, fields: Fields) -> Iterator[Item]:
        text, user = block(fields.get("comment")), fields.get("user")
        if not text:
            self._silent[key] = str(fields.get("ticket"))
            yield LeftOut(at, "follow-ups without a text")
            return
        is_internal = not fields.get("public")
        author = None if user is None else str(user)
        if is_internal and author is None:
            yield Record(at, "users", DESK, implied=True)
            author = str(DESK["email"])
        yield Record(
            at,
            "comments",
            {
                "key": key,
                "ticket": str(fields.get("ticket")),
                "author": author,
                "text": text,
                "is_internal": is_internal,
                "created": fields.get("date"),
            },
        )

    def _attachment(self, at: Line, key: str, fields: Fields) -> Iterator[Item]:
        file, follow_up = str(fields.get("file") or ""), str(fields.get("followup"))
        called = display_name(str(fields.get("filename") or file))
        if not kinds.is_allowed(called):
            yield LeftOut(at, f"files that end in .{line(kinds.extension(called), 20)}")
            return
        ticket = self._silent.get(follow_up)
        where = {"comment": follow_up} if ticket is None else {"ticket": ticket}
        yield Record(at, "attachments", {"key": key, "name": called, "file": file, **where})


def _chosen(at: Line, field: str, fields: Fields, choices: dict[int, str]) -> str:
    value = fields.get(field)
    if not isinstance(value, int) or value not in choices:
        raise LineError(at, f"{value!r} is none of django-helpdesk's own: {', '.join(map(str, choices))}", field)
    return choices[value]
