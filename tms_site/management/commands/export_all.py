"""`manage.py export_all`: everything as JSON Lines, for other systems or another TMS."""

from __future__ import annotations

from pathlib import Path
from time import monotonic
from typing import Any

from django.core.management.base import CommandError, CommandParser

from accounts.actors import SYSTEM
from tickets import services
from tms_site.lib.commands import OperatorCommand
from tms_site.transfer.exporting import default_source, export
from tms_site.transfer.problems import TransferError
from tms_site.transfer.rows import Options


class Command(OperatorCommand):
    """Write people, tickets and files into a folder."""

    help = (
        "Write people, teams, tickets, comments, files and what belongs to them into a new folder, as JSON Lines, "
        "while TMS runs. `import_tickets` reads it. It holds all that was ever said here, internal notes too."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the command's options."""
        parser.add_argument("folder", type=Path, help="where to; must not exist yet, or be empty")
        parser.add_argument("--source", help="what this TMS is called in it (the host of BASE_URL unless given)")
        parser.add_argument(
            "--with-password-hashes",
            action="store_true",
            help="take the digests of passwords along, so that people can log in elsewhere with theirs",
        )

    def handle(self, *args: Any, folder: Path, source: str | None, **options: Any) -> None:
        """Export; raises CommandError when the folder can't be written."""
        begun = monotonic()
        wanted = Options(with_password_hashes=options["with_password_hashes"])
        try:
            manifest = export(folder, wanted, source or default_source(), self.stdout.write)
        except TransferError as error:
            raise CommandError(str(error)) from error
        services.note_everything_exported(actor=SYSTEM)
        total = sum(about["rows"] for about in manifest["tables"].values())
        done = f"{total:,} rows and {manifest['files']:,} files in {folder}, {monotonic() - begun:.0f} s."
        self.stdout.write(self.style.SUCCESS(done))
