"""`manage.py clean_attachments`: remove files that no attachment speaks of."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from tickets.attachments import files, keeping
from tms_site.lib.commands import OperatorCommand

AGE = timedelta(days=1)


class Command(OperatorCommand):
    """Removes orphans older than a day: the leftovers of requests that broke off."""

    help = "Remove stored files, older than a day, that no ticket or comment has any more."

    def add_arguments(self, parser: CommandParser) -> None:
        """Let one look first."""
        parser.add_argument("--dry-run", action="store_true", help="only say which files would go")

    def handle(self, *args: Any, **options: Any) -> None:
        """Remove them, and say how many; raises CommandError when the storage doesn't answer."""
        try:
            count = self._clean(dry_run=options["dry_run"])
        except files.FAILURES as error:
            raise CommandError(f"The storage of attachments doesn't work: {error}") from error
        verb = "Would remove" if options["dry_run"] else "Removed"
        self.stdout.write(f"{verb} {count:,} files.")

    def _clean(self, *, dry_run: bool) -> int:
        count = 0
        for name in keeping.orphans(timezone.now() - AGE):
            count += 1
            if dry_run:
                self.stdout.write(name)
            else:
                files.remove([name])
        return count
