"""Indexes that models name: which of them the database lacks, and how to make them again.

Whoever fills empty tables takes their indexes away first (`generate_tickets`) and is killed, or an operator drops one:
lists are slow then, searches on MySQL and MariaDB fail, and what may be there only once may come twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from operator import methodcaller
from typing import Any

from django.db import IntegrityError, connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import BaseConstraint, Field, Index, Model, UniqueConstraint

from tms_site.lib.fulltext import TermsField, add_on_mysql

# What the database has of a table, by name, as Django's introspection tells it.
Found = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Missing:
    """An index or a constraint that the database lacks.

    Args:
        name: its own, or its table and columns where Django names it.
        make: makes it.
    """

    name: str
    make: Callable[[BaseDatabaseSchemaEditor], object]


class CannotMake(Exception):  # noqa: N818 - what the rows are like, not an error of ours
    """An index can't be made of the rows that there are; the text says which, and why."""


def missing(models: Iterable[type[Model]]) -> list[Missing]:
    """Return what the database lacks of what these models name. Tables that aren't there lack nothing."""
    lacking: list[Missing] = []
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for model in models:
            if model._meta.managed and not model._meta.proxy and model._meta.db_table in tables:
                found = connection.introspection.get_constraints(cursor, model._meta.db_table)
                lacking += _of_model(model, found)
    return lacking


def make(lacking: Iterable[Missing], tell: Callable[[str], object] = str) -> None:
    """Make what is missing, each for itself: what is made stays, whatever becomes of the next one.

    Args:
        lacking: what `missing` has returned.
        tell: is told the name of each that's made; unless given, nobody is.

    Raises:
        CannotMake: rows have twice what they may have once.
    """
    for each in lacking:
        try:
            with connection.schema_editor() as editor:
                each.make(editor)
        except IntegrityError as error:
            reason = error.args[-1] if error.args else error
            raise CannotMake(f"{each.name} can't be made, since rows have the same twice: {reason}") from error
        tell(each.name)


def _of_model(model: type[Model], found: Found) -> Iterator[Missing]:
    yield from _named(model, {name.lower() for name in found})
    yield from _unique(model, found)
    yield from _of_fields(model, found)


def _named(model: type[Model], names: set[str]) -> Iterator[Missing]:
    for index in model._meta.indexes:
        if index.name.lower() not in names:
            yield Missing(index.name, methodcaller("add_index", model, index))
    for constraint in model._meta.constraints:
        if constraint.name.lower() not in names and _is_supported(constraint):
            yield Missing(constraint.name, methodcaller("add_constraint", model, constraint))


def _is_supported(constraint: BaseConstraint) -> bool:
    is_partial = isinstance(constraint, UniqueConstraint) and constraint.condition is not None
    return connection.vendor != "mysql" or not is_partial


def _unique(model: type[Model], found: Found) -> Iterator[Missing]:
    there = [set(each["columns"]) for each in found.values() if each["unique"]]
    for names in _unique_fields(model):
        columns = [_column(model, name) for name in names]
        if set(columns) not in there:
            yield Missing(
                f"{model._meta.db_table}.{'+'.join(columns)}",
                methodcaller("alter_unique_together", model, [], [names]),
            )


def _unique_fields(model: type[Model]) -> list[tuple[str, ...]]:
    single = [(field.name,) for field in model._meta.local_fields if field.unique and not field.primary_key]
    return [*single, *(tuple(names) for names in model._meta.unique_together)]


def _of_fields(model: type[Model], found: Found) -> Iterator[Missing]:
    there = [list(each["columns"]) for each in found.values() if each["index"] or each["unique"]]
    for field in model._meta.local_fields:
        if not _is_indexed(field) or [field.column] in there:
            continue
        name = f"{model._meta.db_table}.{field.column}"
        if isinstance(field, TermsField):
            yield Missing(name, partial(add_on_mysql, model=model, column=str(field.column)))
        else:
            yield Missing(name, methodcaller("add_index", model, _index(model, field.name)))


def _is_indexed(field: Field[Any, Any]) -> bool:
    if isinstance(field, TermsField):
        # On SQLite its index is a table of its own.
        return connection.vendor == "mysql"
    if not field.db_index or field.unique:  # type: ignore[attr-defined] # the stubs don't know it
        return False
    # MySQL and MariaDB drop the index that they made for a key once there's another one that begins with its column.
    return not (connection.vendor == "mysql" and field.column in _first_columns(field.model))


def _first_columns(model: type[Model]) -> set[str]:
    named = [index.fields_orders[0][0] for index in model._meta.indexes if index.fields_orders]
    made = [each for each in model._meta.constraints if isinstance(each, UniqueConstraint) and _is_supported(each)]
    constrained = [each.fields[0] for each in made if each.fields]
    unique = [names[0] for names in _unique_fields(model)]
    return {_column(model, name) for name in (*named, *constrained, *unique)}


def _index(model: type[Model], name: str) -> Index:
    index = Index(fields=[name])
    index.set_name_with_model(model)
    return index


def _column(model: type[Model], name: str) -> str:
    # Of a field with a column, as each has that an index can be on.
    return str(model._meta.get_field(name).column)  # type: ignore[union-attr] # see above
