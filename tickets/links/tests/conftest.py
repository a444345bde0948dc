"""What the tests of links share."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tickets import services
from tickets.enums import Status


@pytest.fixture
def ticket(requester):
    """Jane's ticket, with its entry in the log."""
    return services.create_ticket(actor=requester, title="Printer", description="It burns.").ticket


@pytest.fixture
def other(other_requester):
    """Michael's, which Jane may not see."""
    return services.create_ticket(actor=other_requester, title="A secret of Michael", description="Hush.").ticket


@pytest.fixture
def old_ticket(requester, agent):
    """Jane's ticket that was resolved a year ago."""
    ago = timezone.now() - timedelta(days=365)
    ticket = services.create_ticket(actor=requester, title="Printer", description="It burns.", at=ago).ticket
    return services.update_ticket(
        actor=agent, ticket_id=ticket.pk, changes={"status": Status.RESOLVED}, at=ago + timedelta(hours=1)
    ).ticket
