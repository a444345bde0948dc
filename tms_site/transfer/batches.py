"""One batch: table by table, so that its lines may speak of one another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tickets.attachments.files import StoredFile
from tms_site.transfer.known import MODELS, OWN, Known, canonical
from tms_site.transfer.problems import FieldError, Line, LineError
from tms_site.transfer.services import WRITERS, Context, Row, Writer
from tms_site.transfer.services.base import adopt
from tms_site.transfer.tables import TABLES, TABLES_OF, Column, Kind
from tms_site.transfer.values import Values, references, shown

# What the raw cells of a bad line may be spoken of by: others that do so are no worse for it.
NAMES = ("key", "email", "name")


@dataclass
class Parsed:
    """A line whose cells were read. `values` is None where one was no good, which has been said already."""

    line: Line
    table: str
    cells: dict[str, Any]
    values: Values | None
    implied: bool = False
    stored: StoredFile | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of a line."""

    parsed: Parsed
    name: str
    # What is new; None for what is there already.
    row: Row | None


class BadBatch(Exception):  # noqa: N818 - what is bad, not what went wrong
    """Lines of a batch are no good, so that nothing of it is kept."""

    def __init__(self, problems: Iterable[LineError]) -> None:
        super().__init__()
        self.problems = sorted(problems, key=lambda problem: problem.line.number)


def write_batch(parsed: list[Parsed], problems: list[LineError], context: Context) -> list[Outcome]:
    """Write a batch in the transaction that is running; in a dry run only say what would become of it.

    Args:
        parsed: its lines.
        problems: what was found wrong with them by then.
        context: by what they're written; one for each attempt.

    Raises:
        BadBatch: there's something wrong, so that nothing may be kept.
    """
    found = list(problems)
    outcomes: list[Outcome] = []
    for table in TABLES:
        lines = [each for each in parsed if each.table == table]
        if lines:
            outcomes += _Part(WRITERS[table], context, found).write(lines)
    if found:
        raise BadBatch(found)
    return outcomes


class _Part:
    """The lines of one table."""

    def __init__(self, writer: Writer, context: Context, problems: list[LineError]) -> None:
        self._writer = writer
        self._context = context
        self._known = context.known
        self._problems = problems
        self._seen: set[str] = set()
        self._known_as: set[tuple[Any, ...]] = set()
        # Keys of people whom an earlier line of this batch brings under another key.
        self._aliases: list[tuple[str, str]] = []

    def write(self, lines: list[Parsed]) -> list[Outcome]:
        """Write what is new; returns what became of each good line."""
        table = TABLES[self._writer.table]
        good = [(each, each.values) for each in lines if each.values is not None]
        for each in lines:
            if each.values is None:
                self._forgive(each)
        self._known.load(ref for _each, values in good for ref in references(table, values))
        self._known.load((table.name, name) for _each, values in good for name in self._writer.names(values))
        outcomes, new = [], []
        for each, values in good:
            try:
                row = self._row(each, dict(values))
            except FieldError as error:
                self._problems.append(LineError(each.line, error.message, error.field))
                self._forgive(each)
                continue
            outcomes.append(Outcome(each, shown(self._writer.identity(values).replace("\0", " ")), row))
            if row is not None:
                new.append((each, values, row))
        self._check_numbers(new)
        self._writer.settle([row for _each, _values, row in new])
        if new and not self._problems and not self._context.dry_run:
            self._writer.write([row for _each, _values, row in new], self._context)
        for _each, values, row in new:
            self._remember(values, row)
        for key, name in self._aliases:
            self._adopt(key, self._known.row(table.name, name))
        return outcomes

    def _row(self, each: Parsed, values: Values) -> Row | None:
        """Return the row of a line, None for one that is there already; raises FieldError."""
        writer, identity = self._writer, self._writer.identity(values)
        if values.get("key") and self._came(each, values):
            return None
        names = {canonical(writer.table, name) for name in writer.names(values)} or {identity}
        if not values.get("key") or writer.table == "users":
            if self._is_named(values):
                return None
            if names & self._seen:
                if values.get("key"):
                    self._aliases.append((values["key"], values["email"]))
                return None
        self._seen |= {identity, *names}
        resolved = _resolved(TABLES[writer.table].columns, values, self._known)
        if not values.get("key") and (self._is_same_as_earlier(resolved) or writer.is_there(resolved)):
            return None
        row = Row(resolved, stored=each.stored)
        writer.prepare(row, self._context)
        return row

    def _is_same_as_earlier(self, resolved: Values) -> bool:
        """Tell whether an earlier line of this batch brings the same row by another name of what it speaks of."""
        known_as = self._writer.known_as(resolved)
        if known_as is None or known_as in self._known_as:
            return known_as is not None
        self._known_as.add(known_as)
        return False

    def _came(self, each: Parsed, values: Values) -> bool:
        key = values["key"]
        if self._known.came_before(self._writer.table, key):
            return True
        if self._writer.identity(values) in self._seen or self._known.came_now(self._writer.table, key):
            if each.implied:
                return True
            raise FieldError("key", f"{shown(key)} stands in an earlier line too")
        return False

    def _is_named(self, values: Values) -> bool:
        """Tell whether somebody or something of that name is there; a key that leads there is kept."""
        if self._writer.table not in MODELS:
            return False
        rows = (self._known.row(self._writer.table, name) for name in self._writer.names(values))
        found = next((row for row in rows if row is not None), None)
        if found is None:
            return False
        if values.get("key"):
            self._adopt(values["key"], found)
        return True

    def _adopt(self, key: str, row: Any) -> None:
        if row.pk is not None and not self._context.dry_run and not self._problems:
            adopt(self._writer.table, key, row, self._context)
        self._known.add(self._writer.table, key, row)

    def _check_numbers(self, new: list[tuple[Parsed, Values, Row]]) -> None:
        if self._context.new_numbers:
            return
        wanted = [(each, values["number"]) for each, values, _row in new if values.get("number")]
        if not wanted:
            return
        taken = self._writer.taken_numbers(number for _each, number in wanted)
        for each, number in wanted:
            if number in taken:
                text = f"{number} is taken here. With --new-numbers everything gets new ones"
                self._problems.append(LineError(each.line, text, "number"))
            taken.add(number)

    def _remember(self, values: Values, row: Row) -> None:
        if self._writer.table not in MODELS:
            return
        for name in self._writer.names(values):
            self._known.add(self._writer.table, name, row.instance)

    def _forgive(self, each: Parsed) -> None:
        """Let others speak of a bad line, whose own mistake has been told."""
        if self._writer.table not in MODELS:
            return
        for name in NAMES:
            if each.cells.get(name):
                self._known.add(self._writer.table, str(each.cells[name]), MODELS[self._writer.table]())


def _resolved(columns: Iterable[Column], values: Values, known: Known) -> Values:
    """Return the values with rows in place of what they speak of; raises FieldError."""
    found = dict(values)
    for column in columns:
        value = values[column.name]
        if column.kind not in TABLES_OF or not value:
            continue
        if column.kind is Kind.PEOPLE:
            found[column.name] = [_referred(column, text, known) for text in value]
        elif column.kind is Kind.MOVED:
            found[column.name] = [
                (_referred(column, comment, known), _ticket(column, before, known) if before else None)
                for comment, before in value
            ]
        else:
            found[column.name] = _referred(column, value, known)
    return found


def _referred(column: Column, text: str, known: Known) -> Any:
    return _find(column, TABLES_OF[column.kind], text, known)


def _ticket(column: Column, text: str, known: Known) -> Any:
    return _find(column, "tickets", text, known)


def _find(column: Column, table: str, text: str, known: Known) -> Any:
    row = known.row(table, text)
    if row is not None:
        return row
    if known.is_deleted(table, text):
        raise FieldError(column.name, f"{shown(text)} was imported, and has been deleted here since")
    hint = "" if table != "tickets" or text.startswith(OWN) else f"; a ticket of this TMS is spoken of as {OWN}7"
    raise FieldError(column.name, f"{shown(text)} isn't among the {table} here or in earlier lines{hint}")
