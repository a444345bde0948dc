"""Who is at a ticket."""

from tickets.factories import TicketFactory
from tickets.presence import services
from tms_site.tests.faults.case import Prepare


def note_present(people):
    ticket = TicketFactory()
    return lambda: services.note_present(actor=people["agent"], ticket_id=ticket.pk, is_replying=True)


SERVICES: list[Prepare] = []
TELLERS: list[Prepare] = [note_present]
