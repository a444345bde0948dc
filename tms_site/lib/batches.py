"""Many things, some at a time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from django.db.models import Model

Item = TypeVar("Item")
Row = TypeVar("Row", bound=Model)
# So many keys fit into one query on every engine.
ASKED_AT_ONCE = 500
# So many bytes of values are written by one statement, which may be twice as long: signs are escaped there. Servers
# take up to 16 MiB unless told otherwise, some only 4.
WRITTEN_AT_ONCE = 1_000_000
# What a number, a date or an empty value takes at most.
_SHORT = 32


def in_parts(items: Iterable[Item], size: int = ASKED_AT_ONCE) -> Iterator[list[Item]]:
    """Yield the items, `size` at a time; never an empty part."""
    iterator = iter(items)
    while part := list(islice(iterator, size)):
        yield part


def in_statements(rows: Iterable[Row], size: int = ASKED_AT_ONCE) -> Iterator[list[Row]]:
    """Yield rows that aren't saved yet, as many at a time as one statement can write; never an empty part.

    Args:
        rows: of one model, read only as far as a part needs them, and one row further.
        size: how many at most; fewer where their texts are long. A row that is too long by itself comes alone.
    """
    part: list[Row] = []
    length = 0
    for row in rows:
        longer = _length(row)
        if part and (len(part) >= size or length + longer > WRITTEN_AT_ONCE):
            yield part
            part, length = [], 0
        part.append(row)
        length += longer
    if part:
        yield part


def _length(row: Model) -> int:
    """Return about how many bytes a row's values take, before anything is escaped."""
    return sum(map(_bytes_of, vars(row).values()))


def _bytes_of(value: Any) -> int:
    if isinstance(value, str):
        return _SHORT + len(value.encode())
    if isinstance(value, bytes):
        return _SHORT + len(value)
    return len(json.dumps(value, default=str)) if isinstance(value, dict | list) else _SHORT
