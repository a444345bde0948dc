"""Watching tickets, and naming colleagues in texts."""

from tickets.factories import TicketFactory
from tickets.watching import services
from tms_site.tests.faults.case import Prepare


def watch(people):
    ticket = TicketFactory()
    return lambda: services.watch(actor=people["agent"], ticket_id=ticket.pk)


def unwatch(people):
    ticket = TicketFactory()
    services.watch(actor=people["agent"], ticket_id=ticket.pk)
    return lambda: services.unwatch(actor=people["agent"], ticket_id=ticket.pk)


SERVICES: list[Prepare] = [watch, unwatch]
TELLERS: list[Prepare] = []
