"""What TMS has made is told from what others have made in the same database, which a restore leaves alone."""

from contextlib import ExitStack

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from tms_site import environment
from tms_site.backup import state, tables


@pytest.fixture
def make(transactional_db):
    """Make a table or view of that name, gone after the test; DDL ends transactions on MySQL."""
    with connection.cursor() as cursor, ExitStack() as gone:

        def make(name, kind="TABLE"):
            what = "AS SELECT 1 AS id" if kind == "VIEW" else "(id integer)"
            gone.callback(cursor.execute, f"DROP {kind} IF EXISTS {name}")
            cursor.execute(f"CREATE {kind} {name} {what}")
            return lambda: cursor.execute(f"INSERT INTO {name} (id) VALUES (1)")  # noqa: S608 - the test's own name

        yield make


def test_every_table_that_the_migrations_make_is_tms_own(db):
    assert tables.of_others() == []
    assert tables.of_older_releases() == []
    assert sorted(tables.of_tms()) == connection.introspection.table_names()


def test_the_tables_of_the_caches_are_known_by_their_names():
    names = {"tms_cache", "tms_submissions"}
    assert {cache["LOCATION"] for cache in settings.CACHES.values()} == names
    assert {environment.shared_cache(name, "")["LOCATION"] for name in names} <= tables.WITHOUT_MODEL


@pytest.mark.skipif(connection.vendor != "sqlite", reason="servers keep such in a database of their own")
def test_what_the_engine_notes_about_tables_is_nobody_elses(db):
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    assert tables.of_others() == []


@pytest.mark.parametrize("options", [[], ["--overwrite"]])
def test_a_database_with_a_table_of_another_application_is_refused(make, tmp_path, options):
    make("ost_ticket")
    with pytest.raises(CommandError, match=r"tables that aren't TMS's: ost_ticket\. Give TMS a database of its own"):
        call_command("restore", tmp_path / "any.zip", *options)
    assert {"ost_ticket", "accounts_user"} <= set(connection.introspection.table_names())


def test_of_many_tables_of_others_two_are_named(make, tmp_path):
    for name in ("tickets", "auth_user", "auth_user_groups", "django_site"):
        make(name)
    make("tickets_report", "VIEW")
    with pytest.raises(CommandError, match="auth_user and auth_user_groups and 3 more"):
        call_command("restore", tmp_path / "any.zip")


def test_a_table_of_an_older_release_is_tms_own_and_what_is_in_it_holds_something(make):
    add_row = make("tickets_ancient")
    assert tables.of_others() == []
    assert "tickets_ancient" in tables.of_tms()
    assert not state.holds_something()
    add_row()
    assert state.holds_something()
