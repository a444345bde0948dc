"""What operators' commands share."""

from __future__ import annotations

import os
import select
import sys
from typing import Any, NoReturn, TextIO

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import ProgrammingError

from tms_site.lib.outages import DATABASE_AWAY

USAGE_STATUS = 2
# The database is away, or has no tables yet.
UNUSABLE: tuple[type[Exception], ...] = (*DATABASE_AWAY, ProgrammingError)
# As a shell says of programs that SIGINT or SIGPIPE has ended.
INTERRUPTED_STATUS, CLOSED_PIPE_STATUS = 130, 141


class OneLineParser(CommandParser):
    """Says in one line what's wrong with the options and where help is, instead of printing all of them."""

    def error(self, message: str) -> NoReturn:
        """End the process with one line; a command that's called from Python gets a CommandError."""
        if not self.called_from_command_line:
            raise CommandError(message)
        self.exit(USAGE_STATUS, f"{self.prog}: {message}. Help: {self.prog} --help\n")


class OperatorCommand(BaseCommand):
    """A command whose every failure that an operator can mend is one clear line, a database that's away too.

    So is its end by Ctrl-C.
    """

    # Django sets it where a command comes from the command line.
    _called_from_command_line: bool

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Return Django's parser, with our way to tell of options that can't be."""
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        # Django names the class of its parsers itself; ours adds no state to it.
        parser.__class__ = OneLineParser
        return parser

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run the command.

        Raises:
            CommandError: the database isn't there or has no tables yet, or somebody has pressed Ctrl-C.
            SystemExit: nobody reads any more what it says, as behind `| head`.
        """
        try:
            return self._execute_and_flush(*args, **options)
        except UNUSABLE as error:
            reason = error.args[-1] if error.args else error
            raise CommandError(
                f"The database doesn't work: {reason}. Is it there, and has `migrate` been run?"
            ) from error
        except KeyboardInterrupt:
            if not self._called_from_command_line:
                # Whoever has called it ends too.
                raise
            text = "Interrupted before its end. To finish, run it again."
            raise CommandError(text, returncode=INTERRUPTED_STATUS) from None
        except BrokenPipeError:
            if not (self._called_from_command_line and _nobody_reads(sys.stdout)):
                raise
            sys.exit(CLOSED_PIPE_STATUS)

    def _execute_and_flush(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        finally:
            # Here rather than at the end of the process, where Python would complain of a closed pipe.
            self.stdout.flush()


def _nobody_reads(stream: TextIO) -> bool:
    """Tell whether a stream is a pipe that nobody reads any more, and if so let go of what's still to be written to it.

    A command has other pipes too, those to servers, and that one of them breaks must be told.
    """
    try:
        number = stream.fileno()
    except OSError:
        return False
    poll = select.poll()
    poll.register(number, 0)
    if not any(event & select.POLLERR for _number, event in poll.poll(0)):
        return False
    os.dup2(os.open(os.devnull, os.O_WRONLY), number)
    return True
