"""Operations of migrations that people needn't stop working for."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import migrations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.state import ProjectState


class AddEmptyForeignKey(migrations.AddField):
    """Adds a foreign key that is null in each row that's there, while others read and write the table.

    MySQL and MariaDB copy the table, and let nobody write meanwhile, when they have to look whether each row points to
    one that exists; rows that point nowhere needn't be looked at.
    The field must be nullable, without a default in the database.
    Source: https://mariadb.com/kb/en/innodb-online-ddl-operations-with-the-inplace-alter-algorithm/
    """

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Add the column and its constraint, without the look at rows."""
        with _unchecked(schema_editor):
            super().database_forwards(app_label, schema_editor, from_state, to_state)


@contextmanager
def _unchecked(schema_editor: BaseDatabaseSchemaEditor) -> Iterator[None]:
    if schema_editor.connection.vendor != "mysql":
        yield
        return
    schema_editor.execute("SET SESSION foreign_key_checks = 0")
    try:
        yield
    finally:
        schema_editor.execute("SET SESSION foreign_key_checks = 1")
