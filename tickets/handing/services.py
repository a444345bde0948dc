"""Handing a ticket over: who looks after it from now on, and what they should know, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.models import User
from tickets import policies
from tickets.handing.load import Loads, NobodyAvailable
from tickets.models import Comment, Team
from tickets.services.comments import add_comment, was_written_with
from tickets.services.reading import changed_since, lock_ticket
from tickets.services.updates import UpdateResult, update_ticket
from tms_site.lib.errors import SentBefore
from tms_site.lib.permissions import require
from tms_site.lib.transactions import write_transaction


@dataclass(frozen=True)
class Handover:
    """What was done: the change, and the note if one was written."""

    result: UpdateResult
    note: Comment | None = None


@write_transaction
def assign_by_load(
    *, actor: Actor, ticket_id: int, team: Team, version: int | None = None, at: datetime | None = None
) -> UpdateResult:
    """Give a ticket to a team, and to whoever of it is available and has fewest unresolved tickets.

    Two tickets that are given away at once go to different people, if several have equally little to do. The same form
    sent twice gives the ticket away once.

    Args:
        actor: who gives it away.
        ticket_id: which one.
        team: whose agents are asked.
        version: the version that the form was made from; None when it's meant whatever is stored now.
        at: when, where that isn't now.

    Raises:
        NobodyAvailable: there's nobody who could take it; nothing is changed.
        EditConflict: somebody else gave it to a person outside of the team since `version`.
        and like `update_ticket`.
    """
    ticket = lock_ticket(actor, ticket_id)
    require(policies.can_assign(actor, ticket))
    loads = Loads([team.pk])
    given = version is not None and version != ticket.version and "assigned_agent" in changed_since(ticket, version)
    if given and ticket.team == team and ticket.assigned_agent_id in loads.people:
        return UpdateResult(ticket, {})
    agent = loads.least([team.pk])
    if agent is None:
        raise NobodyAvailable(team)
    changes: dict[str, Any] = {"team": team, "assigned_agent": agent}
    return update_ticket(actor=actor, ticket_id=ticket_id, changes=changes, version=version, at=at)


@write_transaction
def hand_over(
    *,
    actor: Actor,
    ticket_id: int,
    team: Team | None,
    agent: User | None,
    by_load: bool = False,
    note: str = "",
    version: int | None = None,
    client_token: str | None = None,
    at: datetime | None = None,
) -> Handover:
    """Give a ticket to a team, an agent, both or nobody, and leave an internal note for them.

    Args:
        actor: who gives it away.
        ticket_id: which one.
        team: who looks after it from now on.
        agent: who works on it from now on.
        by_load: whether the team's least loaded agent works on it, instead of `agent`.
        note: Markdown for the desk alone; nothing for no note.
        version: the version that the form was made from.
        client_token: names this submission: the same form sent twice writes one note.
        at: when, where that isn't now.

    Raises:
        ValidationError: by load, but no team.
        SentBefore: the same form has left another note; nothing is changed.
        and like `assign_by_load` and `add_comment`.
    """
    if by_load and team is None:
        raise ValidationError({"team": _("Choose the team whose agents are asked.")}, code="required")
    if by_load and team is not None:
        result = assign_by_load(actor=actor, ticket_id=ticket_id, team=team, version=version, at=at)
    else:
        changes = {"team": team, "assigned_agent": agent}
        result = update_ticket(actor=actor, ticket_id=ticket_id, changes=changes, version=version, at=at)
    if not note.strip():
        return Handover(result)
    written = add_comment(
        actor=actor, ticket_id=ticket_id, description=note, is_internal=True, client_token=client_token, at=at
    )
    if not written.created and not was_written_with(written.comment, note, is_internal=True):
        raise SentBefore(_("You have left another note with this form before. Send it once more."))
    return Handover(result, written.comment)
