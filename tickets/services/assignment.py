"""Who works on a ticket."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from accounts.actors import Actor, actor_user
from accounts.models import User
from tickets import policies
from tickets.models import Ticket
from tickets.services.agents import check_agent
from tickets.services.reading import lock_tickets_of
from tickets.services.updates import UpdateResult, apply_changes, update_ticket
from tms_site.lib.permissions import require
from tms_site.lib.transactions import write_transaction


def assign_to_me(*, actor: Actor, ticket_id: int, version: int | None = None) -> UpdateResult:
    """Assign a ticket to the actor. Raises like `update_ticket`, EditConflict if a colleague took it meanwhile."""
    changes = {"assigned_agent": actor_user(actor)}
    return update_ticket(actor=actor, ticket_id=ticket_id, changes=changes, version=version)


def unassign(*, actor: Actor, ticket_id: int, version: int | None = None) -> UpdateResult:
    """Take a ticket away from whoever works on it. Raises like `update_ticket`."""
    return update_ticket(actor=actor, ticket_id=ticket_id, changes={"assigned_agent": None}, version=version)


def reassign_tickets(*, actor: Actor, from_user: User, to_user: User | None) -> Iterator[Ticket]:
    """Hand the unresolved tickets of one agent to another, or to nobody; yields each as it's done.

    Each ticket is a transaction of its own, so that a long run blocks nobody and may be stopped and repeated. One that
    isn't that agent's any more when its turn comes stays as it is.
    Raises ValidationError, before anything is changed, when `to_user` can't be assigned.
    """
    check_agent(to_user)
    numbers = Ticket.objects.visible_to(actor).assigned_to(from_user).unresolved().order_by("pk")
    for ticket_id in list(numbers.values_list("pk", flat=True)):
        ticket = _hand_over(actor, ticket_id, from_user, to_user)
        if ticket is not None:
            yield ticket


@write_transaction
def _hand_over(actor: Actor, ticket_id: int, from_user: User, to_user: User | None) -> Ticket | None:
    ticket = next(lock_tickets_of(actor, {from_user.pk}, [ticket_id]), None)
    if ticket is None:
        return None
    return update_ticket(actor=actor, ticket_id=ticket.pk, changes={"assigned_agent": to_user}).ticket


@write_transaction
def release_tickets(*, actor: Actor, user: User, resolved_too: bool, at: datetime | None = None) -> int:
    """Unassign the tickets of somebody who leaves the desk; returns how many.

    Resolved tickets keep their agent as history, unless that user is about to be deleted (`resolved_too`). What
    somebody else has been given meanwhile stays theirs.
    """
    tickets = Ticket.objects.assigned_to(user)
    if not resolved_too:
        tickets = tickets.unresolved()
    numbers = list(tickets.values_list("pk", flat=True))
    count = 0
    for ticket in lock_tickets_of(actor, {user.pk}, numbers, resolved_too=resolved_too):
        require(policies.can_assign(actor, ticket))
        apply_changes(ticket, {"assigned_agent": None}, actor=actor, at=at)
        count += 1
    return count
