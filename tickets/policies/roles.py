"""What the roles come to for tickets: the questions that every policy asks, with those of accounts/policies.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.policies import DEACTIVATED
from tms_site.lib.permissions import ALLOWED, Decision, Denied

if TYPE_CHECKING:
    from accounts.actors import Actor
    from tickets.models import Ticket

NOT_YOURS = Denied(_("This ticket belongs to somebody else."))
ONLY_DESK = Denied(_("Only helpdesk agents can do that."))


def desk(actor: Actor) -> Decision:
    """Allow whoever works at the desk."""
    if not actor.is_active:
        return DEACTIVATED
    return ALLOWED if actor.works_at_desk else ONLY_DESK


def own_or_desk(actor: Actor, ticket: Ticket) -> Decision:
    """Allow the ticket's requester and the desk."""
    if not actor.is_active:
        return DEACTIVATED
    return ALLOWED if actor.works_at_desk or ticket.requester_id == actor.pk else NOT_YOURS
