"""Whose the tables of a database are: TMS's, or those of somebody else, which nobody here may touch."""

from __future__ import annotations

from django.apps import apps
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from tms_site.backup import mark

# The caches' tables have no models, and are there too when Redis has taken their place since.
WITHOUT_MODEL = frozenset({"tms_cache", "tms_submissions", MigrationRecorder.Migration._meta.db_table})


def of_tms() -> list[str]:
    """Return the tables that are TMS's, an index's before those that it's kept in.

    Those of older releases are among them; the mark of a restore isn't, which outlives them.
    """
    found = [table for table, is_ours in _tables().items() if is_ours]
    return sorted(found, key=lambda table: not table.endswith("_fts"))


def of_others() -> list[str]:
    """Return the tables and views that are none of TMS's, by name."""
    return sorted(table for table, is_ours in _tables().items() if not is_ours)


def of_older_releases() -> list[str]:
    """Return the tables that are TMS's by nothing but the beginning of their names: this release has none like them."""
    exact = _exact_names()
    index = tuple(f"{table}_fts" for table in exact)
    return [table for table in of_tms() if table not in exact and not table.startswith(index)]


def _tables() -> dict[str, bool]:
    exact, beginnings, never = _exact_names(), _beginnings(), _never_made()
    # SQLite keeps such itself after ANALYZE, and lets nobody else have one.
    engines = ("sqlite_",) if connection.vendor == "sqlite" else ()
    with connection.cursor() as cursor:
        found = connection.introspection.get_table_list(cursor)
    return {
        # TMS has no views.
        each.name: each.type != "v"
        and not each.name.startswith(never)
        and (each.name in exact or each.name.startswith(beginnings))
        for each in found
        if each.name != mark.TABLE and not each.name.startswith(engines)
    }


def _exact_names() -> frozenset[str]:
    models = apps.get_models(include_auto_created=True)
    return WITHOUT_MODEL | {model._meta.db_table for model in models}


def _beginnings() -> tuple[str, ...]:
    """Return how tables of our applications and of the libraries are named, by which older ones are known.

    Django's own `django_…` are known by their whole names only: any other Django application has such.
    """
    models = [(f"{model._meta.app_label}_", model._meta.db_table) for model in apps.get_models()]
    return tuple({beginning for beginning, table in models if table.startswith(beginning)})


def _never_made() -> tuple[str, ...]:
    """Return how tables begin that a model of ours stands in for: another application has made them."""
    models = apps.get_models(include_swapped=True)
    return tuple(model._meta.db_table for model in models if model._meta.swapped)
