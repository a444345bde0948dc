"""`manage.py reassign_tickets`: hand an agent's tickets over."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser

from accounts.actors import SYSTEM
from accounts.models import User
from tickets import services
from tms_site.lib.commands import OperatorCommand
from tms_site.lib.errors import ServiceError


class Command(OperatorCommand):
    """Give the unresolved tickets of one agent to another, or to nobody."""

    help = (
        "Give the unresolved tickets of one agent to another agent, or to nobody. Resolved tickets keep their agent. "
        "Each ticket is a change of its own: a run that was stopped can be repeated."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the command's options."""
        parser.add_argument("--from", dest="from_email", required=True, metavar="EMAIL", help="whose tickets")
        to = parser.add_mutually_exclusive_group(required=True)
        to.add_argument("--to", dest="to_email", metavar="EMAIL", help="the active agent who gets them")
        to.add_argument("--unassign", action="store_true", help="leave them to nobody")

    def handle(self, *args: Any, from_email: str, to_email: str | None, **options: Any) -> None:
        """Hand the tickets over; raises CommandError for people who don't exist or can't work on tickets."""
        from_user = _person(from_email)
        to_user = None if to_email is None else _person(to_email)
        if from_user == to_user:
            raise CommandError("--from and --to name the same person.")
        whom = to_user.label if to_user else "nobody"
        count = 0
        try:
            for ticket in services.reassign_tickets(actor=SYSTEM, from_user=from_user, to_user=to_user):
                count += 1
                self.stdout.write(f"{ticket} → {whom}")
        except ValidationError as error:
            raise CommandError(f"{to_email}: {' '.join(error.messages)}") from error
        except ServiceError as error:
            raise CommandError(f"Stopped after {count} tickets: {error}") from error
        noun = "ticket" if count == 1 else "tickets"
        self.stdout.write(self.style.SUCCESS(f"{count} {noun} of {from_user.label} handed over to {whom}."))


def _person(email: str) -> User:
    user: User | None = User.objects.with_email(email).first()
    if user is None:
        raise CommandError(f"There is no user with the e-mail address {email}.")
    return user
