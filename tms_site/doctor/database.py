"""The database: whether it answers, has what this release needs, and keeps the time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from tickets.enums import DESCRIPTION_MAX
from tms_site.backup import mark
from tms_site.doctor.findings import Finding, fine, problem, warning
from tms_site.lib.indexes import Missing, missing

DATABASE, RESTORE, MIGRATIONS, INDEXES, CLOCK = "database", "restore", "migrations", "indexes", "clock"
CLOCK_TOLERANCE = timedelta(seconds=5)
# What a webhook is told of a new description: that of the ticket, the old one and the new one, 100,000 signs each, of
# which one may take 14 bytes in a statement (two escapes of JSON, their backslashes doubled); and some for the rest.
LONGEST_ROW = 3 * 14 * DESCRIPTION_MAX + 300_000
# With all that is written along with it, and as much again.
PACKET_LEAST = 16 << 20


def server() -> Iterator[Finding]:
    """Say which server answers, and whether it keeps what it's given."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            mode = cursor.execute("PRAGMA journal_mode").fetchone()[0]
            version = cursor.execute("SELECT sqlite_version()").fetchone()[0]
            yield (
                fine(DATABASE, f"SQLite {version}, {mode.upper()}")
                if mode == "wal"
                else problem(
                    DATABASE,
                    f"SQLite keeps its journal as {mode}, so readers wait for writers",
                    "Run `manage.py migrate`.",
                )
            )
            return
        cursor.execute("SELECT VERSION(), @@innodb_flush_log_at_trx_commit, @@max_allowed_packet")
        version, flush, packet = cursor.fetchone()
    if int(flush) != 1:
        advice = "Set innodb_flush_log_at_trx_commit = 1, or the last second is lost when the machine fails."
        yield warning(DATABASE, f"{version} says «written» before it is", advice)
    elif int(packet) < PACKET_LEAST:
        text = f"{version} takes packets of {packet} bytes only; a single long row may need {LONGEST_ROW} of them"
        yield warning(DATABASE, text, "Set max_allowed_packet to 16M at least, better to 64M.")
    else:
        yield fine(DATABASE, str(version))


def restoring() -> Iterator[Finding]:
    """Say whether a restore has left half a database: its tables may all be there, and nothing else would tell."""
    if mark.is_there():
        yield problem(RESTORE, mark.UNFINISHED, mark.ADVICE)
    else:
        yield fine(RESTORE, "none was interrupted")


def migrations() -> Iterator[Finding]:
    """Say whether the tables are those of this release.

    After half a restore nothing is said: `restoring` has its advice, and `migrate` would go on with half a database.
    """
    if mark.is_there():
        return
    executor = MigrationExecutor(connection)
    waiting = waiting_migrations(executor)
    newer = sorted(set(executor.loader.applied_migrations) - set(executor.loader.disk_migrations))
    ours = [f"{app}.{name}" for app, name in newer if app in {"accounts", "tickets", "activity"}]
    if waiting:
        text = f"{len(waiting)} are waiting: {', '.join(waiting[:3])}"
        yield problem(MIGRATIONS, text, "Run `manage.py migrate`.")
    elif ours:
        yield warning(MIGRATIONS, f"the database knows {ours[0]}, this release doesn't", "Finish the upgrade.")
    else:
        yield fine(MIGRATIONS, "all done")


def waiting_migrations(executor: MigrationExecutor | None = None) -> list[str]:
    """Return the names of the migrations that haven't been run, in their order."""
    executor = executor or MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{each.app_label}.{each.name}" for each, _back in plan]


def indexes() -> Iterator[Finding]:
    """Say whether each index that the models name is there: without one, a list is slow and nothing else tells.

    While migrations wait nobody can tell: what is missing may be what they make.
    """
    if waiting_migrations():
        return
    lacking = [each.name for each in missing_indexes()]
    if lacking:
        advice = "Run `manage.py doctor --mend-indexes`, which makes them again."
        yield problem(INDEXES, f"{len(lacking)} missing: {', '.join(lacking[:5])}", advice)
    else:
        yield fine(INDEXES, "all there")


def missing_indexes() -> list[Missing]:
    """Return each index that the models name and the database lacks."""
    return missing(apps.get_models(include_auto_created=True))


def clock() -> Iterator[Finding]:
    """Say whether this machine and the database's agree about the time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')"
            if connection.vendor == "sqlite"
            else "SELECT UTC_TIMESTAMP(6)"
        )
        theirs = cursor.fetchone()[0]
    moment = theirs if isinstance(theirs, datetime) else parse_datetime(theirs)
    if moment is None:
        yield warning(CLOCK, f"the database says it's {theirs!r}", "Look at the database's time.")
        return
    apart = abs(timezone.now() - moment.replace(tzinfo=UTC))
    if apart > CLOCK_TOLERANCE:
        advice = (
            "Let both machines take the time from a time server: entries of the log, tokens and codes depend on it."
        )
        yield warning(CLOCK, f"{apart.total_seconds():.0f} s apart from the database's", advice)
    else:
        yield fine(CLOCK, "agrees with the database's")
