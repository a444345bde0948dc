"""Who watches tickets, and whom one can name in a text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tickets.policies.roles import desk
from tms_site.lib.permissions import Decision

if TYPE_CHECKING:
    from accounts.actors import Actor
    from tickets.models import Ticket


def can_watch(actor: Actor, ticket: Ticket) -> Decision:
    """Watch a ticket, and see who does."""
    return desk(actor)


def can_mention(actor: Actor) -> Decision:
    """Look up colleagues in order to name them in a text."""
    return desk(actor)
