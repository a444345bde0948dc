"""Lines of CSV and JSON Lines, one at a time: from whoever made the file, so that nothing in it is believed."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from tms_site.lib.csv_export import BYTE_ORDER_MARK, FORMULA_STARTS
from tms_site.transfer.problems import Line, LineError, TransferError
from tms_site.transfer.values import Formula, shown

# The longest text of TMS has 100,000 characters, each of them six bytes in JSON at most; and a line may have two.
LINE_MAX = 2 << 20
Cells = dict[str, Any]
# A line with what's in it, or with what's wrong about it.
Row = tuple[Line, Cells] | LineError


@dataclass(frozen=True)
class Head:
    """The first line of a CSV file.

    Args:
        line: where it stands.
        names: those of the columns.
    """

    line: Line
    names: list[str]

    @property
    def hint(self) -> str:
        """What is to be said along with a name that's wrong, where the columns may be apart by something else."""
        whole = "".join(self.names)
        if "\t" in whole:
            return " There are tabs in it: save the file anew with commas or semicolons between the columns."
        if "," in whole or ";" in whole:
            return " There are commas and semicolons in it: save the file anew with one of them between the columns."
        return ""


Read = Head | Row


def read(path: Path) -> Iterator[Read]:
    """Yield the lines of a file, by its ending; of CSV its head first.

    Raises:
        TransferError: it isn't there, isn't a file, or of another kind.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise TransferError(f"{path} ends in neither .csv nor .jsonl. Unpack it first, if it's packed.")
    if not path.is_file():
        raise TransferError(f"There is no file {path}.")
    try:
        with path.open("rb") as stream:
            yield from reader(stream, path.name)
    except OSError as error:
        raise TransferError(f"{path} can't be read: {error.strerror or error}.") from error


def _lines(stream: IO[bytes], name: str) -> Iterator[tuple[Line, str]]:
    """Yield the lines as text with their ends; raises LineError for what isn't any."""
    number = 0
    while raw := stream.readline(LINE_MAX + 1):
        number += 1
        line = Line(name, number)
        if len(raw) > LINE_MAX:
            raise LineError(line, f"is longer than {LINE_MAX:,} bytes")
        if b"\0" in raw:
            raise LineError(line, "has a NUL character. The file must be plain text in UTF-8")
        try:
            text = raw.decode()
        except UnicodeDecodeError as error:
            raise LineError(line, f"isn't UTF-8 (byte {error.start + 1})") from error
        yield line, text.removeprefix(BYTE_ORDER_MARK) if number == 1 else text


def _json_lines(stream: IO[bytes], name: str) -> Iterator[Read]:
    try:
        for line, text in _lines(stream, name):
            if text.strip():
                yield _object(line, text)
    except LineError as error:
        # Where the next line begins nobody knows then.
        yield error


def _object(line: Line, text: str) -> Row:
    try:
        found = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        return LineError(line, f"isn't JSON: {error if isinstance(error, ValueError) else 'too deep'}")
    if not isinstance(found, dict):
        return LineError(line, "isn't an object of JSON, between braces")
    return line, found


def _once(pairs: list[tuple[str, Any]]) -> Cells:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands in it twice")
    return found


def _no_number(name: str) -> None:
    raise ValueError(f"{name} isn't a number")


def _csv(stream: IO[bytes], name: str) -> Iterator[Read]:
    at = Line(name, 1)

    def texts() -> Iterator[str]:
        nonlocal at
        for line, text in _lines(stream, name):
            at = line
            yield text

    csv.field_size_limit(LINE_MAX)
    try:
        yield from _csv_rows(texts(), lambda: at)
    except csv.Error as error:
        yield LineError(at, f"isn't CSV: {error}")
    except LineError as error:
        yield error


def _csv_rows(texts: Iterator[str], at: Callable[[], Line]) -> Iterator[Read]:
    head = next(texts, "")
    delimiter = ";" if head.count(";") > head.count(",") else ","
    names = [name.strip() for name in next(csv.reader([head], delimiter=delimiter, strict=True), [])]
    if not any(names):
        raise LineError(Line(at().file, 1), "has no names of columns")
    twice = [name for place, name in enumerate(names) if name in names[:place]]
    if twice:
        raise LineError(at(), f"the column {shown(twice[0])} stands there twice")
    yield Head(at(), names)
    rows = csv.reader(texts, delimiter=delimiter, strict=True)
    while True:
        # A row begins on the line after the one that the last row ended on.
        begins = at()._replace(number=at().number + 1)
        row = next(rows, None)
        if row is None:
            return
        if row:
            yield _cells(begins, names, row)


def _cells(line: Line, names: list[str], row: list[str]) -> Row:
    if len(row) != len(names):
        return LineError(line, f"has {len(row)} cells, and the head {len(names)}")
    cells: Cells = {}
    for name, cell in zip(names, row, strict=True):
        # As TMS's own lists have them: an apostrophe before what a spreadsheet would calculate.
        if cell[:1] == "'" and _is_formula(cell[1:]):
            cells[name] = cell[1:]
        elif cell:
            cells[name] = Formula(cell) if _is_formula(cell) else cell
    return line, cells


def _is_formula(cell: str) -> bool:
    text = cell.lstrip()
    # A list's first line and a lone dash are none.
    return bool(text) and text[0] in FORMULA_STARTS and text[:2] not in {"- ", "+ ", "-"}


READERS: dict[str, Callable[[IO[bytes], str], Iterator[Read]]] = {".csv": _csv, ".jsonl": _json_lines}
