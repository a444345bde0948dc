"""`manage.py check_integrity`: whether the database still is what TMS wrote."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError

from activity.integrity import Progress, check_all
from tms_site.lib.commands import OperatorCommand


class Command(OperatorCommand):
    """Compare tickets, comments, revisions and the log with one another."""

    help = (
        "Compare tickets, comments, their revisions and the activity log, check the log's seals, the foreign keys and "
        "the database itself. One line for each finding; the exit status is 1 when there is one. Changes nothing, "
        "and may run while TMS does."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Check everything; raises CommandError when something was found."""
        found = 0
        for line in check_all(Progress(self.stdout.write)):
            found += 1
            self.stdout.write(self.style.ERROR(line))
        if found:
            noun = "problem" if found == 1 else "problems"
            raise CommandError(f"{found} {noun} found.")
        self.stdout.write(self.style.SUCCESS("Everything is as TMS wrote it."))
