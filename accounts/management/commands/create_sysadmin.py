"""`manage.py create_sysadmin`: the first person who can run the place."""

from __future__ import annotations

import getpass
import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from accounts.actors import SYSTEM
from accounts.enums import Role
from accounts.services import create_user
from tms_site.lib.commands import OperatorCommand

PASSWORD_VARIABLE = "TMS_SYSADMIN_PASSWORD"  # noqa: S105 - the name of the variable, not a password


class Command(OperatorCommand):
    """Create a SysAdmin."""

    help = (
        "Create a SysAdmin. Asks for what isn't given; the password is taken from the environment variable "
        f"{PASSWORD_VARIABLE} if it's set, and never from the command line, where others could read it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--email", help="the e-mail address, which is the log-in name")
        parser.add_argument("--username", help="the name that others see; by default what stands before the @")

    def handle(self, *args: Any, **options: Any) -> None:
        """Create the account and say so; raises CommandError with one line."""
        email = options["email"] or self._ask("E-mail address: ", "--email")
        username = options["username"] or email.partition("@")[0]
        password = self._password()
        try:
            user = create_user(actor=SYSTEM, email=email, username=username, password=password, role=Role.SYSADMIN)
        except ValidationError as error:
            raise CommandError(" ".join(_sentences(error))) from error
        self.stdout.write(self.style.SUCCESS(f"Created the SysAdmin {user.username} <{user.email}>."))

    def _password(self) -> str:
        if PASSWORD_VARIABLE in os.environ:
            return os.environ[PASSWORD_VARIABLE]
        if not sys.stdin.isatty():
            raise CommandError(f"There is no terminal to ask for the password: set {PASSWORD_VARIABLE}.")
        password = getpass.getpass("Password: ")
        if password != getpass.getpass("Password (again): "):
            raise CommandError("The two passwords differ. Nothing was created.")
        return password

    def _ask(self, prompt: str, option: str) -> str:
        if not sys.stdin.isatty():
            raise CommandError(f"There is no terminal to ask: give {option}.")
        return input(prompt).strip()


def _sentences(error: ValidationError) -> list[str]:
    return [f"{field}: {message}" for field, messages in error.message_dict.items() for message in messages]
