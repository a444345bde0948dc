"""Who sees who else looks at a ticket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tickets.policies.roles import desk
from tms_site.lib.permissions import Decision

if TYPE_CHECKING:
    from accounts.actors import Actor
    from tickets.models import Ticket


def can_see_presence(actor: Actor, ticket: Ticket) -> Decision:
    """See who of the desk looks at a ticket or answers it, and be seen."""
    return desk(actor)
