"""`manage.py generate_tickets`: a realistic organisation of any size."""

from __future__ import annotations

from argparse import ArgumentTypeError
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from tickets.models import RecentDocument, SearchDocument, Ticket
from tms_site.generating.plan import Plan
from tms_site.generating.progress import Progress
from tms_site.generating.run import Report, generate
from tms_site.generating.tables import first_ids, indexes_afterwards
from tms_site.lib.commands import OperatorCommand


def positive(text: str) -> int:
    """Return a whole number above zero; raises ArgumentTypeError for anything else."""
    try:
        value = int(text)
    except ValueError:
        value = 0
    if value < 1:
        raise ArgumentTypeError(f"{text!r} is not a whole number above zero")
    return value


def day(text: str) -> date:
    """Return a date in ISO 8601; raises ArgumentTypeError for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a date like 2026-01-31") from None


class Command(OperatorCommand):
    """Write tickets, comments, people and log entries by the thousand."""

    help = (
        "Write a generated organisation: people who can't log in, their tickets of three years with comments, and the "
        "log entries that go with it all. The same seed and day give the same rows. For measuring, not for real work."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the command's options."""
        parser.add_argument("--tickets", type=positive, default=1_000, help="how many tickets (1,000 unless given)")
        parser.add_argument("--users", type=positive, help="how many requesters (one for 50 tickets unless given)")
        parser.add_argument("--agents", type=positive, help="how many agents (one for 100 requesters unless given)")
        parser.add_argument("--seed", type=int, default=1, help="another number, other rows (1 unless given)")
        parser.add_argument(
            "--until", type=day, help="the day before which everything happens, like 2026-01-31 (today unless given)"
        )
        parser.add_argument("--append", action="store_true", help="add to the tickets that the database has already")
        parser.add_argument(
            "--allow-generated-data",
            action="store_true",
            help="write made-up people and tickets although this isn't local mode (TMS_LOCAL)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Write everything; raises CommandError for a database that isn't meant for it."""
        self._check(append=options["append"], allowed=options["allow_generated_data"])
        plan = self._plan(**options)
        self.stdout.write(f"Writing {plan.tickets:,} tickets of {plan.users:,} people and {plan.agents:,} agents …")
        live = bool(self.stdout.isatty()) if hasattr(self.stdout, "isatty") else False
        report = generate(plan, Progress(self._tell, plan.tickets, live=live))
        if live:
            self.stdout.write("")
        self._summarise(report)
        # A full-text index that is made once the documents are there costs less than half.
        with indexes_afterwards(SearchDocument, RecentDocument):
            call_command("rebuild_search_index", stdout=self.stdout, stderr=self.stderr)
        if "rollup" in get_commands():
            call_command("rollup", "--rebuild", stdout=self.stdout, stderr=self.stderr)

    @staticmethod
    def _check(*, append: bool, allowed: bool) -> None:
        if not (settings.LOCAL_MODE or allowed):
            raise CommandError(
                "Generated people and tickets have no business among real ones. Outside local mode (TMS_LOCAL=1) "
                "they are only written with --allow-generated-data."
            )
        if not append and Ticket.objects.exists():
            raise CommandError("The database has tickets already. To add to them, say --append.")

    @staticmethod
    def _plan(**options: Any) -> Plan:
        users = options["users"] or max(options["tickets"] // 50, 10)
        return Plan(
            tickets=options["tickets"],
            users=users,
            agents=options["agents"] or max(users // 100, 3),
            seed=options["seed"],
            until=options["until"] or timezone.localdate(),
            first=first_ids(),
        )

    def _tell(self, line: str, again: bool) -> None:
        if again:
            self.stdout.write(f"\r{line:<110}", ending="")
            self.stdout.flush()
        else:
            self.stdout.write(f"  {line}")

    def _summarise(self, report: Report) -> None:
        rows = {name: f"{count:,}" for name, count in report.rows.items()}
        self.stdout.write(
            self.style.SUCCESS(
                f"{rows['users']} people, {rows['tickets']} tickets, {rows['comments']} comments, {rows['log']} log "
                f"entries: {report.total:,} rows in {report.loading:.0f} s ({report.total / report.loading:,.0f} a "
                f"second), indexes in {report.indexing:.0f} s."
            )
        )
        own, other = report.memory
        self.stdout.write(f"Memory at most: {own:.0f} MiB writing, {other:.0f} MiB making rows.")
