"""The mark of a database that is being restored: as long as it's there, the database is incomplete.

It's a table of its own, since the migrations haven't made theirs yet, and MySQL undoes nothing that was done to tables.
"""

from __future__ import annotations

from django.db import connection

TABLE = "tms_unfinished_restore"
UNFINISHED = "this database is incomplete: a restore into it was interrupted, or still runs"
ADVICE = "Run `manage.py restore FILE` again."


def is_there() -> bool:
    """Tell whether a restore into this database hasn't come to its end."""
    return TABLE in connection.introspection.table_names()


def put() -> None:
    """Say that the database is incomplete from now on."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE IF NOT EXISTS {connection.ops.quote_name(TABLE)} (id integer)")


def take_away() -> None:
    """Say that the database is whole again."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {connection.ops.quote_name(TABLE)}")
