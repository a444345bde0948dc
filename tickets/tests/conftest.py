"""What the tests of the ticket pages share."""

import pytest

from accounts.models import User
from tickets.factories import TicketFactory
from tickets.models import Ticket


@pytest.fixture
def ticket(requester: User) -> Ticket:
    """Jane's open ticket."""
    return TicketFactory(title="The printer is out of ink", description="It *blinks*.", requester=requester)


@pytest.fixture
def foreign_ticket(other_requester: User) -> Ticket:
    """Michael's ticket, which Jane may not see."""
    return TicketFactory(title="A secret of Michael", requester=other_requester)
