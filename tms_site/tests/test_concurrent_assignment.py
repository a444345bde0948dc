"""Tickets are given away at once: they go to different people, on each engine."""

import pytest

from accounts.factories import UserFactory
from tickets.factories import TicketFactory
from tickets.handing.services import assign_by_load
from tickets.models import Ticket
from tickets.sorting import services as shelves
from tms_site.tests.test_concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_tickets_that_are_given_away_at_once_are_spread_over_a_team():
    boss, agents = UserFactory(sysadmin=True), [UserFactory(agent=True) for _each in range(4)]
    # Two teams of the same people: what one gives them the other must know.
    teams = [shelves.create_team(actor=boss, name=name, members=agents) for name in ("First", "Second")]
    tickets = [TicketFactory() for _each in range(8)]

    def give(number):
        ticket, team = tickets[number], teams[number % 2]
        return lambda: assign_by_load(actor=boss, ticket_id=ticket.pk, team=team)

    results = at_once(*map(give, range(8)))
    assert [result for result in results if isinstance(result, Exception)] == []
    assert [Ticket.objects.filter(assigned_agent=agent).count() for agent in agents] == [2, 2, 2, 2]
