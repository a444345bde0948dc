"""Rows as lines: which models are saved, and how a value stands in JSON."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import datetime, time
from typing import Any

from django.apps.registry import Apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Field, Model, QuerySet

BATCH = 2_000
# Made again from the rest, or worth nothing elsewhere.
LEFT_OUT = frozenset(
    {"tickets.SearchDocument", "tickets.RecentDocument", "sessions.Session", "usersessions.UserSession"}
)


def saved_models(apps: Apps) -> list[type[Model]]:
    """Return the models whose rows are saved, tables between two models too, by name."""
    tables = [model for model in apps.get_models(include_auto_created=True) if not model._meta.proxy]
    return sorted((model for model in tables if name_of(model) not in LEFT_OUT), key=name_of)


def name_of(model: type[Model]) -> str:
    """Return a model's name as the file has it."""
    return f"{model._meta.app_label}.{model._meta.object_name}"


def saved_fields(model: type[Model]) -> list[Field[Any, Any]]:
    """Return the columns that are saved: all but those that the database makes itself."""
    return [field for field in model._meta.concrete_fields if not isinstance(field, models.GeneratedField)]


def rows_of(model: type[Model], alias: str = "default") -> QuerySet[Any]:
    """Return all rows of a model, whatever its own manager would leave out."""
    return QuerySet(model, using=alias)


def batches(model: type[Model], alias: str) -> Iterator[list[str]]:
    """Yield all rows of a model as lines, in the order of their keys."""
    fields = saved_fields(model)
    names = [field.attname for field in fields]
    key = model._meta.pk
    rows = rows_of(model, alias).order_by("pk").values_list(*names)
    place, last = names.index(key.attname), None
    while batch := list((rows if last is None else rows.filter(pk__gt=last))[:BATCH]):
        yield [json.dumps([_out(value) for value in row], cls=DjangoJSONEncoder, ensure_ascii=False) for row in batch]
        last = batch[-1][place]


def _out(value: Any) -> Any:
    if isinstance(value, datetime | time):
        # Django's encoder would cut the microseconds, and so break the seals of the log.
        return value.isoformat()
    return {"base64": base64.b64encode(value).decode()} if isinstance(value, bytes | memoryview) else value


def make(model: type[Model], names: list[str], line: str) -> Model:
    """Return the row of a line, not saved yet.

    Args:
        model: of which model.
        names: the columns that the file's lines have, in their order.
        line: the line.

    Raises:
        ValueError: it's no JSON, or has more or fewer values.
        TypeError, KeyError, OverflowError, ValidationError: a value is of another type.
    """
    fields = {field.attname: field for field in saved_fields(model)}
    found = json.loads(line)
    if not isinstance(found, list):
        raise TypeError("a row is a list")
    values = zip(names, found, strict=True)
    return model(**{name: _in(fields[name], value) for name, value in values if name in fields})


def check(model: type[Model], names: list[str], line: str) -> None:
    """Make sure that a line is a row of a model.

    Args:
        model: of which model.
        names: the columns that the file's lines have, in their order.
        line: the line.

    Raises:
        ValueError: it's no JSON, has more or fewer values, or none where there must be one.
        TypeError, KeyError, OverflowError, ValidationError: a value is of another type.
    """
    row = make(model, names, line)
    for field in saved_fields(model):
        # JSON has a null of its own, which isn't the column's.
        if getattr(row, field.attname) is None and not field.null and not isinstance(field, models.JSONField):
            raise ValueError(f"{field.attname} is empty")


def _in(field: Field[Any, Any], value: Any) -> Any:
    if isinstance(field, models.BinaryField):
        return None if value is None else base64.b64decode(value["base64"])
    if isinstance(field, models.JSONField):
        return value
    if isinstance(value, list | dict):
        raise TypeError(f"{field.attname} is one value")
    return field.to_python(value)
