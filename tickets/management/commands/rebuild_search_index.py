"""`manage.py rebuild_search_index`: make the search index again."""

from __future__ import annotations

from time import monotonic
from typing import Any

from django.core.management.base import CommandParser

from tickets.models import Ticket
from tickets.search.rebuild import rebuild
from tms_site.lib.commands import OperatorCommand

EVERY = 10_000


class Command(OperatorCommand):
    """Bring the search index up to date with the tickets."""

    help = (
        "Bring the search index up to date with tickets and comments: after a bulk load, a restored backup or a "
        "finding of check_integrity. Runs in batches beside everybody's work. What is right already isn't written "
        "again, so a run that was stopped can simply be repeated, or go on with --after."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the command's options."""
        parser.add_argument("--after", type=int, default=0, metavar="NUMBER", help="leave out tickets up to this one")

    def handle(self, *args: Any, after: int, **options: Any) -> None:
        """Rebuild the index, and say how far it is."""
        total = Ticket.objects.filter(pk__gt=after).count()
        done = changed = 0
        begun = monotonic()
        for step in rebuild(after):
            before, done, changed = done, done + step.tickets, changed + step.changed
            if before // EVERY != done // EVERY:
                rate = done / max(monotonic() - begun, 0.001)
                self.stdout.write(f"  {done:,} of {total:,} tickets, up to #{step.last}, {rate:,.0f} a second")
        self.stdout.write(self.style.SUCCESS(f"{done:,} tickets looked at, {changed:,} documents written or removed."))
