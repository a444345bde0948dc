"""What all tables have in common when they're written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, TypeVar

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Model

from accounts.actors import SYSTEM, Actor
from accounts.models import User
from tickets.attachments.files import StoredFile
from tickets.external.models import ExternalKey, key_digest
from tickets.sorting.names import tag_names
from tickets.trash.models import TrashedRow
from tms_site.lib.batches import in_statements
from tms_site.transfer.known import Known, canonical
from tms_site.transfer.problems import FieldError
from tms_site.transfer.values import Values

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Context:
    """What a batch is written by."""

    known: Known
    source: str
    begun: datetime
    new_numbers: bool = False
    with_password_hashes: bool = False
    dry_run: bool = False
    # Where merged tickets lead: as far as lines asked, and what lines bring that aren't written yet.
    leads: dict[int, int] = field(default_factory=dict)


@dataclass
class Row:
    """A line on its way into the database: its values, with rows in place of what they speak of."""

    values: Values
    # In place of an attachment's path, once its bytes are in the storage.
    stored: StoredFile | None = None
    instance: Any = None
    # What became of it otherwise than its line says, for operators; one text for all rows of which it's true.
    note: str = ""


class Writer:
    """Writes the rows of a table. Each has one instance, without any state."""

    table: ClassVar[str]
    model: ClassVar[type[Model]]
    # The columns by which a row without a key is known.
    known_by: ClassVar[tuple[str, ...]] = ()
    # The model's names of columns that are called otherwise in files, for errors.
    renamed: ClassVar[Mapping[str, str]] = {}

    def names(self, values: Values) -> list[str]:
        """Return by what others may speak of a row."""
        return [values["key"]] if values.get("key") else []

    def identity(self, values: Values) -> str:
        """Return what no two lines of a file may have in common; to be asked for while references are still texts."""
        if values.get("key"):
            return str(values["key"])
        return "\0".join(canonical(self.table, str(values[name])) for name in self.known_by)

    def known_as(self, values: Values) -> tuple[Any, ...] | None:
        """Return what a row without a key is known by, whatever its line calls it.

        Args:
            values: its values, with rows in place of what they speak of.

        Returns:
            The rows and texts; None where one of the rows has no number yet, so that only its name is known.
        """
        known = tuple(values[name] for name in self.known_by)
        return None if any(isinstance(each, Model) and each.pk is None for each in known) else known

    def is_there(self, values: Values) -> bool:
        """Tell whether a row without a key is there already."""
        return False

    def make(self, row: Row, context: Context) -> Model:
        """Return the row as the model has it, not saved yet.

        Raises:
            FieldError, ValidationError: a value is no good.
        """
        raise NotImplementedError

    def settle(self, rows: Sequence[Row]) -> None:
        """Change what TMS can't have as lines say it, and note that; in a dry run too."""

    def write(self, rows: Sequence[Row], context: Context) -> None:
        """Write rows with all that belongs to them, in the transaction of the batch."""
        raise NotImplementedError

    def prepare(self, row: Row, context: Context) -> None:
        """Make a row's instance; raises FieldError."""
        try:
            row.instance = self.make(row, context)
        except ValidationError as error:
            name, messages = next(iter(error.message_dict.items()))
            raise FieldError(self.renamed.get(name, name), " ".join(messages)) from error
        if row.values.get("number") is not None and not context.new_numbers:
            row.instance.pk = row.values["number"] or None

    def taken_numbers(self, numbers: Iterable[int]) -> set[int]:
        """Return those of some numbers that rows have, or rows in the trash."""
        wanted = list(numbers)
        taken = set(self.model._meta.base_manager.filter(pk__in=wanted).values_list("pk", flat=True))
        trashed = TrashedRow.objects.filter(model=self.model._meta.label_lower, row_id__in=wanted)
        return taken | set(trashed.values_list("row_id", flat=True))


def insert(rows: Sequence[M]) -> None:
    """Write rows, one at least, and give them their numbers."""
    if connection.features.can_return_rows_from_bulk_insert:
        for part in in_statements(rows):
            type(rows[0])._meta.base_manager.bulk_create(part)
        return
    for row in rows:
        row.save(force_insert=True)


def remember(table: str, rows: Iterable[Row], context: Context) -> None:
    """Write the keys of rows that have one."""
    keys = (
        ExternalKey(
            source=context.source,
            kind=table,
            key=row.values["key"],
            digest=key_digest(context.source, table, row.values["key"]),
            row_id=row.instance.pk,
            imported_at=context.begun,
        )
        for row in rows
        if row.values.get("key")
    )
    for part in in_statements(keys):
        ExternalKey.objects.bulk_create(part)


def tag_words(field: str, words: Sequence[str]) -> list[str]:
    """Return the names of tags as they are stored; raises FieldError."""
    try:
        return tag_names(words)
    except ValidationError as error:
        raise FieldError(field, " ".join(error.messages)) from error


def actor_of(user: User | None) -> Actor:
    """Return who did something according to a file: TMS itself where it names nobody."""
    return user or SYSTEM


def not_before(field: str, moment: datetime | None, begin: datetime, what: str) -> None:
    """Refuse a moment before another one; raises FieldError."""
    if moment is not None and moment < begin:
        raise FieldError(field, f"lies before {what}")


def clean(instance: Model, keys: Iterable[str]) -> None:
    """Let a model's own validators look at all but its foreign keys; raises ValidationError by field."""
    instance.clean_fields(exclude={*keys, "id"})


def adopt(table: str, key: str, row: Model, context: Context) -> None:
    """Remember that a row that was here before is what another system knows by a key."""
    remember(table, [Row({"key": key}, instance=row)], context)
