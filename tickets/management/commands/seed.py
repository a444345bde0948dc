"""`manage.py seed`: the demo organisation."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser

from accounts.models import User
from tickets.models import Ticket
from tickets.seeding import PEOPLE, seed
from tms_site.lib.commands import OperatorCommand
from tms_site.lib.errors import ServiceError


class Command(OperatorCommand):
    """Write the demo organisation; what's there already stays as it is."""

    help = (
        "Write the demo organisation: 11 users with a known password, and their tickets with comments and log entries. "
        "Running it again adds what's missing and changes nothing else."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the command's options."""
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing when the database already has users or tickets"
        )
        parser.add_argument(
            "--allow-known-passwords",
            action="store_true",
            help="create users whose password everybody knows, although this isn't local mode (TMS_LOCAL)",
        )

    def handle(self, *args: Any, if_empty: bool, allow_known_passwords: bool, **options: Any) -> None:
        """Write the demo; raises CommandError outside local mode unless told in so many words."""
        if if_empty and (User.objects.exists() or Ticket.objects.exists()):
            self.stdout.write("The database has data already: no demo data written.")
            return
        if not (settings.LOCAL_MODE or allow_known_passwords):
            raise CommandError(
                "The demo's users have a password that everybody knows. Outside local mode (TMS_LOCAL=1) "
                "they are only created with --allow-known-passwords."
            )
        self.stdout.write("Writing the demo organisation …")
        try:
            report = seed()
        except (ServiceError, ValidationError) as error:
            raise CommandError(
                f"The demo doesn't fit into this database, nothing was written: {_reason(error)}"
            ) from error
        if not (report.users or report.tickets):
            self.stdout.write("The demo is there already: nothing to do.")
            return
        self.stdout.write(
            self.style.SUCCESS(
                f"{report.users} users, {report.tickets} tickets, {report.comments} comments and {report.changes} "
                "changes written, each with its log entry."
            )
        )
        self.stdout.write(f"Log in as {PEOPLE[0].email} or any other of them; README.md names the password.")


def _reason(error: Exception) -> str:
    return " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
