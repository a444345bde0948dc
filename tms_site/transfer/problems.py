"""What can be wrong with a file."""

from __future__ import annotations

from typing import NamedTuple


class Line(NamedTuple):
    """A line of a file."""

    file: str
    number: int

    def __str__(self) -> str:
        return f"{self.file}, line {self.number}"


class TransferError(Exception):
    """A file or folder can't be read at all; the text says why in one line."""


class FieldError(Exception):
    """The value of a column is no good."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


class LineError(Exception):
    """A line is no good; the text names file, line and column."""

    def __init__(self, line: Line, message: str, field: str = "") -> None:
        super().__init__(f"{line}{f', {field}' if field else ''}: {message}")
        self.line = line
