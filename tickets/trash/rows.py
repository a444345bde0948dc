"""The rows that go with a ticket when it's deleted, and their values as JSON.

Which models these are is read from the models themselves: whatever has a foreign key that cascades from a ticket, or
from something that does. So nobody has to tell the trash of a new one.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.db.models import CASCADE, Field, ForeignKey, Model, QuerySet

from tickets.models import Ticket
from tms_site.lib.batches import in_parts

Row = Model
# Made again from the ticket whenever it changes.
MADE_AGAIN = frozenset({"tickets.searchdocument"})
PLAIN = (str, int, float, bool, dict, list)


@cache
def models_of_tickets() -> tuple[type[Model], ...]:
    """Return Ticket and all models whose rows go with one, none before what its foreign keys point at."""
    found: list[type[Model]] = [Ticket]
    for model in found:
        # Once each: a model may have two keys that lead here.
        found += [child for child in dict.fromkeys(_children(model)) if child not in found]
    ordered: list[type[Model]] = []
    while rest := [model for model in found if model not in ordered]:
        ready = [model for model in rest if not {_target(key) for key in foreign_keys(model)} & set(rest) - {model}]
        ordered += ready or rest
    return tuple(ordered)


def _children(model: type[Model]) -> list[type[Model]]:
    relations = [field for field in model._meta.get_fields(include_hidden=True) if field.auto_created]
    children = [field.related_model for field in relations if getattr(field, "on_delete", None) is CASCADE]
    return [child for child in children if child is not None and child._meta.label_lower not in MADE_AGAIN]


def all_rows(model: type[Model]) -> QuerySet[Any]:
    """Return all rows of a model, whatever its own manager would leave out."""
    return QuerySet(model)


def foreign_keys(model: type[Model]) -> list[ForeignKey[Any, Any]]:
    """Return the foreign keys of a model."""
    return [field for field in model._meta.concrete_fields if isinstance(field, ForeignKey)]


def _target(key: ForeignKey[Any, Any]) -> type[Model]:
    target: type[Model] = key.remote_field.model
    return target


def rows_of(ticket: Ticket) -> Iterator[Row]:
    """Yield the rows that are deleted with a ticket, parents before children, locked where the engine can.

    The ticket is locked already: nothing joins them meanwhile.
    """
    ids: dict[type[Model], list[Any]] = {}
    for model in models_of_tickets():
        rows = {ticket.pk: ticket} if model is Ticket else _rows_below(model, ids)
        ids[model] = list(rows)
        yield from rows.values()


def _rows_below(model: type[Model], ids: dict[type[Model], list[Any]]) -> dict[Any, Row]:
    found: dict[Any, Row] = {}
    for key in foreign_keys(model):
        if key.remote_field.on_delete is not CASCADE:
            continue
        for parents in in_parts(ids.get(_target(key), [])):
            rows = all_rows(model).select_for_update().filter(**{f"{key.name}__in": parents})
            found |= {row.pk: row for row in rows.order_by("pk")}
    return found


def stored_fields(model: type[Model]) -> list[Field[Any, Any]]:
    """Return the columns that are written; those that the database generates come by themselves."""
    return [field for field in model._meta.concrete_fields if not field.generated]


def values_of(row: Row) -> dict[str, Any]:
    """Return the values of a row as JSON holds them, by column.

    The name of a submission isn't kept: somebody may use it again meanwhile, and it's unique.
    """
    return {
        field.attname: None if field.name == "client_token" and field.null else _as_json(field, row)
        for field in stored_fields(type(row))
    }


def _as_json(field: Field[Any, Any], row: Row) -> Any:
    value = field.value_from_object(row)
    return value if value is None or isinstance(value, PLAIN) else field.value_to_string(row)


def row_from(model: type[Model], values: dict[str, Any]) -> Row:
    """Return an unsaved row of these values; a column that is new since then has its default."""
    known = [field for field in stored_fields(model) if field.attname in values]
    return model(**{field.attname: _from_json(field, values[field.attname]) for field in known})


def _from_json(field: Field[Any, Any], value: Any) -> Any:
    column = field.target_field if isinstance(field, ForeignKey) else field
    return None if value is None else column.to_python(value)
