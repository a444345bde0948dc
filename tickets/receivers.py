"""What tickets do when something happens to people."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.actors import Actor
from accounts.models import User
from accounts.signals import user_anonymised, user_leaving_desk
from tickets.services import release_tickets
from tickets.services.saved_views import forget_personal_views


def connect() -> None:
    """Connect the receivers, once."""
    user_leaving_desk.connect(release_tickets_of_leaver, dispatch_uid="tickets.release_tickets_of_leaver")
    user_anonymised.connect(on_user_anonymised, dispatch_uid="tickets.user_anonymised")


def release_tickets_of_leaver(
    sender: object, *, user: User, actor: Actor, at: datetime, deleting: bool, **kwargs: Any
) -> None:
    """Unassign the unresolved tickets of an agent who leaves the desk; all of them if the user is deleted."""
    release_tickets(actor=actor, user=user, resolved_too=deleting, at=at)


def on_user_anonymised(sender: object, *, user: User, **kwargs: Any) -> None:
    """Forget the views that nobody but they could see."""
    forget_personal_views(user)
