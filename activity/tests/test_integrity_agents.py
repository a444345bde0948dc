"""check_integrity and agents who have left the desk with open tickets in their hands, as before there was a rule."""

import pytest
from django.core.management import call_command

from accounts.enums import Role
from accounts.factories import UserFactory
from accounts.models import User
from activity.integrity.agents import MOST_LINES
from tickets import services
from tickets.enums import Status
from tickets.models import Ticket
from tms_site.tests.integrity import findings

pytestmark = pytest.mark.django_db
LEFT = [{"is_active": False}, {"role": Role.REQUESTER}]


def assigned(requester, agent, **changes):
    """Return the number of a ticket that an agent works on."""
    ticket = services.create_ticket(actor=requester, title="Toner", description="Empty").ticket
    services.update_ticket(actor=agent, ticket_id=ticket.pk, changes={"assigned_agent": agent, **changes})
    return ticket.pk


@pytest.mark.parametrize("left", LEFT)
def test_open_tickets_of_who_left_are_counted_and_named_with_what_gives_them_away(requester, agent, left):
    numbers = [assigned(requester, agent) for _ticket in range(7)]
    assigned(requester, agent, status=Status.RESOLVED)
    assert findings() == []
    User.objects.filter(pk=agent.pk).update(**left)
    named = ", ".join(f"#{number}" for number in numbers[:5])
    (line,) = findings()
    assert line.startswith(f"User {agent.pk} ({agent.email}) isn't an active agent or SysAdmin, but has 7 unresolved")
    assert f"({named}, …): manage.py reassign_tickets --from {agent.email} --unassign, or --to" in line


@pytest.mark.parametrize("left", LEFT)
@pytest.mark.parametrize("heir", [True, False])
def test_what_the_line_says_mends_it(requester, agent, other_agent, left, heir):
    number = assigned(requester, agent, status=Status.IN_PROGRESS)
    resolved = assigned(requester, agent, status=Status.RESOLVED)
    User.objects.filter(pk=agent.pk).update(**left)
    to = ["--to", other_agent.email] if heir else ["--unassign"]
    call_command("reassign_tickets", "--from", agent.email, *to, verbosity=0)
    assert findings() == []
    assert Ticket.objects.get(pk=number).assigned_agent == (other_agent if heir else None)
    assert Ticket.objects.get(pk=resolved).assigned_agent == agent


def test_resolved_tickets_of_who_left_are_history(requester, agent):
    assigned(requester, agent, status=Status.RESOLVED)
    User.objects.filter(pk=agent.pk).update(is_active=False)
    assert findings() == []


def test_of_very_many_who_left_the_first_are_named(requester):
    for agent in UserFactory.create_batch(MOST_LINES + 1, agent=True):
        assigned(requester, agent)
    User.objects.filter(role=Role.AGENT).update(is_active=False)
    lines = findings()
    assert len(lines) == MOST_LINES + 1
    assert lines[-1] == "Agents: more of them can't be assigned and have unresolved tickets"
