"""What state a database is in: which migrations it has, whether it holds anything, which numbers come next."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import StateApps

from tms_site.backup import tables


def applied(alias: str = "default") -> list[tuple[str, str]]:
    """Return the migrations that a database has, as (application, name)."""
    return sorted(MigrationRecorder(connections[alias]).applied_migrations())


def unknown(migrations: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return those migrations that this release doesn't have: they come from a newer one."""
    known = MigrationLoader(connection).disk_migrations
    return [each for each in migrations if each not in known]


def migrate_to(migrations: list[tuple[str, str]]) -> StateApps:
    """Bring an empty database to exactly these migrations, and return the models of that time."""
    executor = MigrationExecutor(connection)
    executor.loader, wanted = _way_to(set(migrations))
    graph = executor.loader.graph
    nodes = [node for node in graph.nodes if node in wanted]
    leaves = [node for node in nodes if not any(child.key in wanted for child in graph.node_map[node].children)]
    executor.migrate(leaves)
    return executor.loader.project_state(nodes).apps


def models_after(migrations: list[tuple[str, str]]) -> StateApps:
    """Return the models as they are after exactly these migrations, whatever the database has."""
    loader, wanted = _way_to(set(migrations), asked=False)
    return loader.project_state([node for node in loader.graph.nodes if node in wanted]).apps


def _way_to(migrations: set[tuple[str, str]], *, asked: bool = True) -> tuple[MigrationLoader, set[tuple[str, str]]]:
    """Return what leads to these migrations, and how they are called there.

    Squashed migrations lead there where all that they replace is wanted; else it takes those that they replace. The
    database is asked which ones it has, unless `asked` is false.
    """
    database = connection if asked else None
    loader = MigrationLoader(database)
    if all(migrations.issuperset(squashed.replaces) for squashed in loader.replacements.values()):
        return loader, migrations | set(loader.replacements)
    return MigrationLoader(database, replace_migrations=False), migrations - set(loader.replacements)


def holds_something() -> bool:
    """Tell whether anybody has an account here, or a table that this release doesn't know has rows."""
    users = get_user_model()._meta.db_table
    asked = [table for table in tables.of_tms() if table == users] + tables.of_older_releases()
    return any(_has_rows(table) for table in asked)


def _has_rows(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(table)} LIMIT 1")  # noqa: S608 - quoted
        return cursor.fetchone() is not None


def next_numbers(alias: str) -> dict[str, int]:
    """Return for each table the number that its next row gets: those of removed rows must not come again."""
    with connections[alias].cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, seq + 1 FROM sqlite_sequence")
        else:
            # The statistics may be a day old otherwise.
            if not connections[alias].mysql_is_mariadb:  # type: ignore[attr-defined] # only this engine has it
                cursor.execute("SET SESSION information_schema_stats_expiry = 0")
            cursor.execute(
                "SELECT table_name, auto_increment FROM information_schema.tables"
                " WHERE table_schema = DATABASE() AND auto_increment IS NOT NULL"
            )
        return {str(table): int(number) for table, number in cursor.fetchall()}


def set_next_numbers(numbers: dict[str, int]) -> None:
    """Let each table go on from where it was."""
    existing = set(connection.introspection.table_names())
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for table, number in numbers.items():
            if table not in existing:
                continue
            if connection.vendor == "sqlite":
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, number - 1])
            else:
                cursor.execute(f"ALTER TABLE {quote(table)} AUTO_INCREMENT = {int(number)}")
