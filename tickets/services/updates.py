"""Changing tickets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.actors import Actor
from tickets import policies, signals, workflow
from tickets.models import Ticket, TicketRevision
from tickets.ratings.models import Rating
from tickets.services.agents import without_leaver
from tickets.services.reading import current_values, lock_ticket, ticket_values_at, to_json
from tickets.services.tickets import OTHER_ROWS, check_rows
from tickets.sorting.defaults import defaults_after
from tickets.sorting.names import merged_tags, tag_names
from tickets.sorting.tagging import write_tags
from tms_site.lib.edits import EditConflict, differing, require_exact, same, three_way
from tms_site.lib.permissions import require
from tms_site.lib.text import clean_block, clean_line
from tms_site.lib.transactions import TryAgain, write_transaction

Changes = dict[str, tuple[Any, Any]]

# Foreign keys that changes name by number.
NUMBERS = frozenset({"merged_into"})

_CLEANERS: dict[str, Callable[[Any], Any]] = {"title": clean_line, "description": clean_block, "tags": tag_names}


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
    takes_back: bool = False,
    at: datetime | None = None,
) -> UpdateResult:
    """Change fields of a ticket.

    Args:
        actor: who changes it.
        ticket_id: its number.
        changes: new values by field (title, description, category, priority, status, team, assigned_agent,
            resolution_date, tags); agent, category and team are rows or None, tags are names. Values that the
            form's author didn't change may be among them: they count as not sent, also where a category brings its
            team along. What two people do to the tags is never a conflict.
        version: the version that the form was made from; None when the values are meant whatever is stored now.
        exact: whether to refuse when anything else was changed since `version`, instead of merging.
        takes_back: whether an earlier change is undone: then the ticket may get back any status that it had, also
            where the workflow has no such step.
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
    current, base = current_values(ticket), ticket_values_at(ticket, version)
    if "tags" in wanted and "tags" in base:
        wanted["tags"] = merged_tags(base["tags"], current["tags"], wanted["tags"])
        base["tags"] = current["tags"]
    merge = three_way(base, current, wanted)
    for name in [*merge.to_apply, *(conflict.name for conflict in merge.conflicts)]:
        require(policies.FIELD_POLICIES[name](actor, ticket))
    if merge.conflicts:
        raise EditConflict(merge.conflicts, ticket.version, current=current, unsaved=merge.to_apply)
    # A form sends all of its fields, so that only those count as chosen which its author has changed. Whoever names no
    # version, or insists on one, as the API does, sends only what they want to change.
    chosen = wanted if exact or version is None else differing(base, current, wanted)
    by_default = defaults_after(ticket, merge.to_apply, chosen=chosen)
    return apply_changes(ticket, {**merge.to_apply, **by_default}, actor=actor, at=at, takes_back=takes_back)


def apply_changes(
    ticket: Ticket,
    new_values: Mapping[str, Any],
    *,
    actor: Actor,
    at: datetime | None = None,
    quiet: bool = False,
    takes_back: bool = False,
) -> UpdateResult:
    """Write values that are permitted and merged: workflow, validation, version, revision, signal.

    A resolved ticket that is reopened loses an agent who has left the desk meanwhile.

    `quiet`: nobody but the log is told. `takes_back`: see `update_ticket`.

    For services only; the ticket has been locked by the running transaction. Raises like `update_ticket`.
    """
    now = at or timezone.now()
    old_values = current_values(ticket)
    if ticket.is_resolved and "assigned_agent" not in new_values:
        after = new_values.get("status", ticket.status)
        new_values = {**new_values, **without_leaver(ticket.assigned_agent, after)}
    for name, value in new_values.items():
        setattr(ticket, name, value)
    ticket.clean_fields(exclude=OTHER_ROWS)
    check_rows(new_values)
    if not takes_back:
        workflow.check_transition(old_values["status"], ticket.status)
    ticket.resolution_date = workflow.resolution_date_after(
        old_status=old_values["status"],
        new_status=ticket.status,
        old_date=old_values["resolution_date"],
        given=new_values.get("resolution_date"),
        creation_date=ticket.creation_date,
        now=now,
    )
    _check_rating(ticket, old_values["resolution_date"])
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


def _check_rating(ticket: Ticket, old_date: datetime | None) -> None:
    """Raise WorkflowError where a resolution that stays would get, or lose, a rating by its new date."""
    new_date = ticket.resolution_date
    if old_date is None or new_date is None or old_date == new_date:
        return
    rating = Rating.objects.filter(ticket=ticket).first()
    if rating is not None:
        workflow.check_rated_resolution(rated_at=rating.rated_at, old_date=old_date, new_date=new_date)


def _differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> Changes:
    return {name: (old[name], new[name]) for name in old if not same(old[name], new[name])}


def _save(ticket: Ticket, changes: Changes, now: datetime) -> None:
    old_version = ticket.version
    columns: dict[str, Any] = {name: new for name, (_old, new) in changes.items() if name != "tags"}
    # Its requester doesn't learn from the date that the desk has put a tag on it.
    updated_at = now if columns else ticket.updated_at
    # The lock makes rivals wait; this condition is what makes a lost update impossible on every engine.
    updated = Ticket.objects.filter(pk=ticket.pk, version=old_version).update(
        **columns, version=old_version + 1, updated_at=updated_at
    )
    if not updated:
        raise TryAgain
    ticket.version, ticket.updated_at = old_version + 1, updated_at
    if "tags" in changes:
        write_tags(ticket, ticket.tags)
    TicketRevision.objects.create(
        ticket=ticket, version=old_version, values={name: to_json(old) for name, (old, _new) in changes.items()}
    )
