"""Services of links and follow-ups."""

from datetime import timedelta

from django.utils import timezone

from tickets import services as tickets
from tickets.enums import Status
from tickets.factories import TicketFactory
from tickets.links import services as links
from tickets.links.kinds import LinkKind, Relation
from tms_site.tests.faults.case import Prepare


def add_link(people):
    one, other = TicketFactory(), TicketFactory()
    relation = Relation(LinkKind.BLOCKS)
    return lambda: links.add_link(actor=people["agent"], ticket_id=one.pk, relation=relation, other_id=other.pk)


def remove_link(people):
    link = add_link(people)().link
    return lambda: links.remove_link(actor=people["agent"], ticket_id=link.target_id, link_id=link.pk)


def open_follow_up(people):
    long_ago = timezone.now() - timedelta(days=400)
    ticket = TicketFactory(
        requester=people["requester"], status=Status.RESOLVED, creation_date=long_ago, resolution_date=long_ago
    )
    return lambda: links.open_follow_up(
        actor=people["requester"], ticket_id=ticket.pk, title="Again", description="It burns again.", client_token="t"
    )


def resolve_again(people):
    ticket = tickets.create_ticket(actor=people["requester"], title="Printer", description="Fire").ticket
    tickets.update_ticket(actor=people["agent"], ticket_id=ticket.pk, changes={"status": Status.RESOLVED})
    tickets.add_comment(actor=people["requester"], ticket_id=ticket.pk, description="Thanks!")
    return lambda: tickets.resolve_again(actor=people["agent"], ticket_id=ticket.pk)


SERVICES: list[Prepare] = [
    add_link,
    remove_link,
    open_follow_up,
    resolve_again,
]
TELLERS: list[Prepare] = []
