"""Whom a ticket can be assigned to, and what becomes of one whose agent has left the desk."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from tickets import workflow
from tickets.enums import UNRESOLVED
from tickets.models import Ticket
from tms_site.lib.holding import held

# Said by the forms too.
UNKNOWN_AGENT = _("Choose an active agent.")


def is_assignable(agent: User) -> bool:
    """Tell whether somebody is an active agent or sysadmin, and let that stay so until the transaction ends.

    Who leaves the desk waits for that, and then gives up what was assigned to them meanwhile. The ticket is locked
    before its agent is held, as the foreign key does it; who leaves waits for nothing but their own unresolved tickets,
    which is never one that is about to become theirs.
    """
    return bool(held(User.objects.assignable().filter(pk=agent.pk)))


def check_agent(agent: User | None) -> None:
    """Refuse to assign a ticket to somebody who isn't an active agent or sysadmin; raises ValidationError."""
    if agent is not None and not is_assignable(agent):
        raise ValidationError({"assigned_agent": UNKNOWN_AGENT}, code="invalid_choice")


def without_leaver(agent: User | None, status: str) -> dict[str, Any]:
    """Return what changes besides on a ticket that comes to `status` and still has this agent.

    Nothing, unless it's unresolved and the agent has left the desk: nobody would find it then. It becomes unassigned,
    and open if it were in progress.
    """
    if agent is None or status not in UNRESOLVED or is_assignable(agent):
        return {}
    return _without_agent(status)


def release_new(tickets: Iterable[Ticket]) -> list[Ticket]:
    """Do the same with tickets that aren't written yet, and return those that became unassigned.

    Their agents may not be written yet either: then what will be written counts. Those who are there are held.
    """
    assigned = [ticket for ticket in tickets if ticket.assigned_agent is not None and ticket.status in UNRESOLVED]
    stored = {ticket.assigned_agent_id for ticket in assigned if ticket.assigned_agent_id is not None}
    staying = set(held(User.objects.assignable().filter(pk__in=stored))) if stored else set()
    released = [ticket for ticket in assigned if not _keeps_agent(ticket, staying)]
    for ticket in released:
        for name, value in _without_agent(ticket.status).items():
            setattr(ticket, name, value)
    return released


def _keeps_agent(ticket: Ticket, staying: Collection[int]) -> bool:
    if ticket.assigned_agent_id is not None:
        return ticket.assigned_agent_id in staying
    return ticket.assigned_agent is not None and ticket.assigned_agent.is_assignable


def _without_agent(status: str) -> dict[str, Any]:
    return {"assigned_agent": None, "status": workflow.status_without_agent(status)}
