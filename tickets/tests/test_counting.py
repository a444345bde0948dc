"""Lists are counted by other conditions than they are read by, but the same tickets."""

from itertools import combinations

import pytest
from django.http import QueryDict

from tickets.enums import Priority, Status
from tickets.factories import TicketFactory
from tickets.filters import TicketFilter
from tickets.models import Ticket
from tickets.plans import Conditions, index_for_count

CHOICES = [list(some) for size in range(5) for some in combinations(Status.values, size)]


@pytest.fixture
def one_of_each(agent):
    """A ticket of each status and priority, of an agent and of nobody."""
    return [
        TicketFactory(status=status, priority=priority, assigned_agent=whose)
        for status in Status.values
        for priority in Priority.values
        for whose in (agent, None)
    ]


@pytest.mark.parametrize("statuses", CHOICES, ids="+".join)
def test_each_choice_of_statuses_counts_what_the_list_shows(agent, one_of_each, statuses):
    for more in ("", "priority=high&priority=low", "assigned_agent=me", "assigned_agent=none&priority=urgent"):
        query = "&".join([*(f"status={status}" for status in statuses), more])
        chosen = TicketFilter(QueryDict(query), Ticket.objects.visible_to(agent), actor=agent)
        assert set(chosen.to_count) == set(chosen.in_order), query


@pytest.mark.parametrize(
    ("known", "index"),
    [
        (Conditions(), "ticket_status_priority"),
        (Conditions(status=True), "ticket_status_priority"),
        (Conditions(status=True, priority=True), "ticket_status_priority"),
        (Conditions(priority=True), "ticket_priority"),
        (Conditions(status=True, halved=True), "ticket_live_priority"),
        (Conditions(status=True, halved=True, priority=True), "ticket_live_priority"),
        (Conditions(of_agent=True), "ticket_agent_status"),
        (Conditions(of_agent=True, priority=True), "ticket_agent_priority"),
        (Conditions(of_agent=True, status=True, halved=True), "ticket_agent_live_updated"),
        (Conditions(of_requester=True, status=True, halved=True), "ticket_requester_live"),
        (Conditions(of_requester=True, status=True), "ticket_requester_status"),
        (Conditions(resolved_lately=True, others=True, status=True, halved=True), "ticket_resolved"),
        (Conditions(others=True), ""),
    ],
)
def test_each_count_has_an_index_that_holds_its_conditions(known, index):
    assert index_for_count(known) == index
