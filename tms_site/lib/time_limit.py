"""A limit of time for reads: a question that no index can answer is given up, instead of holding a worker for minutes.

The database itself stops, without a further query: MariaDB and MySQL by a clause within the statement, SQLite by a
handler that it calls now and then.
"""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, DatabaseError, InternalError, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

# What the engines say: MariaDB's ER_STATEMENT_TIMEOUT, MySQL's ER_QUERY_TIMEOUT.
OUT_OF_TIME = frozenset({1969, 3024})
# What InnoDB says where it's interrupted within a full-text search, or where that finds more than it may remember:
# HA_ERR_FTS_EXCEED_RESULT_CACHE_LIMIT, which drivers know as an internal error without a text.
FULLTEXT_GIVEN_UP = 188
# The least that MariaDB and MySQL take: nothing would mean "no limit".
LEAST_SECONDS = 0.001
# How many steps of its machine SQLite goes before it asks again: some hundred microseconds.
SQLITE_STEPS = 10_000
# The parts of a union stand in brackets.
_SELECT = re.compile(r"[\s(]*SELECT\b", re.IGNORECASE)

Execute = Callable[[str, Any, bool, dict[str, Any]], Any]


class TooSlow(Exception):  # noqa: N818 - the caller asks for a narrower question; it's a case, not a failure
    """The reads took longer than they may."""


@contextmanager
def time_limit(seconds: float, using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Give the reads within the block so much time, all together. Limits aren't nested.

    Only statements that begin with SELECT, unions among them, are stopped: what a block writes is written.

    Args:
        seconds: how long.
        using: the alias of the database.

    Raises:
        TooSlow: the time was over before the answer was there.
    """
    connection = connections[using]
    deadline = time.monotonic() + seconds
    limited = _limited_sqlite if connection.vendor == "sqlite" else _limited_statements
    try:
        with limited(connection, deadline):
            yield
    except (OperationalError, InternalError) as error:
        if not _is_out_of_time(error):
            raise
        raise TooSlow from error


def _is_out_of_time(error: DatabaseError) -> bool:
    if isinstance(error.__cause__, sqlite3.Error):
        return getattr(error.__cause__, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT
    code = error.args[0] if error.args else None
    return code in OUT_OF_TIME or (code == FULLTEXT_GIVEN_UP and isinstance(error, InternalError))


@contextmanager
def _limited_sqlite(connection: BaseDatabaseWrapper, deadline: float) -> Iterator[None]:
    connection.ensure_connection()
    # Its rows come one by one, after the statement was "executed", so the limit stands around all of the block.
    handle: sqlite3.Connection = connection.connection
    handle.set_progress_handler(lambda: time.monotonic() > deadline, SQLITE_STEPS)
    try:
        yield
    finally:
        handle.set_progress_handler(None, 0)


def _limited_statements(connection: BaseDatabaseWrapper, deadline: float) -> AbstractContextManager[None]:
    # Django's connection of MySQL knows which of the two it talks to.
    add_limit = _for_mariadb if getattr(connection, "mysql_is_mariadb", False) else _for_mysql

    def execute_limited(execute: Execute, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if _SELECT.match(sql):
            sql = add_limit(sql, max(deadline - time.monotonic(), LEAST_SECONDS))
        return execute(sql, params, many, context)

    return connection.execute_wrapper(execute_limited)


def _for_mariadb(sql: str, seconds: float) -> str:
    return f"SET STATEMENT max_statement_time={seconds:.3f} FOR {sql}"


def _for_mysql(sql: str, seconds: float) -> str:
    # Behind the first SELECT it's a limit of the whole statement, also of a union.
    return _SELECT.sub(rf"\g<0> /*+ MAX_EXECUTION_TIME({seconds * 1000:.0f}) */", sql, count=1)
