"""Putting a backup back."""

from __future__ import annotations

from typing import Any
from zipfile import ZipFile

from django.core.files import File
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.models import Model

from tickets.attachments import files as attached
from tickets.attachments.models import Attachment
from tickets.search import rebuild
from tms_site.backup import mark, rows, state, tables
from tms_site.backup.reading import EVERY, RestoreError, Tell, files_of, lines_of
from tms_site.lib.batches import in_statements

# So many tables of others are named.
NAMED = 2
# What the database or the storage of attachments may do in the middle, and values that they can't take.
BREAKING: tuple[type[Exception], ...] = (
    RestoreError,
    DatabaseError,
    InterfaceError,
    ValueError,
    OverflowError,
    *attached.FAILURES,
)
INCOMPLETE = "This database is incomplete now: mend what stood in the way, then run it again."


def check_database() -> None:
    """Make sure that nobody else has tables in the database.

    Raises:
        RestoreError: somebody has; what else they'd lose or break isn't for us to say.
    """
    others = tables.of_others()
    if not others:
        return
    named = " and ".join(others[:NAMED])
    if len(others) > NAMED:
        named += f" and {len(others) - NAMED:,} more"
    raise RestoreError(
        f"This database holds tables that aren't TMS's: {named}. Give TMS a database of its own (DATABASE_URL)."
    )


def restore(archive: ZipFile, manifest: dict[str, Any], tell: Tell) -> None:
    """Put a backup into the database and the storage of attachments; what TMS had in the database goes.

    An older backup is put into the tables of its time, which are then brought to this release. A run that was stopped
    leaves an incomplete database, which is marked as such: run it again.

    Args:
        archive: from `open_backup`.
        manifest: likewise.
        tell: is told what is being done.

    Raises:
        RestoreError: the database has others' tables too, and nothing was touched; or something can't be put back,
            and the mark stays.
    """
    check_database()
    # Before the first table goes: half of the tables may be all that a kill leaves.
    mark.put()
    try:
        _replace(archive, manifest, tell)
    except BREAKING as error:
        # In one line, and without the number that MySQL puts before it.
        text = str(error.args[-1] if isinstance(error, DatabaseError) and error.args else error)
        reason = " ".join(text.split()).rstrip(".")
        raise RestoreError(f"The restore broke off: {reason}. {INCOMPLETE}") from error
    mark.take_away()


def _replace(archive: ZipFile, manifest: dict[str, Any], tell: Tell) -> None:
    migrations = [(app, name) for app, name in manifest["migrations"]]
    tell("Preparing the tables …")
    _empty_database()
    apps = state.migrate_to(migrations)
    models = {rows.name_of(model): model for model in rows.saved_models(apps)}
    _flush(list(models.values()))
    with connection.constraint_checks_disabled():
        for name, about in manifest["models"].items():
            if name in models:
                _load(archive, models[name], about, tell)
    state.set_next_numbers(manifest["next_numbers"])
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    _load_files(archive, tell)
    rows.rows_of(Attachment).filter(storage_name__in=manifest["vanished"]).delete()
    tell("Making the search index …")
    for _step in rebuild.rebuild():
        pass


def _empty_database() -> None:
    """Take all tables of TMS away, so that those of the backup's time can be made."""
    quote = connection.ops.quote_name
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        for table in tables.of_tms():
            cursor.execute(f"DROP TABLE IF EXISTS {quote(table)}")


def _flush(models: list[type[Model]]) -> None:
    """Take away the rows that migrations have written: the backup has its own."""
    filled = [model._meta.db_table for model in models]
    statements = connection.ops.sql_flush(no_style(), filled, reset_sequences=True, allow_cascade=False)
    connection.ops.execute_sql_flush(statements)


def _load(archive: ZipFile, model: type[Model], about: dict[str, Any], tell: Tell) -> None:
    count = 0
    made = (rows.make(model, about["columns"], line) for line in lines_of(archive, rows.name_of(model)))
    for batch in in_statements(made, rows.BATCH):
        with transaction.atomic():
            rows.rows_of(model).bulk_create(batch)
        before, count = count, count + len(batch)
        if before // EVERY != count // EVERY:
            tell(f"  {count:,} of {about['rows']:,} rows of {rows.name_of(model)} so far")
    if count != about["rows"]:
        raise RestoreError(f"{rows.name_of(model)} has {count} rows instead of {about['rows']}.")
    if count:
        tell(f"{count:,} rows of {rows.name_of(model)}")


def _load_files(archive: ZipFile, tell: Tell) -> None:
    storage, count = attached.storage(), 0
    for name, info in files_of(archive):
        if storage.exists(name):
            storage.delete(name)
        with archive.open(info) as stream:
            saved = storage.save(name, File(stream, name=name))
        if saved != name:
            raise RestoreError(f"The file {name} could not be put back under its name.")
        count += 1
    tell(f"{count:,} files")
