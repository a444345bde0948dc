"""Linking tickets, and opening a ticket that follows an old one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from accounts.actors import Actor, actor_user
from tickets import policies, signals
from tickets.links.kinds import SYMMETRIC, LinkKind, Relation
from tickets.links.models import TicketLink
from tickets.models import Ticket
from tickets.services.reading import lock_ticket, lock_tickets
from tickets.services.tickets import CreateResult, create_ticket
from tms_site.lib.errors import ServiceError
from tms_site.lib.permissions import require
from tms_site.lib.transactions import write_transaction

# More of them would make a list of its own of the ticket's page.
LINKS_MAX = 50


@dataclass(frozen=True)
class LinkResult:
    """The link, and whether this call made it or there was one already."""

    link: TicketLink
    created: bool


@write_transaction
def add_link(
    *, actor: Actor, ticket_id: int, relation: Relation, other_id: int, at: datetime | None = None
) -> LinkResult:
    """Link a ticket to another. The same link again is no second one.

    Raises:
        Ticket.DoesNotExist: there's no such ticket that the actor may see.
        PermissionDeniedError: the actor may not link it.
        ServiceError: there's no such other ticket, it's the same, or a link of the kind says the opposite already.
    """
    tickets = lock_tickets(actor, {ticket_id, other_id})
    if ticket_id not in tickets:
        raise Ticket.DoesNotExist
    require(policies.can_link(actor, tickets[ticket_id]))
    if other_id not in tickets:
        raise ServiceError(gettext("There is no ticket with this number."), field="number")
    if ticket_id == other_id:
        raise ServiceError(gettext("This is the ticket itself."), field="number")
    source, target = _ends(relation, tickets[ticket_id], tickets[other_id])
    return _link(source, target, relation.kind, actor, at or timezone.now())


def _ends(relation: Relation, ticket: Ticket, other: Ticket) -> tuple[Ticket, Ticket]:
    if relation.kind in SYMMETRIC:
        return (ticket, other) if ticket.pk < other.pk else (other, ticket)
    return (ticket, other) if relation.forward else (other, ticket)


def _link(source: Ticket, target: Ticket, kind: LinkKind, actor: Actor, now: datetime) -> LinkResult:
    between = Q(source=source, target=target) | Q(source=target, target=source)
    earlier = TicketLink.objects.filter(between, kind=kind).first()
    if earlier is not None and earlier.source_id == source.pk:
        return LinkResult(earlier, created=False)
    if earlier is not None:
        text = gettext("They are linked the other way round: %(link)s.") % {"link": earlier}
        raise ServiceError(text, field="number")
    for ticket in (source, target):
        if TicketLink.objects.filter(Q(source=ticket) | Q(target=ticket)).count() >= LINKS_MAX:
            text = gettext("Ticket #%(number)d has %(most)d links already: there's no room for more.")
            raise ServiceError(text % {"number": ticket.pk, "most": LINKS_MAX}, field="number")
    link = TicketLink.objects.create(
        source=source, target=target, kind=kind, created_by=actor_user(actor), created_at=now
    )
    signals.link_created.send(TicketLink, link=link, actor=actor, at=now)
    return LinkResult(link, created=True)


@write_transaction
def remove_link(*, actor: Actor, ticket_id: int, link_id: int, at: datetime | None = None) -> None:
    """Take a link away, from either end.

    Raises:
        Ticket.DoesNotExist: there's no such ticket that the actor may see.
        TicketLink.DoesNotExist: it has no such link.
        PermissionDeniedError: the actor may not do that.
    """
    require(policies.can_link(actor, lock_ticket(actor, ticket_id)))
    ends = Q(source=ticket_id) | Q(target=ticket_id)
    link = TicketLink.objects.select_for_update().filter(ends).get(pk=link_id)
    signals.link_removed.send(TicketLink, link=link, actor=actor, at=at or timezone.now())
    link.delete()


@write_transaction
def open_follow_up(
    *,
    actor: Actor,
    ticket_id: int,
    title: str,
    description: str,
    client_token: str | None = None,
    at: datetime | None = None,
) -> CreateResult:
    """Open a ticket that follows one that was resolved too long ago to be reopened, linked to it.

    It's the same requester's, with the same priority. Raises like `create_ticket`, and:

        Ticket.DoesNotExist: there's no such ticket that the actor may see.
        PermissionDeniedError: it can be reopened still, or isn't resolved.
    """
    ticket, now = lock_ticket(actor, ticket_id), at or timezone.now()
    require(policies.can_open_follow_up(actor, ticket, now=now))
    result = create_ticket(
        actor=actor,
        title=title,
        description=description,
        priority=ticket.priority,
        requester=ticket.requester,
        client_token=client_token,
        at=at,
    )
    if result.created:
        _link(result.ticket, ticket, LinkKind.FOLLOW_UP, actor, now)
    return result
