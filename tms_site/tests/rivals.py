"""Somebody else who is quicker, between two statements of a service: the races that threads can't be made to lose."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

from django.db import connection


@contextmanager
def rival(act: Callable[[], object], *, before: str, passing: int = 0) -> Iterator[None]:
    """Do something right before a statement that begins so, once, after letting some of them pass."""
    waiting = [act]

    def wrapper(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal passing
        if waiting and sql.replace("`", '"').startswith(before):
            passing -= 1
            if passing < 0:
                waiting.pop()()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wrapper):
        yield
    assert not waiting


def elsewhere(act: Callable[[], object]) -> None:
    """Do something in a connection of its own, which commits before the present transaction goes on."""
    errors: list[Exception] = []

    def run() -> None:
        try:
            act()
        except Exception as error:  # noqa: BLE001 - it's raised below, in the thread of the test
            errors.append(error)
        finally:
            connection.close()

    thread = Thread(target=run)
    thread.start()
    thread.join()
    for error in errors:
        raise error
