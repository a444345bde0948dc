"""What isn't sent yet."""

from tickets.drafts import services
from tickets.factories import TicketFactory
from tms_site.tests.faults.case import Prepare


def save_draft(people):
    ticket = TicketFactory()
    return lambda: services.save_draft(actor=people["agent"], ticket_id=ticket.pk, text="Win", client_token="abc")


def discard_draft(people):
    ticket = TicketFactory()
    services.save_draft(actor=people["agent"], ticket_id=ticket.pk, text="Win")
    return lambda: services.discard_draft(actor=people["agent"], ticket_id=ticket.pk)


SERVICES: list[Prepare] = []
TELLERS: list[Prepare] = [save_draft, discard_draft]
