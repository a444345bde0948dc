"""What tickets do when something happens to people."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.actors import Actor
from accounts.models import User
from accounts.signals import user_leaving_desk
from tickets.services import release_tickets


def connect() -> None:
    """Connect the receivers, once."""
    user_leaving_desk.connect(release_tickets_of_leaver, dispatch_uid="tickets.release_tickets_of_leaver")


def release_tickets_of_leaver(
    sender: object, *, user: User, actor: Actor, at: datetime, deleting: bool, **kwargs: Any
) -> None:
    """Unassign the unresolved tickets of an agent who leaves the desk; all of them if the user is deleted."""
    release_tickets(actor=actor, user=user, resolved_too=deleting, at=at)
