"""Who may merge and split tickets, and what a merged one doesn't take any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from tickets.policies.roles import desk
from tms_site.lib.permissions import Decision, Denied

if TYPE_CHECKING:
    from accounts.actors import Actor
    from tickets.models import Ticket

MERGED = Denied(_("This ticket was merged into another one, where it goes on."))


def unless_merged(ticket: Ticket, decision: Decision) -> Decision:
    """Return the decision, or a refusal where it would be allowed but the ticket goes on elsewhere."""
    return MERGED if decision and ticket.merged_into_id is not None else decision


def can_merge(actor: Actor, ticket: Ticket) -> Decision:
    """Merge a ticket with others, and undo that."""
    return desk(actor)


def can_split(actor: Actor, ticket: Ticket) -> Decision:
    """Move a part of the conversation to a ticket of its own."""
    return unless_merged(ticket, desk(actor))
