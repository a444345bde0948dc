"""The tables that are filled, and how: many rows a statement, indexes made once the rows are there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from allauth.account.models import EmailAddress
from django.db import connection, models, transaction
from django.db.models import Max

from accounts.models import User
from activity.models import ActivityLog
from tickets.models import (
    Category,
    Comment,
    CommentRevision,
    Tag,
    Team,
    TeamMember,
    Ticket,
    TicketRevision,
    TicketTag,
)
from tms_site.generating.plan import Batch, Row
from tms_site.lib import indexes

# Name, model, and the fields in the order of the rows' values.
TABLES: dict[str, tuple[type[models.Model], str]] = {
    "users": (
        User,
        "id password email email_key username role is_active date_joined time_zone theme shortcuts is_away version",
    ),
    "emails": (EmailAddress, "id user email primary verified"),
    "teams": (Team, "id name name_key is_active version"),
    "members": (TeamMember, "id team user"),
    "categories": (
        Category,
        "id name name_key description is_active position default_team default_priority version",
    ),
    "tags": (Tag, "id name name_key"),
    "tickets": (
        Ticket,
        """id title description status priority creation_date updated_at resolution_date requester created_by
        assigned_agent category team version""",
    ),
    "ticket_tags": (TicketTag, "id ticket tag"),
    "comments": (Comment, "id ticket commented_by creation_date edited_at description is_internal version"),
    "ticket_revisions": (TicketRevision, "id ticket version values"),
    "comment_revisions": (CommentRevision, "id comment version values"),
    "log": (
        ActivityLog,
        """id user user_label activity_type activity_date details target_type target_id target_label ticket_id changes
        request_id dedupe_key seal in_timeline for_desk""",
    ),
}
# mysqlclient packs rows into statements of this many bytes; 64 KiB unless told.
STATEMENT_MAX = 1 << 20
INDEX_LINE = re.compile(r"^\s+((?:UNIQUE |FULLTEXT )?KEY `([^`]+)` .*?),?$", re.MULTILINE)


def first_ids() -> dict[str, int]:
    """Return for each table the first id that nobody has used yet."""
    managers = {name: model._meta.base_manager for name, (model, _fields) in TABLES.items()}
    return {name: (rows.aggregate(last=Max("pk"))["last"] or 0) + 1 for name, rows in managers.items()}


def insert(batch: Batch) -> None:
    """Write a batch in one transaction."""
    with transaction.atomic():
        for name, rows in batch.rows.items():
            if rows:
                _insert(name, rows)


def _insert(name: str, rows: Sequence[Row]) -> None:
    model, names = TABLES[name]
    written = {field.name: field.column or field.name for field in model._meta.concrete_fields}
    defaults = _defaults(model, names.split())
    quote = connection.ops.quote_name
    listed = ", ".join(quote(written[name]) for name in [*names.split(), *defaults])
    places = ", ".join(["%s"] * len(rows[0] + tuple(defaults)))
    # Names of our own models, no values.
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({listed}) VALUES ({places})"  # noqa: S608
    if defaults:
        rows = [row + tuple(defaults.values()) for row in rows]
    with connection.cursor() as cursor:
        if connection.vendor == "mysql":
            cursor.cursor.cursor.max_stmt_length = STATEMENT_MAX
        cursor.executemany(statement, rows)


def _defaults(model: type[models.Model], told: Sequence[str]) -> dict[str, Any]:
    """Return the values of the fields that rows don't tell and the database can't leave empty."""
    fields = (field for field in model._meta.concrete_fields if field.name not in told)
    return {
        field.name: field.get_db_prep_save(field.get_default(), connection)
        for field in fields
        if not field.null and not field.generated and field.has_default()
    }


@contextmanager
def trusted_rows() -> Iterator[None]:
    """Let the server believe that the rows' keys are right, which check_integrity proves; only for this session."""
    if connection.vendor != "mysql":
        yield
        return
    _run("SET SESSION unique_checks = 0, foreign_key_checks = 0")
    try:
        yield
    finally:
        _run("SET SESSION unique_checks = 1, foreign_key_checks = 1")


@contextmanager
def indexes_afterwards(*filled: type[models.Model]) -> Iterator[None]:
    """Take the indexes away from tables that are empty, and make them again at the end, whatever happened.

    A run that was killed before its end has left tables without theirs: they're made along with the others.
    """
    if connection.in_atomic_block:
        # MySQL and MariaDB would commit the transaction that's running, whoever has begun it.
        yield
        return
    making = [statement for model in filled for statement in _drop_indexes(model._meta.db_table)]
    try:
        yield
    finally:
        for statement in making:
            _run(statement)
        indexes.make(indexes.missing(filled))


def _drop_indexes(table: str) -> list[str]:
    """Take a table's indexes away if it is empty; returns the statements that make them again."""
    if _is_filled(table):
        return []
    if connection.vendor == "mysql":
        return _drop_on_mysql(table)
    return _drop_on_sqlite(table)


def _is_filled(table: str) -> bool:
    return bool(_rows(f"SELECT 1 FROM {connection.ops.quote_name(table)} LIMIT 1"))  # noqa: S608 - our own table


def _drop_on_mysql(table: str) -> list[str]:
    [(_table, definition)] = _rows(f"SHOW CREATE TABLE `{table}`")
    found = INDEX_LINE.findall(definition)
    if not found:
        return []
    dropping = [f"DROP KEY `{name}`" for _line, name in found]
    if any(line.startswith("FULLTEXT") for line, _name in found):
        # In place, the hidden numbers of the documents would stay, and an index that is made over them later finds
        # nothing (seen with MariaDB 10.11). There is nothing to copy.
        dropping.append("ALGORITHM=COPY")
    _run(f"ALTER TABLE `{table}` " + ", ".join(dropping))
    # One statement, so that the table is read once for all of them.
    return [f"ALTER TABLE `{table}` " + ", ".join(f"ADD {line}" for line, _name in found)]


def _drop_on_sqlite(table: str) -> list[str]:
    found = _rows(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = %s", table
    )
    for name, _statement in found:
        _run(f"DROP INDEX {connection.ops.quote_name(name)}")
    return [statement for _name, statement in found]


def refresh_statistics() -> None:
    """Let the engine look at what it has now, so that it plans its queries well from the first one on."""
    if connection.in_atomic_block:
        return  # for the same reason as above
    for model, _fields in TABLES.values():
        table = connection.ops.quote_name(model._meta.db_table)
        _rows(f"ANALYZE TABLE {table}" if connection.vendor == "mysql" else f"ANALYZE {table}")


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _rows(statement: str, *values: str) -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return list(cursor.fetchall())
