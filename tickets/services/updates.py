"""Changing tickets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.actors import Actor
from tickets import policies, signals, workflow
from tickets.models import Ticket, TicketRevision
from tickets.services.reading import current_values, lock_ticket, ticket_values_at, to_json
from tickets.services.tickets import PEOPLE, check_agent
from tms_site.lib.edits import EditConflict, require_exact, same, three_way
from tms_site.lib.permissions import require
from tms_site.lib.text import clean_block, clean_line
from tms_site.lib.transactions import TryAgain, write_transaction

Changes = dict[str, tuple[Any, Any]]

# Foreign keys that changes name by number.
NUMBERS = frozenset({"merged_into"})

_CLEANERS = {"title": clean_line, "description": clean_block}


@dataclass(frozen=True)
class UpdateResult:
    """The ticket after the change, and what changed: {field: (old, new)}, empty when nothing did."""

    ticket: Ticket
    changes: Changes


@write_transaction
def update_ticket(
    *,
    actor: Actor,
    ticket_id: int,
    changes: Mapping[str, Any],
    version: int | None = None,
    exact: bool = False,
    at: datetime | None = None,
) -> UpdateResult:
    """Change fields of a ticket.

    Args:
        actor: who changes it.
        ticket_id: its number.
        changes: new values by field (title, description, priority, status, assigned_agent, resolution_date);
            an agent is a User or None. Values that the form's author didn't change may be among them.
        version: the version that the form was made from; None when the values are meant whatever is stored now.
        exact: whether to refuse when anything else was changed since `version`, instead of merging.
        at: when it happened, where that isn't now (demo data, imports).

    Raises:
        Ticket.DoesNotExist: there's no such ticket that the actor may see.
        PermissionDeniedError: the actor may not change one of the fields.
        EditConflict: somebody else changed the same fields since `version`.
        WorkflowError: the workflow has no such step, or the resolution date is impossible.
        ValidationError: a value is not valid.
    """
    ticket = lock_ticket(actor, ticket_id)
    require_exact(ticket.version, version, exact=exact)
    wanted = {name: _CLEANERS[name](value) if name in _CLEANERS else value for name, value in changes.items()}
    current = current_values(ticket)
    merge = three_way(ticket_values_at(ticket, version), current, wanted)
    for name in [*merge.to_apply, *(conflict.name for conflict in merge.conflicts)]:
        require(policies.FIELD_POLICIES[name](actor, ticket))
    if merge.conflicts:
        raise EditConflict(merge.conflicts, ticket.version, current=current, unsaved=merge.to_apply)
    return apply_changes(ticket, merge.to_apply, actor=actor, at=at)


def apply_changes(
    ticket: Ticket, new_values: Mapping[str, Any], *, actor: Actor, at: datetime | None = None, quiet: bool = False
) -> UpdateResult:
    """Write values that are permitted and merged: workflow, validation, version, revision, signal.

    `quiet`: nobody but the log is told.

    For services only; the ticket has been locked by the running transaction. Raises like `update_ticket`.
    """
    now = at or timezone.now()
    old_values = current_values(ticket)
    for name, value in new_values.items():
        setattr(ticket, name, value)
    ticket.clean_fields(exclude=PEOPLE)
    if "assigned_agent" in new_values:
        check_agent(ticket.assigned_agent)
    workflow.check_transition(old_values["status"], ticket.status)
    ticket.resolution_date = workflow.resolution_date_after(
        old_status=old_values["status"],
        new_status=ticket.status,
        old_date=old_values["resolution_date"],
        given=new_values.get("resolution_date"),
        creation_date=ticket.creation_date,
        now=now,
    )
    changes = _differences(old_values, current_values(ticket))
    if changes:
        _save(ticket, changes, now)
        signals.ticket_updated.send(Ticket, ticket=ticket, changes=changes, actor=actor, at=now, quiet=quiet)
    return UpdateResult(ticket, changes)


def write_changes(ticket: Ticket, changes: Changes, *, actor: Actor, at: datetime) -> None:
    """Write changes that a service of its own has worked out: version, revision, signal; no policy, no workflow.

    For services only; the ticket has been locked by the running transaction. Those of NUMBERS have
    numbers as their values.
    """
    for name, (_old, new) in changes.items():
        setattr(ticket, f"{name}_id" if name in NUMBERS else name, new)
    _save(ticket, changes, at)
    signals.ticket_updated.send(Ticket, ticket=ticket, changes=changes, actor=actor, at=at)


def _differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> Changes:
    return {name: (old[name], new[name]) for name in old if not same(old[name], new[name])}


def _save(ticket: Ticket, changes: Changes, now: datetime) -> None:
    old_version = ticket.version
    columns: dict[str, Any] = {name: new for name, (_old, new) in changes.items()}
    # The lock makes rivals wait; this condition is what makes a lost update impossible on every engine.
    updated = Ticket.objects.filter(pk=ticket.pk, version=old_version).update(
        **columns, version=old_version + 1, updated_at=now
    )
    if not updated:
        raise TryAgain
    ticket.version, ticket.updated_at = old_version + 1, now
    TicketRevision.objects.create(
        ticket=ticket, version=old_version, values={name: to_json(old) for name, (old, _new) in changes.items()}
    )
