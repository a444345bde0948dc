"""How the generator says how far it is."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

WIDTH = 30
PARTS = 20


class Progress:
    """A bar on a terminal, and elsewhere a line now and then.

    Args:
        tell: takes a line without its end; `again` says that it replaces the one before.
        total: how many tickets there will be.
        live: whether lines can be replaced.
    """

    def __init__(self, tell: Callable[[str, bool], None], total: int, *, live: bool) -> None:
        self._tell = tell
        self._total = total
        self._live = live
        self._begun = monotonic()
        self._told = -1

    def advance(self, tickets: int, rows: int) -> None:
        """Say that so many tickets and rows are written."""
        part = 100 * tickets // self._total if self._live else PARTS * tickets // self._total
        if part <= self._told:
            return
        self._told = part
        self._tell(self._line(tickets, rows), self._live)

    def _line(self, tickets: int, rows: int) -> str:
        seconds = max(monotonic() - self._begun, 0.001)
        full = WIDTH * tickets // self._total
        bar = f"[{'#' * full}{'.' * (WIDTH - full)}] " if self._live else ""
        left = f", {seconds * (self._total - tickets) / tickets:.0f} s left" if tickets else ""
        return f"{bar}{tickets:,} of {self._total:,} tickets, {rows:,} rows, {rows / seconds:,.0f} a second{left}"
