"""An import: batch by batch, each all or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any, NamedTuple

from django.db import DataError, IntegrityError, transaction
from django.utils import timezone

from tickets.attachments import keeping
from tickets.attachments.files import StoredFile
from tickets.figures.services import fold
from tms_site.lib.batches import in_parts
from tms_site.lib.transactions import write_transaction
from tms_site.transfer.batches import BadBatch, Outcome, Parsed, write_batch
from tms_site.transfer.folders import take
from tms_site.transfer.known import Known
from tms_site.transfer.problems import FieldError, Line, LineError, TransferError
from tms_site.transfer.services import Context
from tms_site.transfer.tables import TABLES
from tms_site.transfer.values import parse

Tell = Callable[[str], None]

BATCH = 200
EVERY = 1_000


class Record(NamedTuple):
    """A row of one of our tables, as a line says it. `implied`: the line is about another row, which needs it."""

    line: Line
    table: str
    cells: dict[str, Any]
    implied: bool = False


class LeftOut(NamedTuple):
    """A line that has nothing for TMS."""

    line: Line
    reason: str


Item = Record | LeftOut | LineError


@dataclass(frozen=True)
class Options:
    """How to import.

    Args:
        source: of whose keys the lines speak.
        dry_run: write nothing, and say of each line what would become of it.
        new_numbers: give new numbers, whatever the lines say.
        with_password_hashes: take the digests of passwords.
        zone: of moments that don't name theirs.
        files: the folder in which attached files are.
        batch: how many lines are written at once.
    """

    source: str
    dry_run: bool = False
    new_numbers: bool = False
    with_password_hashes: bool = False
    zone: tzinfo = UTC
    files: Path | None = None
    batch: int = BATCH


@dataclass
class Report:
    """What became of the lines: by table, how many rows are new, and how many were there already."""

    new: Counter[str] = field(default_factory=Counter)
    there: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    # What became of rows otherwise than their lines say.
    notes: Counter[str] = field(default_factory=Counter)
    problems: int = 0
    lines: int = 0


class Importer:
    """Imports lines.

    Args:
        options: how.
        tell: is told how far it is, and in a dry run of each line.
        complain: is told of each line that is no good.
    """

    def __init__(self, options: Options, tell: Tell, complain: Tell) -> None:
        self._options = options
        self._tell = tell
        self._complain = complain
        self._begun = timezone.now()
        self._pretended: dict[bytes, bool] | None = {} if options.dry_run else None
        self._report = Report()

    @property
    def begun(self) -> datetime:
        """When it began."""
        return self._begun

    def run(self, items: Iterable[Item]) -> Report:
        """Import all lines, or those before the first batch with a bad one; a dry run goes through all of them."""
        report = self._report
        for batch in in_parts(items, self._options.batch):
            parsed, problems = self._parse(batch)
            self._write(parsed, problems)
            before, report.lines = report.lines, report.lines + len(batch)
            if report.problems and not self._options.dry_run:
                return report
            if before // EVERY != report.lines // EVERY:
                self._tell(f"{report.lines:,} lines so far …")
        return report

    def _parse(self, batch: Sequence[Item]) -> tuple[list[Parsed], list[LineError]]:
        parsed: list[Parsed] = []
        problems: list[LineError] = []
        for item in batch:
            if isinstance(item, LineError):
                problems.append(item)
            elif isinstance(item, LeftOut):
                self._report.left_out[item.reason] += 1
                self._say(item.line, f"left out: {item.reason}")
            else:
                values, problem = None, None
                try:
                    values = parse(TABLES[item.table], item.cells, self._options.zone)
                except FieldError as error:
                    problem = LineError(item.line, error.message, error.field)
                    problems.append(problem)
                parsed.append(Parsed(item.line, item.table, item.cells, values, implied=item.implied))
        return parsed, problems

    def _write(self, parsed: list[Parsed], problems: list[LineError]) -> None:
        kept: list[StoredFile] = []
        try:
            self._take_files(parsed, problems, kept)
            attempt = self._attempt if self._options.dry_run else write_transaction(self._attempt)
            for each in attempt(parsed, problems):
                self._count(each)
        except BadBatch as error:
            self._report.problems += len(error.problems)
            for problem in error.problems:
                self._complain(str(problem))
        except (IntegrityError, DataError) as error:
            first, last = parsed[0].line, parsed[-1].line
            reason = error.args[-1] if error.args else error
            text = (
                f"{first} to {last.number}: the database refused them ({reason}). If others write meanwhile, try again."
            )
            raise TransferError(text) from error
        finally:
            keeping.remove_unkept([each.storage_name for each in kept])
        if not self._options.dry_run:
            # What can't be folded now is folded later.
            transaction.on_commit(fold, robust=True)

    def _count(self, outcome: Outcome) -> None:
        row, table = outcome.row, outcome.parsed.table
        if row is None and outcome.parsed.implied:
            return
        counts = self._report.there if row is None else self._report.new
        counts[table] += 1
        what = "is here already" if row is None else "is new"
        note = "" if row is None else row.note
        self._say(outcome.parsed.line, f"{table}: {outcome.name} {what}{f', {note}' if note else ''}")
        if note:
            self._report.notes[note] += 1

    def _attempt(self, parsed: list[Parsed], problems: list[LineError]) -> list[Outcome]:
        return write_batch(parsed, problems, self._context())

    def _context(self) -> Context:
        options = self._options
        return Context(
            known=Known(options.source, self._begun, self._pretended),
            source=options.source,
            begun=self._begun,
            new_numbers=options.new_numbers,
            with_password_hashes=options.with_password_hashes,
            dry_run=options.dry_run,
        )

    def _take_files(self, parsed: list[Parsed], problems: list[LineError], kept: list[StoredFile]) -> None:
        """Put attached files that aren't there yet into the storage, before any lock is held."""
        wanted = [each for each in parsed if each.table == "attachments" and each.values is not None]
        known = self._context().known
        known.load(("attachments", each.values["key"]) for each in wanted if each.values is not None)
        for each in wanted:
            if each.values is None or known.came_before("attachments", each.values["key"]):
                continue
            try:
                each.stored = take(self._options.files, each.values, dry_run=self._options.dry_run)
            except FieldError as error:
                problems.append(LineError(each.line, error.message, error.field))
            if each.stored is not None:
                kept.append(each.stored)

    def _say(self, line: Line, text: str) -> None:
        if self._options.dry_run:
            self._tell(f"{line}: {text}")
