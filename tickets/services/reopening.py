"""Resolving a ticket again that its requester reopened without wanting anything: "thanks"."""

from __future__ import annotations

from datetime import datetime

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext

from accounts.actors import Actor
from tickets import policies
from tickets.enums import Status
from tickets.models import Comment, Ticket, TicketRevision
from tickets.services.reading import lock_ticket
from tickets.services.updates import UpdateResult, apply_changes
from tickets.workflow import WorkflowError
from tms_site.lib.permissions import require
from tms_site.lib.transactions import write_transaction


def resolved_before(ticket: Ticket) -> datetime | None:
    """Return when a ticket was resolved that its requester's comment reopened, if that was its last change.

    One query, and one more if its last change was a reopening.
    """
    if ticket.status == Status.RESOLVED or ticket.version == 1:
        return None
    last = TicketRevision.objects.filter(ticket=ticket, version=ticket.version - 1).first()
    if last is None or last.values.get("status") != Status.RESOLVED:
        return None
    # The comment that reopens a ticket has the same date as the change that it causes. If something public has happened
    # since, the ticket's "updated" is later than that.
    by_requester = Comment.objects.public().filter(ticket=ticket, commented_by=ticket.requester_id)
    if not by_requester.filter(creation_date=ticket.updated_at).exists():
        return None
    return parse_datetime(last.values.get("resolution_date") or "")


@write_transaction
def resolve_again(*, actor: Actor, ticket_id: int, at: datetime | None = None) -> UpdateResult:
    """Resolve a ticket again that its requester's comment reopened, and tell nobody.

    It keeps the date when it was resolved first: a "thanks" doesn't make the help have taken longer, and the time in
    which it can be reopened doesn't begin anew.

    Raises:
        Ticket.DoesNotExist: there's no such ticket that the actor may see.
        PermissionDeniedError: the actor may not change its status.
        WorkflowError: it wasn't reopened by a comment, or something else has happened since.
    """
    ticket = lock_ticket(actor, ticket_id)
    require(policies.can_change_status(actor, ticket))
    date = resolved_before(ticket)
    if date is None:
        text = gettext("Something has happened since this ticket was reopened. Have a look, and resolve it as usual.")
        raise WorkflowError(text, field="status")
    changes = {"status": Status.RESOLVED, "resolution_date": date}
    return apply_changes(ticket, changes, actor=actor, at=at, quiet=True)
