"""What each change of a ticket adds to the figures, appended in the transaction of the change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from tickets import signals
from tickets.figures import services
from tickets.figures.facts import State, difference
from tickets.models import Ticket

# Some two or three thousand differences come with so many tickets.
FOLD_EVERY = 100


def connect() -> None:
    """Connect the receivers, once."""
    for signal, receiver in (
        (signals.ticket_created, on_ticket_created),
        (signals.ticket_updated, on_ticket_updated),
        (signals.ticket_answered, on_ticket_answered),
        (signals.ticket_deleted, on_ticket_deleted),
        (signals.ticket_restored, on_ticket_restored),
    ):
        signal.connect(receiver, dispatch_uid=f"tickets.figures.{receiver.__name__}")


def on_ticket_created(sender: object, *, ticket: Ticket, **kwargs: Any) -> None:
    """Count a new ticket. Now and then fold, so that there's never much to fold, even if nobody looks."""
    services.append(difference(None, State.of(ticket)))
    if ticket.pk % FOLD_EVERY == 0:
        transaction.on_commit(services.fold, robust=True)


def on_ticket_updated(sender: object, *, ticket: Ticket, changes: Mapping[str, tuple[Any, Any]], **kwargs: Any) -> None:
    """Count a ticket as what it's now instead of what it was."""
    after = State.of(ticket)
    old = {name: before for name, (before, _new) in changes.items()}
    for name in ("assigned_agent", "team", "category"):
        if name in old:
            row = old.pop(name)
            old[f"{name}_id"] = row.pk if row else None
    before = after._replace(**{name: value for name, value in old.items() if name in State._fields})
    services.append(difference(before, after))


def on_ticket_answered(sender: object, *, ticket: Ticket, before: datetime | None, **kwargs: Any) -> None:
    """Count a ticket's first response."""
    after = State.of(ticket)
    services.append(difference(after._replace(first_response_at=before), after))


def on_ticket_deleted(sender: object, *, ticket: Ticket, **kwargs: Any) -> None:
    """Forget what a ticket counted for."""
    services.append(difference(State.of(ticket), None))


def on_ticket_restored(sender: object, *, ticket: Ticket, **kwargs: Any) -> None:
    """Count a ticket again."""
    services.append(difference(None, State.of(ticket)))
