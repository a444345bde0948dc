"""The same form sent twice: whatever it makes is there once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Model

Row = TypeVar("Row", bound=Model)


def insert_once(row: Row, earlier: Callable[[], Row | None]) -> Row | None:
    """Insert a row whose submission is unique.

    Args:
        row: the new one.
        earlier: finds the row that the same submission has made; asked only if the database refuses the new one.

    Returns:
        None once the row is in; the earlier one if the same submission came twice at once and the other was first.

    Raises:
        IntegrityError: something else is the matter with the row.
    """
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        found = earlier()
        if found is None:
            raise
        return found
    return None
