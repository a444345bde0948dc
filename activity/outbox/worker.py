"""The worker: takes up what is due, one thing after another, until it's told to stop.

At least once: a worker that's killed between doing a thing and saying so leaves it to be done again. Handlers make
that invisible: they name what they do by a key of its own, so that whoever receives it can tell.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, InterfaceError, close_old_connections
from django.utils import timezone

from activity.outbox import services
from activity.outbox.models import OutboxMessage
from activity.outbox.services import Lease
from tms_site.lib.outages import DATABASE_AWAY

logger = logging.getLogger("tms.worker")

# Does one thing; raises Failed when it's to be tried again.
Handler = Callable[[dict[str, Any]], None]
PATIENCE_SECONDS = 1.0
# A database that's away is asked again less often.
OUTAGE_SECONDS = 5.0


def _unknown(payload: dict[str, Any]) -> None:
    raise Failed("no handler knows how to do it")


class Failed(Exception):  # noqa: N818 - what happened to the attempt, not an error of ours
    """A handler couldn't do its thing this time.

    Args:
        reason: why, for the log and the operator.
        alike: the numbers of messages that would fail just so and take as long: they're put off along with it.
    """

    def __init__(self, reason: str, *, alike: Sequence[int] = ()) -> None:
        super().__init__(reason)
        self.alike = alike


@dataclass(frozen=True)
class Chore:
    """Something that's done now and then, whatever is in the outbox."""

    name: str
    every: timedelta
    do: Callable[[], object]


@dataclass
class Worker:
    """Works until `stop` is set.

    Args:
        handlers: what does a thing, by its kind.
        chores: what is done now and then.
        alive: asked between two things whether to go on, besides `stop`.
    """

    handlers: Mapping[str, Handler]
    chores: tuple[Chore, ...] = ()
    alive: Callable[[], bool] = lambda: True
    stop: threading.Event = field(default_factory=threading.Event)
    # When each chore is due again.
    _due: dict[str, datetime] = field(default_factory=dict)

    def run(self) -> None:
        """Work until told to stop. A database that's away is waited for."""
        while self.alive() and not self.stop.is_set():
            try:
                busy = self.work_off(limit=100) > 0
                self.do_chores()
                pause = 0.0 if busy else PATIENCE_SECONDS
            # A table that isn't there yet is waited for too: somebody may be migrating.
            except (DatabaseError, InterfaceError) as error:
                logger.warning("The database doesn't answer: %s", error.args[-1] if error.args else error)
                pause = OUTAGE_SECONDS
            close_old_connections()
            self.stop.wait(pause)

    def work_off(self, limit: int | None = None) -> int:
        """Do what is due, at most `limit` things; returns how many were taken up."""
        done = 0
        while (limit is None or done < limit) and not self.stop.is_set():
            lease = services.take_up()
            if lease is None:
                break
            self.do(lease)
            done += 1
        return done

    def do(self, lease: Lease) -> None:
        """Do one thing, and take it out of the outbox or put it off."""
        message = lease.message
        handler = self.handlers.get(message.kind, _unknown)
        try:
            handler(message.payload)
        except Failed as error:
            self._put_off(lease, str(error), error.alike)
        except DATABASE_AWAY:
            # Its lease runs out by itself.
            raise
        except Exception as error:
            # One thing that can't be done must not keep the others waiting for ever.
            logger.exception("%s failed", message)
            self._put_off(lease, f"{type(error).__name__}: {error}")
        else:
            services.finish(lease)

    def _put_off(self, lease: Lease, reason: str, alike: Sequence[int] = ()) -> None:
        dead = services.put_off(lease, reason, alike=alike)
        outcome = "given up" if dead else "will be tried again"
        logger.warning("%s, attempt %d: %s; %s", lease.message, lease.message.attempts, reason, outcome)

    def do_chores(self) -> None:
        """Do the chores that are due."""
        now = timezone.now()
        for chore in self.chores:
            if now < self._due.get(chore.name, now) or self.stop.is_set():
                continue
            self._due[chore.name] = now + chore.every
            try:
                chore.do()
            except DATABASE_AWAY:
                raise
            except Exception:
                logger.exception("The chore “%s” failed", chore.name)


def do_now(message: OutboxMessage, handlers: Mapping[str, Handler]) -> bool:
    """Do one committed message at once, instead of leaving it to the worker; False when a worker has it already."""
    lease = services.lease_message(message, timezone.now())
    if lease is None:
        return False
    Worker(handlers).do(lease)
    return True
