"""Which rows the lines of an import may speak of: those that were there before, and those of earlier lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db.models import Model

from accounts.emails import email_key
from accounts.enums import Role
from accounts.models import User
from tickets.attachments.models import Attachment
from tickets.external.models import ExternalKey, key_digest
from tickets.models import Category, Comment, Team, Ticket
from tickets.replies.models import CannedReply
from tickets.sorting.names import name_key

MODELS: dict[str, type[Model]] = {
    "users": User,
    "teams": Team,
    "categories": Category,
    "tickets": Ticket,
    "comments": Comment,
    "attachments": Attachment,
    "replies": CannedReply,
}
# Tables whose rows have names of their own in TMS; everything else is known by the key of its system.
NAMED: dict[str, Callable[[str], str]] = {"teams": name_key, "categories": name_key}
AT = "@"
# A ticket of this TMS, whichever way it came there.
OWN = "#"


def canonical(table: str, text: str) -> str:
    """Return the one text of all spellings of what a line speaks of."""
    if table in NAMED:
        return NAMED[table](text)
    return email_key(text) if table == "users" and AT in text else text


class Known:
    """The rows that a batch speaks of. A new one for each attempt to write it.

    Args:
        source: of whose keys the lines speak.
        begun: when the import began.
        pretended: in a dry run, what would have been written by then; of people, whether they're at the desk.
    """

    def __init__(self, source: str, begun: datetime, pretended: dict[bytes, bool] | None = None) -> None:
        self._source = source
        self._begun = begun
        self._pretended = pretended
        self._rows: dict[tuple[str, str], Model] = {}
        self._keys: dict[tuple[str, str], ExternalKey] = {}
        self._asked: set[tuple[str, str]] = set()

    def load(self, wanted: Iterable[tuple[str, str]]) -> None:
        """Look up what lines speak of, as (table, text), a few queries for all of them."""
        texts: dict[str, set[str]] = defaultdict(set)
        for table, text in wanted:
            name = table, canonical(table, text)
            if name not in self._asked:
                self._asked.add(name)
                texts[table].add(name[1])
        for table, names in texts.items():
            if table in NAMED:
                self._load_column(table, "name_key", names)
                continue
            if table == "users":
                self._load_column(table, "email_key", {name for name in names if AT in name})
            if table == "tickets":
                self._load_own({name for name in names if name.startswith(OWN)})
            self._load_keys(table, names)

    def _load_column(self, table: str, column: str, names: set[str]) -> None:
        for row in MODELS[table]._meta.base_manager.filter(**{f"{column}__in": names}):
            self._rows[table, getattr(row, column)] = row

    def _load_own(self, names: set[str]) -> None:
        numbers = [int(name[1:]) for name in names if name[1:].isdecimal() and name.isascii()]
        for ticket in Ticket.objects.filter(pk__in=numbers):
            self._rows["tickets", f"{OWN}{ticket.pk}"] = ticket

    def _load_keys(self, table: str, names: set[str]) -> None:
        digests = {key_digest(self._source, table, name) for name in names}
        keys = list(ExternalKey.objects.filter(digest__in=digests))
        self._keys |= {(table, key.key): key for key in keys}
        if table in MODELS:
            rows = MODELS[table]._meta.base_manager.in_bulk([key.row_id for key in keys])
            self._rows |= {(table, key.key): rows[key.row_id] for key in keys if key.row_id in rows}

    def add(self, table: str, text: str, row: Model) -> None:
        """Remember a row that this batch has written, or would have."""
        name = table, canonical(table, text)
        self._rows[name] = row
        self._asked.add(name)
        if self._pretended is not None:
            self._pretended[self._digest(*name)] = isinstance(row, User) and row.is_assignable

    def row(self, table: str, text: str) -> Any:
        """Return a row, None if there's none. In a dry run it may be one without a number."""
        name = table, canonical(table, text)
        found = self._rows.get(name)
        if found is None and self._is_pretended(name):
            return self._imagined(name)
        return found

    def _imagined(self, name: tuple[str, str]) -> Model:
        if name[0] != "users":
            return MODELS[name[0]]()
        return User(role=Role.AGENT) if (self._pretended or {})[self._digest(*name)] else User(is_active=False)

    def is_deleted(self, table: str, text: str) -> bool:
        """Tell whether a row came by an earlier import, and was deleted since."""
        return (table, text) in self._keys and (table, text) not in self._rows

    def came_before(self, table: str, key: str) -> bool:
        """Tell whether an earlier import has brought the row of a key, whether it's still there or not."""
        found = self._keys.get((table, key))
        return found is not None and found.imported_at != self._begun

    def came_now(self, table: str, key: str) -> bool:
        """Tell whether an earlier line of this import has brought the row of a key."""
        name = table, key
        found = self._keys.get(name)
        return (found is not None and found.imported_at == self._begun) or self._is_pretended(name)

    def _is_pretended(self, name: tuple[str, str]) -> bool:
        return self._pretended is not None and self._digest(*name) in self._pretended

    def _digest(self, table: str, text: str) -> bytes:
        # Half of it: a dry run keeps one for each line.
        return bytes.fromhex(key_digest(self._source, table, text))[:16]
