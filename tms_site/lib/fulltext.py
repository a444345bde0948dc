"""A column of search terms with a full-text index: all that differs between the engines.

On MySQL and MariaDB it has an InnoDB FULLTEXT index; on SQLite an FTS5 table beside it, kept by triggers. The terms
are ASCII letters, digits and `_`, each with a blank before and after it, so that both engines take them apart alike.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.models import Lookup

SQLITE_SCRIPT = (
    """CREATE VIRTUAL TABLE {table}_fts USING fts5(
        {column}, content='{table}', content_rowid='{key}', tokenize="ascii tokenchars '_'", prefix='5 6'
    )""",
    """CREATE TRIGGER {table}_fts_insert AFTER INSERT ON {table} BEGIN
        INSERT INTO {table}_fts(rowid, {column}) VALUES (new.{key}, new.{column});
    END""",
    """CREATE TRIGGER {table}_fts_delete AFTER DELETE ON {table} BEGIN
        INSERT INTO {table}_fts({table}_fts, rowid, {column}) VALUES ('delete', old.{key}, old.{column});
    END""",
    """CREATE TRIGGER {table}_fts_update AFTER UPDATE ON {table} BEGIN
        INSERT INTO {table}_fts({table}_fts, rowid, {column}) VALUES ('delete', old.{key}, old.{column});
        INSERT INTO {table}_fts(rowid, {column}) VALUES (new.{key}, new.{column});
    END""",
)
SQLITE_BACK = (
    "DROP TRIGGER {table}_fts_insert",
    "DROP TRIGGER {table}_fts_delete",
    "DROP TRIGGER {table}_fts_update",
    "DROP TABLE {table}_fts",
)


class TermsField(models.TextField):  # type: ignore[type-arg] # not subscriptable at run time
    """A text of search terms."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        """Return the type of the column: where there are character sets, the one that compares bytes."""
        if connection.vendor == "mysql":
            return "mediumtext CHARACTER SET ascii COLLATE ascii_bin"
        return super().db_type(connection) or "text"


@TermsField.register_lookup
class Holds(Lookup):
    """Whether the text has this in it: for rows that are few for other reasons, as it reads each."""

    lookup_name = "holds"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        """Return the condition."""
        column, parameters = self.process_lhs(compiler, connection)
        return f"INSTR({column}, %s) > 0", (*parameters, self.rhs)


@TermsField.register_lookup
class Lacks(Holds):
    """Whether the text doesn't have this in it."""

    lookup_name = "lacks"

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        """Return the condition."""
        condition, parameters = super().as_sql(compiler, connection)
        return f"NOT ({condition})", parameters


@TermsField.register_lookup
class Fulltext(Lookup):
    """Whether the full-text index finds the row, by an expression of the engine made of nothing but terms."""

    lookup_name = "fulltext"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        """Return the condition of MySQL and MariaDB."""
        column, parameters = self.process_lhs(compiler, connection)
        return f"MATCH ({column}) AGAINST (%s IN BOOLEAN MODE)", (*parameters, self.rhs)

    def as_sqlite(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        """Return the condition of SQLite."""
        meta, quote = self.lhs.target.model._meta, connection.ops.quote_name
        index, key = quote(f"{meta.db_table}_fts"), f"{quote(self.lhs.alias)}.{quote(meta.pk.column)}"
        return f"{key} IN (SELECT rowid FROM {index} WHERE {index} MATCH %s)", (self.rhs,)  # noqa: S608 - our own names


def add_on_mysql(editor: BaseDatabaseSchemaEditor, model: type[models.Model], column: str) -> None:
    """Make a full-text index again that is missing on MySQL or MariaDB.

    Made in place where one was dropped in place, it would find nothing (seen with MariaDB 10.11): so by a copy.
    """
    table = model._meta.db_table
    editor.execute(f"ALTER TABLE {table} ADD FULLTEXT INDEX {table}_fts ({column}), ALGORITHM=COPY")


class AddFulltext(Operation):
    """A migration's step: give a TermsField its full-text index."""

    reversible = True

    def __init__(self, model_name: str, name: str) -> None:
        self.model_name = model_name
        self.name = name

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Change nothing about the models: the index serves the column."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        """Make the index."""
        words = self._words(app_label, to_state)
        if schema_editor.connection.vendor == "mysql":
            schema_editor.execute("ALTER TABLE {table} ADD FULLTEXT INDEX {table}_fts ({column})".format(**words))
            return
        for statement in SQLITE_SCRIPT:
            schema_editor.execute(statement.format(**words), params=None)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        """Remove the index."""
        words = self._words(app_label, from_state)
        if schema_editor.connection.vendor == "mysql":
            schema_editor.execute("ALTER TABLE {table} DROP INDEX {table}_fts".format(**words))
            return
        for statement in SQLITE_BACK:
            schema_editor.execute(statement.format(**words), params=None)

    def describe(self) -> str:
        """Say what the step does."""
        return f"Add the full-text index of {self.name} on {self.model_name}"

    def _words(self, app_label: str, state: Any) -> dict[str, str]:
        meta = state.apps.get_model(app_label, self.model_name)._meta
        return {"table": meta.db_table, "column": meta.get_field(self.name).column, "key": meta.pk.column}
