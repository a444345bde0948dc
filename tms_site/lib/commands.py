"""What operators' commands share."""

from __future__ import annotations

from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, ProgrammingError

USAGE_STATUS = 2


class OneLineParser(CommandParser):
    """Says in one line what's wrong with the options and where help is, instead of printing all of them."""

    def error(self, message: str) -> NoReturn:
        """End the process with one line; a command that's called from Python gets a CommandError."""
        if not self.called_from_command_line:
            raise CommandError(message)
        self.exit(USAGE_STATUS, f"{self.prog}: {message}. Help: {self.prog} --help\n")


class OperatorCommand(BaseCommand):
    """A command whose every failure that an operator can mend is one clear line, a database that's away too."""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Return Django's parser, with our way to tell of options that can't be."""
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        # Django names the class of its parsers itself; ours adds no state to it.
        parser.__class__ = OneLineParser
        return parser

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run the command; raises CommandError where the database isn't there or has no tables yet."""
        try:
            return super().execute(*args, **options)
        except (OperationalError, ProgrammingError) as error:
            reason = error.args[-1] if error.args else error
            raise CommandError(
                f"The database doesn't work: {reason}. Is it there, and has `migrate` been run?"
            ) from error
