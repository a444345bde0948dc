"""Importing and exporting as an operator does."""

import csv
import json
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import QuerySet

from tickets.figures.services import rebuild
from tms_site.backup.rows import saved_models
from tms_site.tests.integrity import findings

KEPT = {"contenttypes.ContentType", "auth.Permission", "tickets.FigureState", "tickets.SearchDocument"}


@pytest.fixture
def export(tmp_path):
    """Export to a folder of that name, and give its path."""

    def run(name="out", *options):
        call_command("export_all", tmp_path / name, *options, "--source", "old", stdout=StringIO())
        return tmp_path / name

    return run


@pytest.fixture
def bring(db):
    """Import, and give what the command says."""
    rebuild()  # as a new installation has it: complete, of no tickets

    def run(path, *options, said=None):
        heard = StringIO()
        try:
            call_command("import_tickets", path, *options, stdout=heard, stderr=heard, no_color=True)
        finally:
            if said is not None:
                said.extend(heard.getvalue().splitlines())
        return heard.getvalue()

    return run


@pytest.fixture
def refused(bring):
    """Import what is no good; gives what is said, a problem a line, and the end last."""

    def run(path, *options):
        said = []
        with pytest.raises(CommandError) as caught:
            bring(path, *options, said=said)
        return [*said, str(caught.value)]

    return run


@pytest.fixture
def write(tmp_path):
    """Write a file: rows as CSV or JSON Lines by its name, or whatever bytes it's to have."""

    def make(name, *rows):
        path = tmp_path / name
        if rows and isinstance(rows[0], bytes):
            path.write_bytes(rows[0])
        elif name.endswith(".csv"):
            with path.open("w", newline="") as stream:
                writer = csv.DictWriter(stream, list(dict.fromkeys(key for row in rows for key in row)))
                writer.writeheader()
                writer.writerows(rows)
        else:
            path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
        return path

    return make


@pytest.fixture
def forget_everything(db):
    """Take all rows away, as if the database were a new one."""

    def run():
        with connection.constraint_checks_disabled():
            for model in saved_models(apps):
                name = f"{model._meta.app_label}.{model._meta.object_name}"
                if name not in KEPT:
                    QuerySet(model)._raw_delete(connection.alias)  # noqa: SLF001 - whatever has keys to it
            connection.cursor().execute("DELETE FROM tickets_searchdocument")
        rebuild()

    return run


@pytest.fixture
def is_whole(db):
    """Fail unless the database is what TMS itself would have written."""

    def run():
        assert findings() == []

    return run
