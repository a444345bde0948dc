"""What is to be generated, and what comes of it: plain values, which one process sends to another."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

# How many tickets, with all that happened until the last of them, are written at once.
BATCH = 1_000
TABLES = (
    "users", "emails", "teams", "members", "categories", "tags", "tickets", "ticket_tags", "comments",
    "ticket_revisions", "comment_revisions", "log",
)  # fmt: skip

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Plan:
    """What to generate.

    Args:
        tickets: how many.
        users: how many requesters.
        agents: how many people at the desk.
        seed: the same one gives the same rows.
        until: everything happens before this day begins, in the three years before it.
        first: from which id each table's rows are numbered, by the table's name.
    """

    tickets: int
    users: int
    agents: int
    seed: int
    until: date
    first: dict[str, int] = field(default_factory=dict)


@dataclass
class Batch:
    """Rows by table, and how many tickets are told until here."""

    tickets: int = 0
    rows: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in TABLES})

    @property
    def size(self) -> int:
        """How many rows it has."""
        return sum(len(rows) for rows in self.rows.values())
