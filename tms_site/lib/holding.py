"""Rows that a transaction counts on without changing them."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models import QuerySet


def held(rows: QuerySet[Any]) -> list[int]:
    """Return the numbers of these rows, and let nobody change one until the running transaction ends.

    Several may hold the same row at once, and it's the lock that a foreign key takes anyway when something is made to
    point there: to hold a row earlier makes nobody wait who wouldn't have waited. SQLite admits one writer at a time.
    """
    numbers = rows.order_by("pk").values_list("pk", flat=True)
    if connection.vendor != "mysql":
        return list(numbers)
    # Django knows exclusive locks alone; both MySQL and MariaDB have these words for the other one.
    sql, params = numbers.query.get_compiler(connection=connection).as_sql()
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} LOCK IN SHARE MODE", params)
        return [number for (number,) in cursor.fetchall()]
