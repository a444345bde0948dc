"""Putting a ticket into the trash: what `delete_ticket` does before it deletes, in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import CASCADE, Model

from accounts.actors import Actor, actor_user
from accounts.models import User
from tickets.models import Ticket
from tickets.trash.models import TrashedPerson, TrashedRow, TrashedTicket
from tickets.trash.rows import foreign_keys, rows_of, values_of
from tms_site.lib.batches import in_statements


def keep(ticket: Ticket, *, comment_count: int, actor: Actor, at: datetime) -> None:
    """Copy a ticket that is about to be deleted, with everything that goes with it. The ticket is locked."""
    trashed = TrashedTicket.objects.create(
        number=ticket.pk,
        title=ticket.title,
        requester_id=ticket.requester_id,
        creation_date=ticket.creation_date,
        comment_count=comment_count,
        deleted_at=at,
        deleted_by=actor_user(actor),
    )
    people: set[int] = set()
    for part in in_statements(_copy(row, trashed) for row in _noting_people(rows_of(ticket), people)):
        TrashedRow.objects.bulk_create(part)
    TrashedPerson.objects.bulk_create([TrashedPerson(ticket=trashed, user_id=pk) for pk in sorted(people)])


def kept_values(model: str, column: str, values: Iterable[Any]) -> set[Any]:
    """Return those of some values that deleted rows of a model, as `app.model`, have in a column.

    For what lies outside the database and must stay as long as the row that names it may come back: files.
    """
    rows = TrashedRow.objects.filter(model=model, **{f"values__{column}__in": list(values)})
    return {row[column] for row in rows.values_list("values", flat=True)}


def _noting_people(rows: Iterable[Model], people: set[int]) -> Iterator[Model]:
    """Pass the rows on, and note whom they name for good: all but what would go with an account anyway."""
    for row in rows:
        for key in foreign_keys(type(row)):
            number = getattr(row, key.attname)
            if key.remote_field.model is User and key.remote_field.on_delete is not CASCADE and number is not None:
                people.add(number)
        yield row


def _copy(row: Model, trashed: TrashedTicket) -> TrashedRow:
    return TrashedRow(ticket=trashed, model=row._meta.label_lower, row_id=row.pk, values=values_of(row))
