"""`manage.py purge_activity`: remove old entries of the activity log."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser

from accounts.actors import SYSTEM
from accounts.models import User
from activity.integrity import Progress
from activity.services import purge
from tms_site.lib.commands import OperatorCommand
from tms_site.lib.errors import ServiceError
from tms_site.lib.moments import parse_moment


class Command(OperatorCommand):
    """Remove the entries from before a date, and leave one that says so."""

    help = (
        "Remove the activity log's entries from before a date for good, and leave an entry that says so. "
        "Tickets and comments stay; check_integrity knows what was purged."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the command's options."""
        parser.add_argument(
            "--before",
            required=True,
            metavar="DATE",
            help="a date such as 2026-03-31, or with a time 2026-03-31T18:00, in the setting TIME_ZONE; "
            "what's older goes, this moment and later stay",
        )
        parser.add_argument("--user", metavar="EMAIL", help="only what this person did")

    def handle(self, *args: Any, before: str, user: str | None, **options: Any) -> None:
        """Purge; raises CommandError for a date or a person that makes no sense."""
        moment = parse_moment(before)
        if moment is None:
            raise CommandError(f"--before {before}: not a date. Give one such as 2026-03-31.")
        person = None
        if user is not None:
            person = User.objects.with_email(user).first()
            if person is None:
                raise CommandError(f"There is no user with the e-mail address {user}.")
        try:
            removed = purge(actor=SYSTEM, before=moment, user=person, progress=Progress(self.stdout.write).advance)
        except ServiceError as error:
            raise CommandError(f"--before {before}: {error}") from error
        noun = "entry" if removed == 1 else "entries"
        self.stdout.write(self.style.SUCCESS(f"{removed} {noun} purged."))
