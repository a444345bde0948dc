"""A second connection that sees the database as it was at one moment, while others go on writing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, connections, transaction

ALIAS = "snapshot"


@contextmanager
def snapshot() -> Iterator[str]:
    """Give the name of a connection that sees one moment only, and blocks nobody.

    SQLite's write-ahead log and InnoDB's REPEATABLE READ both keep what a transaction saw first.
    """
    settings = {**connection.settings_dict, "CONN_MAX_AGE": 0}
    options = {**settings["OPTIONS"]}
    if connection.vendor == "sqlite":
        # The house's own way, IMMEDIATE, would keep all writers waiting.
        options["transaction_mode"] = "DEFERRED"
    else:
        options["isolation_level"] = "repeatable read"
    connections.databases[ALIAS] = {**settings, "OPTIONS": options}
    try:
        with transaction.atomic(using=ALIAS):
            yield ALIAS
    finally:
        connections[ALIAS].close()
        del connections[ALIAS], connections.databases[ALIAS]
