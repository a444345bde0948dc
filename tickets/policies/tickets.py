"""Who may do what to tickets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.policies import DEACTIVATED, sysadmin
from tickets.policies.merging import unless_merged
from tickets.policies.roles import desk, own_or_desk
from tms_site.lib.permissions import ALLOWED, Decision

if TYPE_CHECKING:
    from collections.abc import Callable

    from accounts.actors import Actor
    from tickets.models import Ticket


def can_create(actor: Actor) -> Decision:
    """Open a ticket for oneself."""
    return ALLOWED if actor.is_active else DEACTIVATED


def can_create_for_others(actor: Actor) -> Decision:
    """Open a ticket on behalf of a requester."""
    return desk(actor)


def can_list_assigned(actor: Actor) -> Decision:
    """See the list of tickets that are assigned to oneself."""
    return desk(actor)


def can_see_dashboard(actor: Actor) -> Decision:
    """See the dashboard: figures of all tickets and of everybody at the desk."""
    return desk(actor)


def can_view(actor: Actor, ticket: Ticket) -> Decision:
    """See a ticket, its conversation and its timeline."""
    return own_or_desk(actor, ticket)


def can_edit(actor: Actor, ticket: Ticket) -> Decision:
    """Change title, description, category and priority."""
    return unless_merged(ticket, own_or_desk(actor, ticket))


def can_change_status(actor: Actor, ticket: Ticket) -> Decision:
    """Change the status by hand, and so resolve and reopen."""
    return unless_merged(ticket, desk(actor))


def can_assign(actor: Actor, ticket: Ticket) -> Decision:
    """Assign a ticket to a team, an agent, both or nobody."""
    return desk(actor)


def can_see_tags(actor: Actor) -> Decision:
    """See the tags of tickets, and find tickets by them."""
    return desk(actor)


def can_see_retired(actor: Actor) -> Decision:
    """Read what people, teams and categories are called that can't be chosen any more."""
    return desk(actor)


def can_tag(actor: Actor, ticket: Ticket) -> Decision:
    """Give a ticket tags and take them away."""
    return unless_merged(ticket, desk(actor))


def can_keep_lists(actor: Actor) -> Decision:
    """Keep the lists of teams and categories."""
    return sysadmin(actor)


def can_set_resolution_date(actor: Actor, ticket: Ticket) -> Decision:
    """Say when a ticket was resolved."""
    return unless_merged(ticket, desk(actor))


def can_delete(actor: Actor, ticket: Ticket) -> Decision:
    """Delete a ticket with its comments."""
    return sysadmin(actor)


# Which policy stands before each field of a ticket that a form may change.
FIELD_POLICIES: dict[str, Callable[[Actor, Ticket], Decision]] = {
    "title": can_edit,
    "description": can_edit,
    "category": can_edit,
    "priority": can_edit,
    "status": can_change_status,
    "team": can_assign,
    "assigned_agent": can_assign,
    "resolution_date": can_set_resolution_date,
    "tags": can_tag,
}
