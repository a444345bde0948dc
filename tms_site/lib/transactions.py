"""One transaction for each change, tried again when the database asks for it."""

import random
import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import IntegrityError, OperationalError, connection, transaction

P = ParamSpec("P")
R = TypeVar("R")

# Two rivals that take the same rows in opposite order all the time collide on every other try, on a busy machine on two
# of three. A try after a deadlock costs next to nothing, so many are worth while; waiting for a lock takes long by
# itself, so a few must do.
LEAST_ATTEMPTS = 12
PATIENCE_SECONDS = 10
FIRST_PAUSE_SECONDS = 0.02
LONGEST_PAUSE_SECONDS = 0.5
# MySQL and MariaDB: 1213 deadlock found, 1205 lock wait timeout, 1020 record has changed since last read, and 1452 a
# foreign key leads nowhere: what was read a moment ago has been deleted, which the next try sees and says in words.
RETRYABLE_CODES = frozenset({1213, 1205, 1020, 1452})


class TryAgain(Exception):  # noqa: N818 - what to do, not what went wrong
    """Raised inside a transaction that read something which somebody else has changed meanwhile."""


def is_retryable(error: Exception) -> bool:
    """Tell whether the database gave up a transaction that will go through when it's tried again."""
    if isinstance(error, TryAgain):
        return True
    code = error.args[0] if error.args else None
    return code in RETRYABLE_CODES or "database is locked" in str(error)


def write_transaction(function: Callable[P, R]) -> Callable[P, R]:
    """Run `function` in one transaction and try it again after a deadlock, a lock timeout or a deletion meanwhile.

    It gives up after LEAST_ATTEMPTS, or PATIENCE_SECONDS where more attempts fit into these.

    Only the outermost transaction is tried again: inside another one the database has already rolled back
    what the outer one did before (docs/architecture.md, Databases).
    """
    atomic = transaction.atomic(function)

    @wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        if connection.in_atomic_block:
            return atomic(*args, **kwargs)
        began, attempt = time.monotonic(), 0
        while True:
            attempt += 1
            try:
                return atomic(*args, **kwargs)
            except (OperationalError, IntegrityError, TryAgain) as error:
                is_enough = attempt >= LEAST_ATTEMPTS and time.monotonic() - began >= PATIENCE_SECONDS
                if is_enough or not is_retryable(error):
                    raise
            _pause(attempt)

    return wrapper


def _pause(attempt: int) -> None:
    """Wait longer from try to try, and seldom as long as a rival does, so that two don't meet again."""
    pause = min(FIRST_PAUSE_SECONDS * 2**attempt, LONGEST_PAUSE_SECONDS)
    time.sleep(pause * random.random())  # noqa: S311 - jitter, not a secret
