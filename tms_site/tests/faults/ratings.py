"""Services of ratings."""

from datetime import timedelta

from django.utils import timezone

from tickets.enums import Status
from tickets.factories import TicketFactory
from tickets.ratings import services as ratings
from tms_site.tests.faults.case import Prepare


def rate_ticket(people):
    lately = timezone.now() - timedelta(days=1)
    ticket = TicketFactory(requester=people["requester"], status=Status.RESOLVED, resolution_date=lately)
    return lambda: ratings.rate_ticket(actor=people["requester"], ticket_id=ticket.pk, value="good", text="Thanks")


SERVICES: list[Prepare] = [rate_ticket]
