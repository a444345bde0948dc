"""`manage.py import_tickets`: people, tickets and comments from files."""

from __future__ import annotations

from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.management.base import CommandError, CommandParser

from accounts.actors import SYSTEM
from tickets import services
from tickets.external.models import SOURCE_MAX
from tms_site.lib.commands import OperatorCommand
from tms_site.lib.text import clean_line
from tms_site.transfer.inputs import Input, open_input
from tms_site.transfer.mappings import MAPPINGS
from tms_site.transfer.problems import TransferError
from tms_site.transfer.running import BATCH, Importer, Options, Report
from tms_site.transfer.tables import TABLES


def zone(text: str) -> ZoneInfo:
    """Return a time zone by its name; raises ArgumentTypeError for anything else."""
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ArgumentTypeError(f"{text!r} is not a time zone like Europe/Berlin") from None


def batch_size(text: str) -> int:
    """Return a whole number from 1 to 10,000; raises ArgumentTypeError for anything else."""
    if not text.isdecimal() or not 1 <= int(text) <= 10_000:  # noqa: PLR2004 - said in the message
        raise ArgumentTypeError(f"{text!r} is not a whole number from 1 to 10,000")
    return int(text)


class Command(OperatorCommand):
    """Import a file of CSV or JSON Lines, or a folder that `export_all` has written."""

    help = (
        "Import people, tickets, comments and more from CSV, JSON Lines, or a folder of `export_all`; "
        "docs/import-export.md describes the columns. Lines are written in batches, each all or nothing; what is here "
        "already stays as it is, so that an import that was stopped can be repeated. Nobody is notified."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the command's options."""
        parser.add_argument("file", type=Path, help="a file .csv or .jsonl, or a folder of export_all")
        parser.add_argument("--table", choices=list(TABLES), help="what a file holds (its name says it unless given)")
        parser.add_argument(
            "--mapping", choices=list(MAPPINGS), default="tms", help="whose export it is (our own format unless given)"
        )
        parser.add_argument("--source", help="whose keys they are (what the export says, or the mapping's name)")
        parser.add_argument("--files", type=Path, help="the folder of attached files (that of the file unless given)")
        parser.add_argument(
            "--time-zone", type=zone, default=ZoneInfo("UTC"), help="of times that don't name theirs (UTC unless given)"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="write nothing; say of each line what would become of it"
        )
        parser.add_argument("--new-numbers", action="store_true", help="give new numbers, whatever the file says")
        parser.add_argument("--with-password-hashes", action="store_true", help="take digests of passwords")
        parser.add_argument(
            "--batch", type=batch_size, default=BATCH, help=f"how many lines are written at once ({BATCH} unless given)"
        )

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        """Import; raises CommandError when something is no good."""
        try:
            given = open_input(file, mapping=options["mapping"], table=options["table"], files=options["files"])
            source = clean_line(options["source"] or given.source)
            if not source or len(source) > SOURCE_MAX:
                raise CommandError(f"--source takes 1 to {SOURCE_MAX} characters.")
            importer = self._importer(given, source, options)
            report = importer.run(given.items)
        except TransferError as error:
            raise CommandError(str(error)) from error
        if not options["dry_run"] and report.new:
            services.note_imported(actor=SYSTEM, source=source, rows=_counts(report))
        self._summarise(report, dry_run=options["dry_run"])

    def _importer(self, given: Input, source: str, options: dict[str, Any]) -> Importer:
        how = Options(
            source=source,
            dry_run=options["dry_run"],
            new_numbers=options["new_numbers"],
            with_password_hashes=options["with_password_hashes"],
            zone=options["time_zone"],
            files=given.files,
            batch=options["batch"],
        )
        return Importer(how, self.stdout.write, lambda line: self.stderr.write(self.style.ERROR(line)))

    def _summarise(self, report: Report, *, dry_run: bool) -> None:
        for reason, count in sorted(report.left_out.items()):
            self.stdout.write(f"Left out {count:,}: {reason}.")
        for note, count in sorted(report.notes.items()):
            self.stdout.write(self.style.WARNING(f"Otherwise than the file says, {count:,}: {note}."))
        there = sum(report.there.values())
        if report.problems:
            noun = "problem" if report.problems == 1 else "problems"
            kept = (
                "Nothing was written." if dry_run or not report.new else f"Kept of earlier batches: {_counts(report)}."
            )
            raise CommandError(f"{report.problems} {noun}. {kept}")
        if not report.lines:
            self.stdout.write("Nothing to import: there are no lines in it.")
            return
        if not report.new:
            self.stdout.write(self.style.SUCCESS(f"Nothing new: {there:,} rows were here already."))
            return
        verb = "Would write" if dry_run else "Wrote"
        self.stdout.write(self.style.SUCCESS(f"{verb} {_counts(report)}; {there:,} were here already."))


def _counts(report: Report) -> str:
    return ", ".join(f"{report.new[name]:,} {name}" for name in TABLES if report.new[name])
