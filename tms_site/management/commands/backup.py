"""`manage.py backup`: everything in one file."""

from __future__ import annotations

from pathlib import Path
from time import monotonic
from typing import Any

from django.core.management.base import CommandError, CommandParser

from tms_site.backup import mark
from tms_site.backup.files import UnreadableError
from tms_site.backup.saving import save
from tms_site.lib.commands import OperatorCommand

MEBIBYTE = 1 << 20
TAKEN = "{} exists already. Give another name."


class Command(OperatorCommand):
    """Save the database and the attachments."""

    help = (
        "Save the database and the attachments, as they are at this moment, in one file, while TMS runs. It can be "
        "restored on either engine. SECRET_KEY is not in it: keep that too, since it seals the activity log."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the command's options."""
        parser.add_argument("file", type=Path, help="where to, such as tms-2026-03-31.zip; must not exist yet")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        """Save.

        Raises CommandError when the file can't be written, an attached one can't be read, or a restore has left half a
        database.
        """
        begun = monotonic()
        if file.exists():
            raise CommandError(TAKEN.format(file))
        if mark.is_there():
            raise CommandError(f"Nothing is saved: {mark.UNFINISHED}. {mark.ADVICE}")
        try:
            manifest = save(file, self.stdout.write)
        except FileExistsError as error:
            raise CommandError(TAKEN.format(file)) from error
        except UnreadableError as error:
            raise CommandError(f"Nothing is saved. {error}") from error
        except OSError as error:
            raise CommandError(f"{file} can't be written: {error.strerror or error}.") from error
        total = sum(about["rows"] for about in manifest["models"].values())
        size = file.stat().st_size / MEBIBYTE
        done = f"{total:,} rows and {manifest['files']:,} files in {file}: {size:.1f} MiB, {monotonic() - begun:.0f} s."
        self.stdout.write(self.style.SUCCESS(done))
