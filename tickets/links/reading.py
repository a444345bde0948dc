"""The links of a ticket as its page shows them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise

from accounts.actors import Actor
from tickets.links.kinds import LinkKind, Relation
from tickets.links.models import TicketLink
from tickets.models import Ticket


@dataclass(frozen=True)
class ShownLink:
    """A link, read from the ticket whose page shows it."""

    pk: int
    label: str | Promise
    other: Ticket


def links_of(ticket: Ticket, actor: Actor) -> list[ShownLink]:
    """Return the links of a ticket to tickets that the actor may see.

    No query if it's known to have none, else one, and one more if there are any.
    """
    if not ticket.has_links:
        return []
    links = sorted(TicketLink.objects.of(ticket), key=lambda link: link.pk)
    if not links:
        return []
    numbers = {link.source_id for link in links} | {link.target_id for link in links}
    others = Ticket.objects.visible_to(actor).only("title", "status").in_bulk(numbers - {ticket.pk})
    found = []
    for link in links:
        forward = link.source_id == ticket.pk
        other = others.get(link.target_id if forward else link.source_id)
        if other is not None:
            found.append(ShownLink(link.pk, Relation(LinkKind(link.kind), forward).label, other))
    return found
