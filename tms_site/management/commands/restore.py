"""`manage.py restore`: put a backup back."""

from __future__ import annotations

from pathlib import Path
from time import monotonic
from typing import Any

from django.core.management.base import CommandError, CommandParser

from tms_site.backup import lock, mark
from tms_site.backup.reading import RestoreError, open_backup
from tms_site.backup.restoring import check_database, restore
from tms_site.backup.state import holds_something
from tms_site.lib.commands import OperatorCommand

NOT_EMPTY = "This database isn't empty, and all of it would be gone. Name another one, or give --overwrite."


class Command(OperatorCommand):
    """Put a backup into the database and the storage of attachments."""

    help = (
        "Put a backup into an empty database and the storage of attachments. Stop TMS first. The whole file is read "
        "before anything is emptied. Backups of older releases are brought up to date. People have to log in again. A "
        "database that somebody else has tables in is refused, as is one that a restore into still runs. A restore "
        "that was interrupted is run again, without --overwrite."
    )
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the command's options."""
        parser.add_argument("file", type=Path, help="the backup")
        parser.add_argument(
            "--overwrite",
            action="store_true",
            help="also where TMS has something in it: all of that is gone then",
        )

    def handle(self, *args: Any, file: Path, overwrite: bool, **options: Any) -> None:
        """Restore; raises CommandError when the backup or the database isn't fit for it."""
        begun = monotonic()
        try:
            with lock.held():
                manifest = self._restore(file, overwrite=overwrite)
        except RestoreError as error:
            raise CommandError(str(error)) from error
        total = sum(about["rows"] for about in manifest["models"].values())
        self.stdout.write(
            self.style.SUCCESS(
                f"{total:,} rows and {manifest['files']:,} files of {manifest['made_at']} are back, "
                f"{monotonic() - begun:.0f} s. Run `manage.py check_integrity`, then start TMS."
            )
        )

    def _restore(self, file: Path, *, overwrite: bool) -> dict[str, Any]:
        # First what is quickly told.
        check_database()
        if not overwrite and not mark.is_there() and holds_something():
            raise CommandError(NOT_EMPTY)
        archive, manifest = open_backup(file, self.stdout.write)
        with archive:
            restore(archive, manifest, self.stdout.write)
        return manifest
