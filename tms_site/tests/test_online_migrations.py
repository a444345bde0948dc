"""Foreign keys of large tables are added while people work."""

import pytest
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState
from django.db.utils import OperationalError

from tms_site.lib.migrations import AddEmptyForeignKey


def field():
    return models.ForeignKey("tickets.Thing", on_delete=models.PROTECT, null=True, related_name="+")


def state_with_things():
    state = ProjectState()
    migrations.CreateModel("Thing", [("id", models.BigAutoField(primary_key=True))]).state_forwards("tickets", state)
    return state


@pytest.fixture
def things(transactional_db):
    """A table with a row, in no migration of ours."""
    state = state_with_things()
    thing = state.apps.get_model("tickets", "Thing")
    with connection.schema_editor() as editor:
        editor.create_model(thing)
    thing.objects.create()
    yield state
    with connection.schema_editor() as editor:
        editor.delete_model(thing)


def add(operation, state):
    after = state.clone()
    operation.state_forwards("tickets", after)
    with connection.schema_editor() as editor:
        operation.database_forwards("tickets", editor, state, after)
    return after.apps.get_model("tickets", "Thing")


def test_the_column_is_there_and_its_constraint_holds_again(things):
    thing = add(AddEmptyForeignKey("thing", "other", field()), things)
    assert thing.objects.get().other_id is None
    first = thing.objects.get()
    assert thing.objects.create(other=first).other_id == first.pk


@pytest.mark.mysql
def test_the_server_neither_copies_the_table_nor_locks_it(things):
    with connection.cursor() as cursor:
        cursor.execute("SELECT VERSION()")
        if "MariaDB" not in cursor.fetchone()[0]:
            pytest.skip("MySQL has no alter_algorithm to forbid copies with")
        cursor.execute("SET SESSION alter_algorithm = 'INPLACE'")
    try:
        with pytest.raises(OperationalError, match="COPY"):
            add(migrations.AddField("thing", "other", field()), things)
        add(AddEmptyForeignKey("thing", "other", field()), things)
        with connection.cursor() as cursor:
            cursor.execute("SELECT @@foreign_key_checks")
            assert cursor.fetchone() == (1,)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET SESSION alter_algorithm = DEFAULT")
