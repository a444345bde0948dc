"""What operators' commands share."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, ProgrammingError


class OperatorCommand(BaseCommand):
    """A command whose every failure that an operator can mend is one clear line, a database that's away too."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run the command; raises CommandError where the database isn't there or has no tables yet."""
        try:
            return super().execute(*args, **options)
        except (OperationalError, ProgrammingError) as error:
            reason = error.args[-1] if error.args else error
            raise CommandError(
                f"The database doesn't work: {reason}. Is it there, and has `migrate` been run?"
            ) from error
