"""What the tests of the figures share."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from tickets import services
from tickets.figures.direct import direct_figures
from tickets.figures.reading import all_figures
from tickets.models import Ticket

OpenTicket = Callable[..., Ticket]


@pytest.fixture
def open_ticket(requester: User) -> OpenTicket:
    """Open a ticket of Jane by the service."""

    def open_ticket(**fields: object) -> Ticket:
        values = {"actor": requester, "title": "Printer", "description": "Ink", **fields}
        return services.create_ticket(**values).ticket

    return open_ticket


@pytest.fixture
def busy_desk(requester: User, other_requester: User, agent: User, other_agent: User, sysadmin: User) -> list[Ticket]:
    """Tickets that everything has happened to, over the last two months."""
    now = timezone.now()
    made = []
    for number in range(12):
        who, worker = (requester, agent) if number % 3 else (other_requester, other_agent)
        at = now - timedelta(days=5 * number, hours=number)
        priority = ("low", "medium", "high", "urgent")[number % 4]
        ticket = services.create_ticket(
            actor=who, title=f"No. {number}", description="Ink", priority=priority, at=at
        ).ticket
        made.append(ticket)
        if number % 2:
            services.assign_to_me(actor=worker, ticket_id=ticket.pk)
            services.add_comment(
                actor=worker, ticket_id=ticket.pk, description="Hi", at=at + timedelta(minutes=7 * number)
            )
        if number % 4 == 3:
            changes = {"status": "resolved"}
            services.update_ticket(
                actor=worker, ticket_id=ticket.pk, changes=changes, at=min(at + timedelta(hours=number), now)
            )
    services.update_ticket(actor=agent, ticket_id=made[3].pk, changes={"status": "in_progress"})
    services.delete_ticket(actor=sysadmin, ticket_id=made[5].pk)
    return made


def assert_exact() -> None:
    """Fail unless the figures are what the tickets and comments say."""
    assert all_figures() == direct_figures(from_comments=True)
