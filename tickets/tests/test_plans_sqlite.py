"""Lists on SQLite are read from the index of their order too, whatever its statistics make it believe."""

import pytest
from django.db import connection

from accounts.factories import UserFactory
from tickets import plans
from tickets.enums import Priority, Status
from tickets.factories import TicketFactory
from tickets.filters import SORTS, order_of
from tickets.models import Ticket
from tickets.tests import sorting
from tickets.tests.test_plans import lists_of, queries_by_shelf, queries_of_desk, queries_of_requesters
from tms_site.lib.keyset import paginate

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's plans; tests/test_plans.py has the others"),
]

# What their own conditions leave is sorted, since it's little (plans.index_for).
SORTED = {"", "ticket_resolved"}
PAIRS = ("status={}&priority={}", "status={}&priority={}&assigned_agent=none")


@pytest.fixture
def agent(agent):
    """John, with tickets of every kind in a database that knows how they are spread."""
    teams, categories = sorting.make()
    requester = UserFactory(requester=True)
    for number in range(120):
        TicketFactory(
            requester=requester,
            status=Status.values[number % 4],
            priority=Priority.values[number % 3],
            assigned_agent=agent if number % 5 else None,
            team=teams[number % len(teams)],
            category=categories[number % len(categories)],
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return agent


def steps(tickets, order):
    """Return how SQLite reads the first page, and read it."""
    rows = tickets.for_list().order_by(*order.by)[:51]
    sql, parameters = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)
        return " / ".join(row[-1] for row in cursor.fetchall())


def not_in_order(lists):
    for name, chosen in lists:
        for sort in SORTS:
            order = order_of(sort)
            index = plans.index_for(chosen.conditions, order.column)
            tickets = plans.in_order(chosen.qs, chosen.conditions, order.column)
            found = steps(tickets, order)
            if index not in SORTED and ("TEMP B-TREE" in found or index not in found):
                yield name, sort, found
            page = paginate(tickets.for_list(), order, "", 2)
            paginate(tickets.for_list(), order, page.next_cursor, 2)


def test_each_list_of_the_desk_is_read_in_its_order(agent):
    pairs = [pair.format(status, priority) for pair in PAIRS for status in Status for priority in Priority]
    queries = [*queries_of_desk(agent, Ticket.objects.first().requester), *queries_by_shelf(), *pairs]
    assert list(not_in_order(lists_of(agent, queries))) == []


def test_each_list_of_a_requester_is_read_in_its_order(agent):
    assert list(not_in_order(lists_of(Ticket.objects.first().requester, queries_of_requesters()))) == []
