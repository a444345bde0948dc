"""Doing one thing to many tickets, each in a transaction of its own with its entry in the log, and undoing it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sized
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User
from tickets import policies
from tickets.bulk.actions import AGENT, DELETE, Action
from tickets.bulk.models import LABEL_MAX, REASON_MAX, BulkRow, BulkRun, Outcome
from tickets.enums import Status
from tickets.merging.chains import parts_of
from tickets.models import Ticket
from tickets.services.reading import from_json, lock_ticket, to_json
from tickets.services.tickets import delete_ticket
from tickets.services.updates import update_ticket
from tms_site.lib.edits import EditConflict
from tms_site.lib.errors import ServiceError
from tms_site.lib.permissions import PermissionDeniedError, require
from tms_site.lib.transactions import TryAgain, write_transaction

MOST = 1_000
# For so long its results can be looked at, and undone.
KEEP_RUNS = timedelta(days=30)
# A number and the version that the preview showed.
Chosen = tuple[int, int]


def run_bulk(
    *, actor: User, action: Action, chosen: Iterable[Chosen], client_token: str, at: datetime | None = None
) -> BulkRun:
    """Do something to each of these tickets that nobody has changed since the preview; returns what became of each.

    Each row is a transaction of its own: one that is refused holds up no other. The same form sent twice is one run,
    and a run that was interrupted goes on where it stopped.

    Args:
        actor: who does it; somebody of the desk.
        action: what is done.
        chosen: numbers and versions; 1 to 1,000.
        client_token: names this submission.
        at: when, where that isn't now.

    Raises:
        PermissionDeniedError: the actor may not do that in bulk.
        ServiceError: this form has done something else before.
        ValidationError: there are none, or too many.
    """
    require(policies.can_act_in_bulk(actor))
    if action.kind == DELETE:
        require(policies.can_delete_in_bulk(actor))
    rows = list(dict(chosen).items())
    if not rows:
        raise ValidationError(gettext("Select at least one ticket."), code="none")
    refuse_too_many(rows)
    for number, version in rows:
        run = _do(actor=actor, action=action, number=number, version=version, client_token=client_token, at=at)
    return run


def refuse_too_many(rows: Sized) -> None:
    """Raise ValidationError where that's more tickets than one run takes."""
    if len(rows) > MOST:
        raise ValidationError(gettext("At most %(most)s tickets at once.") % {"most": f"{MOST:,}"}, code="max")


def undo_run(*, actor: User, run_id: int, at: datetime | None = None) -> BulkRun:
    """Undo a run of one's own: each ticket that nobody has changed since gets its old value back.

    Raises:
        BulkRun.DoesNotExist: there's no such run of the actor's.
        PermissionDeniedError: the actor may do nothing in bulk.
        ServiceError: what was deleted comes back from the trash, on its own page.
    """
    require(policies.can_act_in_bulk(actor))
    run = BulkRun.objects.get(pk=run_id, actor=actor)
    if run.action == DELETE:
        raise ServiceError(gettext("Deleted tickets are restored in the trash."))
    for number in list(run.rows.standing().order_by("pk").values_list("pk", flat=True)):
        _undo(actor=actor, row_id=number, at=at)
    return run


def forget_old_runs(now: datetime | None = None) -> int:
    """Remove the results of runs of long ago, one at a time; returns how many. The log keeps its entries."""
    removed, limit = 0, (now or timezone.now()) - KEEP_RUNS
    while run := BulkRun.objects.filter(created_at__lt=limit).order_by("pk").first():
        run.delete()
        removed += 1
    return removed


def forget_person(names: Collection[str]) -> None:
    """Let the runs that gave tickets to somebody of these names say no more than that. For receivers.

    A label keeps nothing of them but the name, so the runs of a namesake lose it too.
    """
    runs = BulkRun.objects.filter(action=AGENT).order_by("pk").values_list("pk", "label")
    for number, label in list(runs):
        # In the language of whoever did it: the name is what stands behind the colon.
        words, colon, _name = label.partition(": ")
        if colon and any(label == f"{words}: {name}"[:LABEL_MAX] for name in names):
            BulkRun.objects.filter(pk=number).update(label=words)


@write_transaction
def _do(*, actor: User, action: Action, number: int, version: int, client_token: str, at: datetime | None) -> BulkRun:
    run = _lock_run(actor, action, client_token, at or timezone.now())
    if run.rows.filter(number=number).exists():
        return run
    row = BulkRow(run=run, number=number)
    try:
        with transaction.atomic():
            _change(row, actor, action, version, at)
    except Ticket.DoesNotExist:
        row.outcome = Outcome.GONE
    except (PermissionDeniedError, ServiceError, ValidationError) as error:
        row.outcome, row.reason = Outcome.REFUSED, reason_of(error)
    row.save(force_insert=True)
    return run


def _lock_run(actor: User, action: Action, client_token: str, now: datetime) -> BulkRun:
    """Return the run of this submission, so that the same form sent twice at once takes turns."""
    label = action.label[:LABEL_MAX]
    run = BulkRun.objects.select_for_update().filter(actor=actor, client_token=client_token).first()
    if run is not None:
        if (run.action, run.label) != (action.kind, label):
            raise ServiceError(gettext("This form has done something else before. Choose the tickets again."))
        return run
    try:
        with transaction.atomic():
            return BulkRun.objects.create(
                actor=actor, client_token=client_token, action=action.kind, label=label, created_at=now
            )
    except IntegrityError as error:
        # The same submission came twice at once, and the other one was first.
        raise TryAgain from error


def _change(row: BulkRow, actor: User, action: Action, version: int, at: datetime | None) -> None:
    ticket = lock_ticket(actor, row.number)
    row.title = ticket.title
    if ticket.version != version:
        row.outcome = Outcome.CHANGED_MEANWHILE
        return
    if action.kind == DELETE:
        _delete(row, actor, at)
        return
    result = update_ticket(actor=actor, ticket_id=row.number, changes=action.changes(ticket), version=version, at=at)
    if not result.changes:
        row.outcome = Outcome.UNCHANGED
        return
    row.outcome, row.version = Outcome.DONE, result.ticket.version
    row.old = {name: to_json(before) for name, (before, _new) in result.changes.items()}


def _delete(row: BulkRow, actor: User, at: datetime | None) -> None:
    """Delete a ticket. What was merged into it goes along and has a row too, whatever became of that one before."""
    parts = parts_of([row.number])
    titles = dict(Ticket.objects.filter(pk__in=parts).values_list("pk", "title"))
    delete_ticket(actor=actor, ticket_id=row.number, at=at)
    row.outcome = Outcome.DONE
    for number, title in sorted(titles.items()):
        reason = gettext("Went along with #%(number)d, which it was merged into.") % {"number": parts[number]}
        values = {"title": title, "outcome": Outcome.DONE, "reason": reason[:REASON_MAX]}
        BulkRow.objects.update_or_create(run=row.run, number=number, defaults=values)


@write_transaction
def _undo(*, actor: User, row_id: int, at: datetime | None) -> None:
    row = BulkRow.objects.select_for_update().standing().filter(pk=row_id).first()
    if row is None:
        return
    row.reason = ""
    try:
        with transaction.atomic():
            update_ticket(
                actor=actor,
                ticket_id=row.number,
                changes=_old_values(row),
                version=row.version,
                exact=True,
                takes_back=True,
                at=at,
            )
        row.outcome = Outcome.UNDONE
    except (EditConflict, Ticket.DoesNotExist):
        row.outcome = Outcome.NOT_UNDONE
    except (PermissionDeniedError, ServiceError, ValidationError) as error:
        row.outcome, row.reason = Outcome.REFUSED_UNDO, reason_of(error)
    row.save(update_fields=["outcome", "reason"])


def _old_values(row: BulkRow) -> dict[str, Any]:
    old = {name: from_json(name, value) for name, value in row.old.items()}
    if old.get("status") != Status.RESOLVED:
        # It went along with the status, and goes back with it.
        old.pop("resolution_date", None)
    return old


def reason_of(error: Exception) -> str:
    """Return why something was refused, as a row keeps it."""
    text = " ".join(error.messages) if isinstance(error, ValidationError) else str(getattr(error, "message", error))
    return text[:REASON_MAX]
