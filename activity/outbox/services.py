"""Putting things into the outbox, taking them up, and what becomes of them.

No policies stand here: nobody acts. What may be put in is decided where it's put in, and asked again where it's
done (as `may_be_sent` of activity/webhooks/deliveries.py does).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from activity.outbox.models import ERROR_MAX, OutboxMessage
from tms_site.lib.batches import in_parts
from tms_site.lib.transactions import write_transaction

# Longer than any one thing may take; a worker that needs longer was killed, or may as well have been.
LEASE = timedelta(seconds=60)
FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(hours=2)
# With pauses that double from 10 seconds to two hours: for about a day.
MOST_ATTEMPTS = 20


@dataclass(frozen=True)
class Lease:
    """A message that one worker has for itself until the lease runs out."""

    message: OutboxMessage
    key: str


def enqueue(kind: str, payload: dict[str, Any], *, at: datetime | None = None) -> OutboxMessage:
    """Put something in, as a part of the transaction that's running: it's done if, and only if, that one commits.

    Args:
        kind: which handler does it.
        payload: what the handler needs to know; ids rather than texts, since it's read again when it's done.
        at: not before this moment; at once unless given.
    """
    now = timezone.now()
    return OutboxMessage.objects.create(kind=kind, payload=payload, created_at=now, available_at=at or now)


def take_up(now: datetime | None = None) -> Lease | None:
    """Lease what has waited longest; None when nothing is due.

    Rivals may see the same message: the condition of the UPDATE lets one of them have it, on every engine.
    """
    now = now or timezone.now()
    while (message := OutboxMessage.objects.due(now).first()) is not None:
        lease = lease_message(message, now)
        if lease is not None:
            return lease
    return None


@write_transaction
def lease_message(message: OutboxMessage, now: datetime) -> Lease | None:
    """Lease this message; None when somebody else was quicker or it's gone."""
    key = str(uuid4())
    won = OutboxMessage.objects.filter(pk=message.pk, attempts=message.attempts, is_dead=False).update(
        attempts=message.attempts + 1, lease=key, available_at=now + LEASE
    )
    if not won:
        return None
    message.attempts += 1
    return Lease(message, key)


@write_transaction
def finish(lease: Lease) -> bool:
    """Take what is done out of the outbox; False when the lease had run out and another worker has it now."""
    return bool(_leased(lease).delete()[0])


@write_transaction
def put_off(lease: Lease, error: str, now: datetime | None = None, *, alike: Sequence[int] = ()) -> bool:
    """Give back what failed, to be tried again later, or give it up after MOST_ATTEMPTS; returns whether it's dead.

    Args:
        lease: that of what failed.
        error: why it did.
        now: the moment, where that isn't now.
        alike: the numbers of messages that wait as long as it does, as far as they're due and nobody has them.
    """
    now = now or timezone.now()
    is_dead = lease.message.attempts >= MOST_ATTEMPTS
    later = now + pause_after(lease.message.attempts)
    _leased(lease).update(lease=None, is_dead=is_dead, last_error=error[:ERROR_MAX], available_at=later)
    for numbers in in_parts(alike):
        OutboxMessage.objects.due(now).order_by().filter(pk__in=numbers).update(available_at=later)
    return is_dead


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts: twice as long each time, up to two hours."""
    doublings: int = min(max(attempts, 1) - 1, MOST_ATTEMPTS)
    return min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)


def _leased(lease: Lease) -> Any:
    return OutboxMessage.objects.filter(pk=lease.message.pk, lease=lease.key)
