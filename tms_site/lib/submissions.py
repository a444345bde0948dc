"""The same form sent twice: whatever it makes is there once."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from hashlib import sha256
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import CharField, Model

from tms_site.lib.errors import SentBefore

# What every database compares letter by letter, whatever its collation makes of capitals and accents.
_PLAIN = re.compile(r"[0-9a-z_-]*")

Row = TypeVar("Row", bound=Model)


class SubmissionField(CharField):  # type: ignore[type-arg] # not subscriptable at run time
    """The name of a submission, stored and looked up so that "Ab" never is "aB".

    Some databases compare without case and accents, and another collation would rewrite each of the large tables that
    have such names. So a name of anything but small letters, digits, dashes and underscores, which no form of ours
    makes, goes into the database as its digest; a row that was read has that one, which names the same submission.
    """

    def get_prep_value(self, value: Any) -> Any:
        """Return what stands for the name in the database."""
        name = super().get_prep_value(value)
        if not isinstance(name, str) or _PLAIN.fullmatch(name):
            return name
        return sha256(name.encode()).hexdigest()

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """To migrations it's a text like another: the column doesn't differ."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


def same_as(row: Row, earlier: Row, fields: Collection[str], otherwise: str) -> Row:
    """Return what the same form made before, where that says what the form says now.

    Args:
        row: what the form would make now.
        earlier: what it made before.
        fields: by which they're compared.
        otherwise: what its author is told where they differ.

    Raises:
        SentBefore: they differ.
    """
    if all(getattr(row, name) == getattr(earlier, name) for name in fields):
        return earlier
    raise SentBefore(otherwise)


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
