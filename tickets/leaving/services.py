"""Deactivating agents, and giving away their open tickets, in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts import policies as account_policies
from accounts.actors import Actor
from accounts.models import User
from accounts.services import deactivate_user
from tickets import policies
from tickets.handing.load import Loads
from tickets.models import TeamMember, Ticket
from tickets.services.agents import check_agent
from tickets.services.reading import lock_tickets_of
from tickets.services.updates import apply_changes
from tms_site.lib.permissions import require
from tms_site.lib.transactions import write_transaction

Heir = Callable[[Ticket], User | None]


class Destination(TextChoices):
    """Where the open tickets of somebody who leaves can go."""

    NOBODY = "nobody", _("Nobody: they are unassigned, and keep their team")
    AGENT = "agent", _("Another agent")
    LEAST = "least", _("Whoever has least to do of the ticket's team; without one, of the agent's own teams")


@dataclass(frozen=True)
class Departure:
    """Who was deactivated, and how many tickets went to whom; None is nobody."""

    users: list[User]
    given: Counter[User | None]


@write_transaction
def deactivate_agents(
    *,
    actor: Actor,
    users: Sequence[User],
    destination: str,
    agent: User | None = None,
    at: datetime | None = None,
) -> Departure:
    """Deactivate people and give away the unresolved tickets that they work on; all of it or nothing.

    Resolved tickets keep their agent, as history.

    Args:
        actor: a SysAdmin or TMS itself.
        users: who leaves.
        destination: one of Destination. By load a ticket goes to nobody where nobody is available.
        agent: who gets all of the tickets, if the destination says so.
        at: when, where that isn't now.

    Raises:
        PermissionDeniedError: the actor may not deactivate one of them.
        ValidationError: the agent can't take tickets, or is one of those who leave.
        ServiceError: somebody can't be deactivated, such as the last SysAdmin.
    """
    for user in users:
        require(account_policies.can_deactivate_user(actor, user))
    leaving = {user.pk for user in users}
    if destination == Destination.AGENT and (agent is None or agent.pk in leaving):
        raise ValidationError({"agent": _("Choose an agent who stays.")}, code="required")
    check_agent(agent)
    tickets = _open_tickets(actor, leaving)
    heir = _heirs(tickets, leaving, destination, agent)
    given: Counter[User | None] = Counter()
    for ticket in tickets:
        require(policies.can_assign(actor, ticket))
        new = heir(ticket)
        apply_changes(ticket, {"assigned_agent": new}, actor=actor, at=at)
        given[new] += 1
    return Departure([deactivate_user(actor=actor, user=user, at=at) for user in users], given)


def _open_tickets(actor: Actor, agents: set[int]) -> list[Ticket]:
    """Return what they work on, locked; what somebody has given away meanwhile isn't theirs any more."""
    numbers = Ticket.objects.filter(assigned_agent__in=agents).unresolved().values_list("pk", flat=True)
    return list(lock_tickets_of(actor, agents, list(numbers)))


def _heirs(tickets: Sequence[Ticket], leaving: set[int], destination: str, agent: User | None) -> Heir:
    if destination == Destination.AGENT:
        return lambda _ticket: agent
    if destination != Destination.LEAST:
        return lambda _ticket: None
    own: dict[int, set[int]] = {number: set() for number in leaving}
    for number, team in TeamMember.objects.filter(user__in=leaving).values_list("user", "team"):
        own[number].add(team)
    loads = Loads({ticket.team_id for ticket in tickets if ticket.team_id}.union(*own.values()), without=leaving)

    def least(ticket: Ticket) -> User | None:
        teams = {ticket.team_id} if ticket.team_id else own[ticket.assigned_agent_id or 0]
        return loads.least(teams)

    return least
