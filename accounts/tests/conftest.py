"""What the tests of people share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from allauth.account import app_settings
from django.db import connection
from django.test import Client

from accounts import signals
from accounts.emails import email_key
from accounts.models import User


@dataclass
class Heard:
    """What the signals of accounts said, in order: (name, arguments)."""

    events: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        return [name for name, _arguments in self.events]

    @property
    def last(self) -> dict[str, Any]:
        return self.events[-1][1]


@pytest.fixture
def heard() -> Iterator[Heard]:
    """Listen to the signals of accounts."""
    heard = Heard()
    receivers = []
    for name in ("user_created", "user_updated", "user_deleted", "user_leaving_desk"):

        def receiver(sender: object, *, signal: object, _name: str = name, **kwargs: Any) -> None:
            heard.events.append((_name, kwargs))

        getattr(signals, name).connect(receiver, weak=False)
        receivers.append((getattr(signals, name), receiver))
    yield heard
    for signal, receiver in receivers:
        signal.disconnect(receiver)


@pytest.fixture
def verified_addresses(settings: Any) -> None:
    """Run as in production: nobody gets in before the address is verified."""
    settings.ACCOUNT_EMAIL_VERIFICATION = app_settings.EmailVerificationMethod.MANDATORY
    settings.MFA_ALLOW_UNVERIFIED_EMAIL = False


@contextmanager
def once_after(text: str, work: Callable[[], object]) -> Iterator[None]:
    """Let a rival do `work` right after the first query that contains `text`."""
    done = False

    def wrapper(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal done
        result = execute(sql, params, many, context)
        if not done and text in sql:
            done = True
            work()
        return result

    with connection.execute_wrapper(wrapper):
        yield
    assert done, f"no query with {text}"


@contextmanager
def address_taken_meanwhile(email: str) -> Iterator[None]:
    """Let a rival take the address right after it was found to be free."""
    rival = User(email=email, email_key=email_key(email), username="Rival", password="!")
    with once_after("email_key", lambda: User.objects.bulk_create([rival])):
        yield


@pytest.fixture
def boss(client_for, sysadmin) -> Client:
    """Return the browser of a SysAdmin."""
    return client_for(sysadmin)
