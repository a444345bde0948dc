"""What the tests of people share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from allauth.account import app_settings

from accounts import signals


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
