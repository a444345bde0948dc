"""What a mapping is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tms_site.transfer.problems import FieldError, Line, LineError, TransferError
from tms_site.transfer.reading import Head
from tms_site.transfer.running import Item, Record
from tms_site.transfer.tables import TABLES
from tms_site.transfer.values import check_head


class Mapping:
    """Turns the lines of an export into rows of our tables. One instance a file: it may remember what it has seen.

    Args:
        stem: the file's name without its ending.
        table: what was said with --table.
    """

    def __init__(self, stem: str, table: str | None) -> None:
        self._stem = stem
        self._table = table

    def items(self, line: Line, cells: dict[str, Any]) -> Iterator[Item]:
        """Yield what a line says; raises LineError."""
        raise NotImplementedError

    def check_head(self, head: Head) -> None:
        """Raise LineError where no line under this head can be any good."""

    def files_of(self, path: Path) -> Path | None:
        """Return the folder in which the attached files of an export are, if one can tell."""
        return None


class Own(Mapping):
    """Our own format: a file is a table, whose name it bears."""

    def __init__(self, stem: str, table: str | None) -> None:
        super().__init__(stem, table)
        self._name = table or stem.lower()
        if self._name not in TABLES:
            raise TransferError(
                f"“{stem}” is the name of no table: say with --table which of {', '.join(TABLES)} it is."
            )

    def check_head(self, head: Head) -> None:
        """Raise LineError where it names what isn't a column, or doesn't name what must be one."""
        try:
            check_head(TABLES[self._name], head.names)
        except FieldError as error:
            raise LineError(head.line, f"{error.message}.{head.hint}", error.field) from error

    def items(self, line: Line, cells: dict[str, Any]) -> Iterator[Item]:
        """Yield the line as it is."""
        yield Record(line, self._name, cells)

    def files_of(self, path: Path) -> Path | None:
        """Return the file's own folder."""
        return path.parent
