"""The dashboard adds ratings up by month and agent, exactly."""

from datetime import date

import pytest
from django.db import connection
from django.utils import timezone

from accounts.factories import UserFactory
from tickets import services
from tickets.factories import TicketFactory
from tickets.figures.facts import EVERYBODY, NOBODY, month_of, reporting_day
from tickets.models import Ticket
from tickets.ratings.models import Rating
from tickets.ratings.reading import satisfaction

pytestmark = pytest.mark.django_db
JULY, AUGUST = date(2026, 7, 1), date(2026, 8, 1)


def rated(agent, value, month, amount=1):
    tickets = TicketFactory.create_batch(amount)
    Rating.objects.bulk_create(
        Rating(ticket=ticket, agent=agent, value=value, month=month, rated_at=timezone.now()) for ticket in tickets
    )


def sums(tally):
    return tally.good, tally.bad


def test_ratings_are_counted_by_month_and_agent(agent, other_agent):
    rated(agent, "good", JULY, 2)
    rated(agent, "bad", AUGUST)
    rated(other_agent, "good", AUGUST)
    rated(None, "good", AUGUST)
    rated(agent, "bad", date(2026, 6, 1))
    found = satisfaction([JULY, AUGUST], EVERYBODY)
    assert sums(found.all) == (4, 1)
    assert {month: sums(tally) for month, tally in found.by_month.items()} == {JULY: (2, 0), AUGUST: (2, 1)}
    assert {who: sums(tally) for who, tally in found.by_agent.items()} == {
        agent.pk: (2, 1),
        other_agent.pk: (1, 0),
        None: (1, 0),
    }
    assert found.all.share == 80
    assert sums(satisfaction([JULY, AUGUST], agent.pk).all) == (2, 1)
    assert sums(satisfaction([JULY, AUGUST], NOBODY).all) == (1, 0)


def test_an_agent_who_left_keeps_nothing_and_the_sums_stay(agent):
    rated(agent, "good", JULY)
    Ticket.objects.update(requester=UserFactory())
    type(agent).objects.filter(pk=agent.pk).delete()
    assert sums(satisfaction([JULY], EVERYBODY).all) == (1, 0)


@pytest.mark.parametrize("rows", [1, 3, 50])
def test_the_sums_cost_one_query_however_many_rated(agent, rows, django_assert_num_queries):
    rated(agent, "good", JULY, rows)
    with django_assert_num_queries(1):
        assert satisfaction([JULY], EVERYBODY).all.good == rows


def test_the_sums_are_read_from_an_index_that_holds_all_of_them(agent):
    if connection.vendor != "sqlite":
        pytest.skip("SQLite says in words what it reads")
    plan = Rating.objects.filter(month__in=[JULY]).order_by().values_list("month", "agent", "value").explain()
    assert "COVERING INDEX rating_month" in plan


def test_the_dashboard_shows_them(client_for, sysadmin, agent):
    client = client_for(sysadmin)
    services.create_ticket(actor=sysadmin, title="Printer", description="It jams.", priority="low")
    assert "Nobody has rated a ticket in these months." in client.get("/dashboard/").content.decode()
    rated(agent, "good", month_of(reporting_day(timezone.now())), 3)
    rated(agent, "bad", month_of(reporting_day(timezone.now())))
    page = client.get("/dashboard/").content.decode()
    assert "75 % satisfied: 3 of 4 ratings." in page
    assert 'href="/tickets/?rating=bad"' in page
    agents = client.get("/dashboard/").context["satisfaction"].agents
    assert [(row.name, sums(row.tally)) for row in agents] == [("John Smith", (3, 1))]
    assert client.get(f"/dashboard/?agent={agent.pk}").context["satisfaction"].agents == []
