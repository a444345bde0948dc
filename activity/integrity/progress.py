"""How a long check says how far it is."""

from __future__ import annotations

from collections.abc import Callable

EVERY = 10_000


class Progress:
    """Tells a listener which part has begun, and each ten thousandth row of it."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._done = 0

    def begin(self, part: str) -> None:
        """Say that a part begins."""
        self._done = 0
        self._tell(f"Checking {part} …")

    def advance(self, rows: int) -> None:
        """Count rows, and say so now and then."""
        before, self._done = self._done, self._done + rows
        if before // EVERY != self._done // EVERY:
            self._tell(f"  {self._done:,} so far")
