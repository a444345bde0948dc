"""Who may link tickets, and who goes on with an old one in a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tickets import workflow
from tickets.enums import Status
from tickets.policies.roles import desk, own_or_desk
from tms_site.lib.permissions import ALLOWED, Decision, Denied

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.actors import Actor
    from tickets.models import Ticket


def can_link(actor: Actor, ticket: Ticket) -> Decision:
    """Link a ticket to another one, and take links away."""
    return desk(actor)


def can_open_follow_up(actor: Actor, ticket: Ticket, *, now: datetime | None = None) -> Decision:
    """Open a ticket that follows this one, which was resolved too long ago to be reopened."""
    may_see = own_or_desk(actor, ticket)
    if not may_see:
        return may_see
    if ticket.status != Status.RESOLVED:
        return Denied(_("This ticket isn't resolved: comment on it."))
    if workflow.may_reopen(ticket.resolution_date, now=now or timezone.now(), days=settings.REOPEN_DAYS):
        return Denied(_("This ticket was resolved lately: a comment reopens it."))
    return ALLOWED
