"""`manage.py rollup`: bring the sums of the dashboard up to date, or make them anew."""

from __future__ import annotations

from time import monotonic
from typing import Any

from django.core.management.base import CommandError, CommandParser

from tickets.figures import services
from tickets.models import Ticket
from tms_site.lib.commands import OperatorCommand

EVERY = 50_000


class Command(OperatorCommand):
    """Fold what changes have added to the figures into the sums."""

    help = (
        "Fold what changes have added to the dashboard's figures into their sums, in batches. TMS does so by itself "
        "now and then; the figures are exact either way. With --rebuild, make the sums anew from the tickets: after "
        "an import or generate_tickets. May run while TMS does, and be stopped at any moment: the dashboard says so if "
        "the figures aren't complete then, and the next --rebuild completes them."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the command's options."""
        parser.add_argument("--rebuild", action="store_true", help="make all sums anew from the tickets")
        parser.add_argument(
            "--batch",
            type=int,
            default=services.FOLD_BATCH,
            help=f"how many differences a transaction folds ({services.FOLD_BATCH:,} unless given)",
        )

    def handle(self, *args: Any, rebuild: bool, batch: int, **options: Any) -> None:
        """Do it; raises CommandError for an impossible batch, or when something else changed the sums meanwhile."""
        if batch < 1:
            raise CommandError("--batch takes a whole number above zero.")
        if rebuild:
            self._rebuild()
            return
        folded = 0
        while some := services.fold(batch):
            folded += some
            self.stdout.write(f"  {folded:,} so far")
        noun = "difference" if folded == 1 else "differences"
        self.stdout.write(self.style.SUCCESS(f"{folded:,} {noun} folded into the figures."))

    def _rebuild(self) -> None:
        begun = monotonic()
        total = Ticket.objects.count()
        self.stdout.write(f"Reading {total:,} tickets for the figures …")
        services.fill_first_responses(self._advance("first responses"))
        try:
            read = services.rebuild(self._advance("tickets"))
        except services.OvertakenError:
            text = (
                "Somebody else rebuilt the figures at the same time. The sums are as they were before, or as the other "
                "one made them; missing first responses have been noted. Run it again."
            )
            raise CommandError(text) from None
        self.stdout.write(
            self.style.SUCCESS(
                f"Figures of {read:,} {'ticket' if read == 1 else 'tickets'} in {monotonic() - begun:.0f} s."
            )
        )

    def _advance(self, what: str) -> services.Advance:
        done = 0

        def advance(rows: int) -> None:
            nonlocal done
            before, done = done, done + rows
            if before // EVERY != done // EVERY:
                self.stdout.write(f"  {done:,} {what} so far")

        return advance
