"""Many things, some at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")
# So many keys fit into one query on every engine.
ASKED_AT_ONCE = 500


def in_parts(items: Iterable[Item], size: int = ASKED_AT_ONCE) -> Iterator[list[Item]]:
    """Yield the items, `size` at a time; never an empty part."""
    iterator = iter(items)
    while part := list(islice(iterator, size)):
        yield part
