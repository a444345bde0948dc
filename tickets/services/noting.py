"""Telling that somebody looked: reading changes nothing, but the activity log wants to know.

Nothing is wrapped in a transaction here: no change has to agree with the entry, and on SQLite every page view
would have to wait for the one writer. The receiver makes a transaction of its own when there's an entry to write.
"""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from accounts.actors import Actor
from tickets import signals
from tickets.models import Ticket


def note_viewed(*, actor: Actor, ticket: Ticket, at: datetime | None = None) -> None:
    """Tell that `actor` opened the page of a ticket that they may see."""
    signals.ticket_viewed.send(Ticket, ticket=ticket, actor=actor, at=at or timezone.now())


def note_listed(*, actor: Actor, at: datetime | None = None) -> None:
    """Tell that `actor` opened a list of tickets."""
    signals.tickets_listed.send(Ticket, actor=actor, at=at or timezone.now())


def note_exported(*, actor: Actor, filters: str, at: datetime | None = None) -> None:
    """Tell that `actor` takes a list of tickets as a file; `filters` are the parameters of its address."""
    signals.tickets_exported.send(Ticket, filters=filters, actor=actor, at=at or timezone.now())


def note_everything_exported(*, actor: Actor, at: datetime | None = None) -> None:
    """Tell that `actor` has written all there is into a folder."""
    signals.everything_exported.send(Ticket, actor=actor, at=at or timezone.now())


def note_imported(*, actor: Actor, source: str, rows: str, at: datetime | None = None) -> None:
    """Tell that `actor` has brought rows from elsewhere: whose they were, and how many of each kind, in words."""
    signals.rows_imported.send(Ticket, source=source, rows=rows, actor=actor, at=at or timezone.now())
