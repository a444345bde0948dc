"""`manage.py doctor`: what is wrong here?"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

from django.core.management import CommandError, call_command
from django.core.management.base import CommandParser
from django.db import DatabaseError

from tms_site.doctor import database, surroundings
from tms_site.doctor.findings import Examination, Finding, Level, fine, problem
from tms_site.lib.commands import OperatorCommand
from tms_site.lib.indexes import CannotMake, make

# What the others need comes first.
EXAMINATIONS: tuple[Examination, ...] = (
    database.server,
    database.restoring,
    database.migrations,
    database.indexes,
    database.clock,
    surroundings.configuration,
    surroundings.shared_cache,
    surroundings.disk,
    surroundings.files,
    surroundings.mail,
    surroundings.outbox,
)
MARKS = {Level.FINE: "ok", Level.WARNING: "WARNING", Level.PROBLEM: "PROBLEM"}


class Command(OperatorCommand):
    """Look at everything that an operator would have to look at."""

    help = (
        "Look at configuration, database, restores, migrations, indexes, clock, cache, disk, files, mail and outbox, "
        "and say what is wrong and what to do. The exit status is 0 when all is fine, 1 after warnings, 2 after "
        "problems."
    )
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the command's options."""
        parser.add_argument("--integrity", action="store_true", help="run check_integrity too, which takes long")
        parser.add_argument(
            "--mend-indexes",
            action="store_true",
            help="make missing indexes again first; writers of a table wait while one is made",
        )

    def handle(self, *args: Any, integrity: bool, mend_indexes: bool, **options: Any) -> None:
        """Look at each thing; ends the process with the worst level's number unless that is 0.

        Raises CommandError where indexes are to be made and can't be.
        """
        if mend_indexes:
            self._mend_indexes()
        worst = Level.FINE
        for finding in self._findings(integrity=integrity):
            worst = max(worst, finding.level)
            self._print(finding)
        if worst > Level.FINE:
            sys.exit(worst)

    def _findings(self, *, integrity: bool) -> Iterator[Finding]:
        for examination in EXAMINATIONS:
            try:
                yield from examination()
            except DatabaseError as error:
                if examination is not database.server and self._migrations_wait():
                    # They make what it looked for, and have their own line.
                    continue
                reason = str(error.args[-1] if error.args else error)
                yield problem(examination.__name__, f"the database doesn't answer: {reason}", "See DATABASE_URL.")
                if examination is database.server:
                    return
        if integrity:
            yield self._integrity()

    @staticmethod
    def _migrations_wait() -> bool:
        try:
            return bool(database.waiting_migrations())
        except DatabaseError:
            return False

    def _mend_indexes(self) -> None:
        if database.waiting_migrations():
            raise CommandError("Migrations are waiting, which may make indexes too: run `manage.py migrate` first.")
        try:
            make(database.missing_indexes(), lambda name: self.stdout.write(f"Made the index {name}."))
        except CannotMake as error:
            raise CommandError(f"{error}. Take one of each two away, and run the command again.") from error

    def _integrity(self) -> Finding:
        try:
            call_command("check_integrity", stdout=self.stdout, stderr=self.stderr)
        except CommandError as error:
            return problem("integrity", str(error), "See the lines above.")
        return fine("integrity", "tickets, comments, the log and the search index agree")

    def _print(self, finding: Finding) -> None:
        style = (self.style.SUCCESS, self.style.WARNING, self.style.ERROR)[finding.level]
        self.stdout.write(f"{style(f'{MARKS[finding.level]:<8}')} {finding.about}: {finding.text}")
        if finding.advice:
            self.stdout.write(f"         → {finding.advice}")
