"""Migrations only add, so that the previous release goes on working on the new tables (docs/operations.md, Upgrades).

A release adds what it needs, with a value that the database itself fills in. What nobody uses any more goes a release
later, and stands below with the release that stopped using it.
"""

import pytest
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.db.models import F

from tms_site.lib.fulltext import AddFulltext

OURS = {"accounts", "activity", "tickets"}
# Each with the reason why the previous release doesn't mind.
EXCEPTIONS: dict[str, str] = {}
HARMLESS = (
    migrations.CreateModel,
    migrations.AddIndex,
    migrations.RemoveIndex,
    migrations.RenameIndex,
    migrations.RemoveConstraint,
    migrations.AlterModelOptions,
    migrations.AlterModelManagers,
    # Writes rows, and leaves the tables what they are.
    migrations.RunPython,
    AddFulltext,
)
TAKING_AWAY = (
    migrations.RemoveField,
    migrations.RenameField,
    migrations.DeleteModel,
    migrations.RenameModel,
    migrations.AlterModelTable,
)


def needs_a_value(field):
    """Tell whether a row that doesn't mention the column is refused."""
    return not (field.many_to_many or field.null or field.has_db_default() or field.generated)


def is_narrower(old, new):
    """Tell whether a column takes less than it did."""
    shorter = new.max_length is not None and (old.max_length is None or new.max_length < old.max_length)
    return (old.null and not new.null) or shorter or (new.unique and not old.unique) or type(old) is not type(new)


def problem_of(operation, app, state, same):
    """Return what the previous release would stumble over, or nothing; `same` are the migration's other operations."""
    made = {each.name_lower for each in same if isinstance(each, migrations.CreateModel)}
    model = getattr(operation, "model_name_lower", None) or getattr(operation, "model_name", "").lower()
    if isinstance(operation, HARMLESS) or model in made:
        return ""
    if isinstance(operation, TAKING_AWAY):
        return "takes away what it uses"
    if isinstance(operation, migrations.AddField):
        return "wants a value that it doesn't know of" if needs_a_value(operation.field) else ""
    if isinstance(operation, migrations.AlterField):
        old = state.models[app, model].fields[operation.name]
        return "takes less than it writes" if is_narrower(old, operation.field) else ""
    if isinstance(operation, migrations.AddConstraint):
        added = {each.name for each in same if isinstance(each, migrations.AddField) and each.field.null}
        fields = set(getattr(operation.constraint, "fields", ()))
        # NULL is equal to nothing, and the previous release writes nothing else.
        return "" if fields & added else "refuses rows that it may write"
    return "can't be judged"


def problems():
    """Return what all of our migrations take from the release before them, each in one line."""
    loader, state, found = MigrationLoader(None), ProjectState(), {}
    for key in loader.graph._generate_plan(loader.graph.leaf_nodes(), at_end=True):  # noqa: SLF001 - all, in order
        operations = loader.graph.nodes[key].operations
        for operation in operations:
            problem = key[0] in OURS and problem_of(operation, key[0], state, operations)
            if problem:
                found[f"{key[0]}.{key[1]}: {operation.describe()}"] = problem
            operation.state_forwards(key[0], state)
    return found


def test_no_migration_takes_anything_from_the_previous_release():
    found = problems()
    assert {line: problem for line, problem in found.items() if line not in EXCEPTIONS} == {}
    assert set(EXCEPTIONS) - set(found) == set()


def field(**options):
    return models.CharField(**({"max_length": 20} | options))


@pytest.mark.parametrize(
    "operation",
    [
        migrations.RemoveField("thing", "name"),
        migrations.RenameField("thing", "name", "title"),
        migrations.DeleteModel("thing"),
        migrations.RenameModel("thing", "item"),
        migrations.AlterModelTable("thing", "things"),
        migrations.AddField("thing", "colour", field()),
        migrations.AddField("thing", "colour", field(default="red")),
        migrations.AlterField("thing", "name", field(max_length=10, null=True)),
        migrations.AlterField("thing", "name", field()),
        migrations.AlterField("thing", "name", field(null=True, unique=True)),
        migrations.AlterField("thing", "name", models.IntegerField(null=True)),
        migrations.AddConstraint("thing", models.UniqueConstraint(fields=["name"], name="one")),
        migrations.AddConstraint("thing", models.CheckConstraint(condition=models.Q(name="a"), name="a")),
        migrations.RunSQL("DROP TABLE thing"),
        migrations.SeparateDatabaseAndState(),
    ],
    ids=lambda operation: operation.describe(),
)
def test_what_the_previous_release_would_stumble_over_is_found(operation):
    assert problem_of(operation, "tickets", things(), [operation])


def things():
    state = ProjectState()
    fields = [("id", models.BigAutoField(primary_key=True)), ("name", field(null=True))]
    migrations.CreateModel("thing", fields).state_forwards("tickets", state)
    return state


SIZE = models.GeneratedField(expression=F("id"), output_field=models.IntegerField(), db_persist=True)
COLOUR = migrations.AddField("thing", "colour", field(null=True))


@pytest.mark.parametrize(
    "operations",
    [
        [COLOUR],
        [migrations.AddField("thing", "colour", field(db_default="red"))],
        [migrations.AddField("thing", "size", SIZE)],
        [migrations.AddField("thing", "others", models.ManyToManyField("tickets.thing"))],
        [migrations.AlterField("thing", "name", field(max_length=30, null=True))],
        [COLOUR, migrations.AddConstraint("thing", models.UniqueConstraint(fields=["name", "colour"], name="one"))],
        [migrations.CreateModel("other", []), migrations.AddField("other", "colour", field())],
    ],
    ids=lambda operations: operations[-1].describe(),
)
def test_what_it_does_not_notice_is_fine(operations):
    state = things()
    for operation in operations:
        assert not problem_of(operation, "tickets", state, operations)
        operation.state_forwards("tickets", state)
