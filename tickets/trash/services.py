"""Restoring deleted tickets, and removing them for good."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import ForeignKey, Model
from django.utils import timezone
from django.utils.translation import gettext

from accounts.actors import Actor
from tickets import policies, signals
from tickets.models import Ticket
from tickets.services.agents import without_leaver
from tickets.services.reading import lock_ticket
from tickets.services.updates import apply_changes
from tickets.trash import files
from tickets.trash.models import TrashedRow, TrashedTicket
from tickets.trash.rows import all_rows, foreign_keys, models_of_tickets, row_from
from tms_site.lib.batches import in_statements
from tms_site.lib.errors import ServiceError
from tms_site.lib.permissions import require
from tms_site.lib.transactions import write_transaction

READ_AT_ONCE = 100


@write_transaction
def restore_ticket(*, actor: Actor, ticket_id: int, at: datetime | None = None) -> Ticket:
    """Bring a deleted ticket back under its number, with everything that went with it.

    What belonged to it together with something that is gone by now stays away; a link to a ticket that is itself in
    the trash comes back with that one. An agent who has left the desk meanwhile doesn't get the ticket back.

    Raises:
        TrashedTicket.DoesNotExist: it's not in the trash, or the actor may not see that.
        PermissionDeniedError: it was deleted too long ago.
        ServiceError: its number is taken, or it was merged into a ticket that isn't there.
    """
    trashed = TrashedTicket.objects.visible_to(actor).select_for_update().get(pk=ticket_id)
    now = at or timezone.now()
    require(policies.can_restore(actor, trashed, now=now))
    if Ticket.objects.filter(pk=ticket_id).exists():
        raise ServiceError(gettext("There is another ticket with the number %(number)d.") % {"number": ticket_id})
    for model in models_of_tickets():
        _put_back(model, trashed)
    comment_count = trashed.comment_count
    trashed.delete()
    ticket = lock_ticket(actor, ticket_id)
    signals.ticket_restored.send(Ticket, ticket=ticket, comment_count=comment_count, actor=actor, at=now)
    _release_of_leaver(ticket, actor, now)
    return ticket


def _put_back(model: type[Model], trashed: TrashedTicket) -> None:
    kept = trashed.rows.filter(model=model._meta.label_lower).order_by("pk")
    last = 0
    while rows := list(kept.filter(pk__gt=last)[:READ_AT_ONCE]):
        last = rows[-1].pk
        for key in foreign_keys(model):
            rows = _without_missing(key, rows)
        for part in in_statements(row_from(model, row.values) for row in rows):
            all_rows(model).bulk_create(part)


def _without_missing(key: ForeignKey[Any, Any], rows: list[TrashedRow]) -> list[TrashedRow]:
    """Return the rows that can be written: a key that leads nowhere is emptied, or its row left out if it can't be.

    Raises:
        ServiceError: the ticket was merged into one that isn't there.
    """
    wanted = {row.values.get(key.attname) for row in rows} - {None}
    target: type[Model] = key.remote_field.model
    missing = wanted - set(all_rows(target).filter(pk__in=wanted).values_list("pk", flat=True))
    if not missing:
        return rows
    found = []
    for row in rows:
        number = row.values.get(key.attname)
        if number in missing and not key.null:
            _hand_over(row, target, number)
            continue
        if number in missing and target is Ticket:
            raise ServiceError(_merged_into_what_is_gone(row.ticket_id, number))
        if number in missing:
            row.values[key.attname] = None
        found.append(row)
    return found


def _merged_into_what_is_gone(number: int, target: int) -> str:
    values = {"number": number, "target": target}
    if TrashedTicket.objects.filter(pk=target).exists():
        return gettext("#%(number)d was merged into #%(target)d. Restore #%(target)d first.") % values
    return gettext("#%(number)d was merged into #%(target)d, which is gone for good with all they said.") % values


def _hand_over(row: TrashedRow, target: type[Model], number: int) -> None:
    """Let what stands between two deleted tickets come back with the second one."""
    if target is Ticket and TrashedTicket.objects.filter(pk=number).exists():
        TrashedRow.objects.filter(pk=row.pk).update(ticket_id=number)


def _release_of_leaver(ticket: Ticket, actor: Actor, now: datetime) -> None:
    changes = without_leaver(ticket.assigned_agent, ticket.status)
    if changes:
        apply_changes(ticket, changes, actor=actor, at=now)


def empty_trash(*, actor: Actor, days: int | None = None, at: datetime | None = None) -> Iterator[int]:
    """Remove what was deleted more than `days` ago (TRASH_DAYS unless given) for good; yields the number of each.

    Each ticket is a transaction of its own, so that a long run blocks nobody and may be stopped and repeated.

    Raises:
        PermissionDeniedError: the actor may not do that.
    """
    require(policies.can_empty_trash(actor))
    before = (at or timezone.now()) - timedelta(days=settings.TRASH_DAYS if days is None else days)
    due = TrashedTicket.objects.due(before).order_by("pk")
    last = 0
    while numbers := list(due.filter(pk__gt=last).values_list("pk", flat=True)[:READ_AT_ONCE]):
        last = numbers[-1]
        for number in numbers:
            if remove_for_good(actor=actor, ticket_id=number, at=at):
                yield number


@write_transaction
def remove_for_good(*, actor: Actor, ticket_id: int, at: datetime | None = None) -> bool:
    """Remove one ticket from the trash for good; tells whether it was still there.

    Raises:
        PermissionDeniedError: the actor may not do that.
    """
    require(policies.can_empty_trash(actor))
    trashed = TrashedTicket.objects.select_for_update().filter(pk=ticket_id).first()
    if trashed is None:
        return False
    title = trashed.title
    files.forget(trashed)
    trashed.delete()
    signals.ticket_purged.send(Ticket, ticket_id=ticket_id, title=title, actor=actor, at=at or timezone.now())
    return True
