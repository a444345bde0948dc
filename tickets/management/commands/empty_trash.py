"""`manage.py empty_trash`: remove for good what was deleted long ago."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from accounts.actors import SYSTEM
from tickets.trash import services
from tickets.trash.models import TrashedTicket
from tms_site.lib.commands import OperatorCommand

EVERY = 100
DAYS_MOST = 36_500


class Command(OperatorCommand):
    """Remove old tickets from the trash."""

    help = (
        "Remove tickets from the trash for good that were deleted more than TRASH_DAYS ago. Each ticket is a change of "
        "its own with an entry in the activity log: a run that was stopped can be repeated, and may go on beside "
        "everybody's work. Run it once a day."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the command's options."""
        parser.add_argument(
            "--days",
            type=int,
            metavar="DAYS",
            help=f"remove what was deleted more than so many days ago (TRASH_DAYS: {settings.TRASH_DAYS}); "
            "0 removes everything",
        )

    def handle(self, *args: Any, days: int | None, **options: Any) -> None:
        """Empty the trash; raises CommandError for a number of days that makes no sense."""
        if days is not None and not 0 <= days <= DAYS_MOST:
            raise CommandError(f"--days {days}: give a number of days from 0 to {DAYS_MOST}.")
        removed = 0
        for number in services.empty_trash(actor=SYSTEM, days=days):
            removed += 1
            if removed % EVERY == 0:
                self.stdout.write(f"  {removed:,} removed, up to #{number}")
        noun = "ticket" if removed == 1 else "tickets"
        left = TrashedTicket.objects.count()
        self.stdout.write(self.style.SUCCESS(f"{removed:,} {noun} removed for good, {left:,} left in the trash."))
