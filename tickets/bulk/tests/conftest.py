"""What the tests of bulk actions share."""

import itertools

import pytest

from tickets.bulk.services import run_bulk
from tickets.factories import TicketFactory
from tickets.models import Ticket


@pytest.fixture
def tickets(requester):
    """Three open tickets of Jane's."""
    return TicketFactory.create_batch(3, requester=requester, title="The printer is out of ink")


@pytest.fixture
def run():
    """Return a function that does something to tickets as they are now, each time as a submission of its own."""
    tokens = map(str, itertools.count())

    def do(actor, action, tickets, **kwargs):
        chosen = [(ticket.pk, Ticket.objects.get(pk=ticket.pk).version) for ticket in tickets]
        return run_bulk(actor=actor, action=action, **{"chosen": chosen, "client_token": next(tokens), **kwargs})

    return do


@pytest.fixture
def outcomes():
    """Return a function that gives what became of each ticket of a run."""
    return lambda run: list(run.rows.order_by("number").values_list("outcome", flat=True))
