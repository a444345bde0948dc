"""What tests of canned replies share."""

import pytest

from tickets.factories import TicketFactory
from tickets.replies import services


@pytest.fixture
def ticket(requester):
    return TicketFactory(requester=requester, title="Projector {{ agent }} is dead")


@pytest.fixture
def keep():
    """Keep a canned reply for somebody."""

    def keep(actor, name="Thanks", body="Dear {{requester}}, thank you.", **values):
        return services.create_reply(actor=actor, values={"name": name, "body": body, **values})

    return keep
