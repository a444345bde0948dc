"""What the database itself has to say: foreign keys, its own check, values that must be unique."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import IntegrityError, connection
from django.db.models import Count, QuerySet

from activity.integrity.progress import Progress
from tickets.models import Comment, Ticket


def check_database(progress: Progress) -> Iterator[str]:
    """Yield what the engine and its constraints find."""
    progress.begin("the database")
    yield from _foreign_keys()
    yield from _engine()
    yield from _tokens()


def _tables() -> list[str]:
    existing = set(connection.introspection.table_names())
    models = apps.get_models(include_auto_created=True)
    return sorted({model._meta.db_table for model in models if model._meta.managed} & existing)


def _foreign_keys() -> Iterator[str]:
    for table in _tables():
        try:
            connection.check_constraints(table_names=[table])
        except IntegrityError as error:
            yield f"Table {table}: {error}"


def _engine() -> Iterator[str]:
    if connection.vendor == "sqlite":
        yield from (f"SQLite: {line}" for (line,) in _rows("PRAGMA integrity_check") if line != "ok")
        return
    if connection.in_atomic_block:
        # CHECK TABLE commits the running transaction, whoever has begun it. The command runs outside of any.
        return
    for table in _tables():
        quoted = connection.ops.quote_name(table)
        for _table, _operation, kind, text in _rows(f"CHECK TABLE {quoted}"):
            if (kind, text) != ("status", "OK"):
                yield f"Table {table}: {kind}: {text}"


def _rows(statement: str) -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def _tokens() -> Iterator[str]:
    everything: tuple[tuple[QuerySet[Any], str], ...] = (
        (Ticket.objects.all(), "created_by"),
        (Comment.objects.all(), "commented_by"),
    )
    for rows, author in everything:
        named = rows.filter(client_token__isnull=False, **{f"{author}__isnull": False})
        repeated = named.values(author, "client_token").annotate(rows=Count("pk")).filter(rows__gt=1).order_by()
        for row in repeated.iterator():
            yield (
                f"{rows.model._meta.verbose_name_plural}: user {row[author]} has used the client token "
                f"{row['client_token']} {row['rows']} times"
            )
