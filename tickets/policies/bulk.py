"""Who may change many tickets at once. Each ticket's own policy still decides about that ticket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.policies import sysadmin
from tickets.policies.roles import desk

if TYPE_CHECKING:
    from accounts.actors import Actor
    from tms_site.lib.permissions import Decision


def can_act_in_bulk(actor: Actor) -> Decision:
    """Change many tickets at once, see what became of that, and undo it."""
    return desk(actor)


def can_delete_in_bulk(actor: Actor) -> Decision:
    """Delete many tickets at once."""
    return sysadmin(actor)
