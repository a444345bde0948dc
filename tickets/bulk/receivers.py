"""Runs don't name anybody who was anonymised."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from accounts.signals import user_anonymised
from tickets.bulk.services import forget_person


def connect() -> None:
    """Connect the receiver, once."""
    user_anonymised.connect(on_user_anonymised, dispatch_uid="tickets.bulk.user_anonymised")


def on_user_anonymised(sender: object, *, names: Collection[str], **kwargs: Any) -> None:
    """Let the runs that gave tickets to them say so without their name."""
    forget_person(names)
