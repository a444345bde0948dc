"""The dashboard adds ratings up by month and agent, exactly."""

from datetime import date

import pytest
from django.db import connection
from django.utils import timezone

from accounts.factories import UserFactory
from tickets import services
from tickets.factories import TicketFactory
from tickets.figures.facts import EVERYBODY, NOBODY, category_figures, month_of, reporting_day, team_figures
from tickets.models import Category, Team, Ticket
from tickets.ratings.models import Rating
from tickets.ratings.reading import satisfaction
from tickets.ratings.services import rate_ticket

pytestmark = pytest.mark.django_db
JULY, AUGUST = date(2026, 7, 1), date(2026, 8, 1)


def rated(agent, value, month, amount=1, **shelves):
    tickets = TicketFactory.create_batch(amount)
    Rating.objects.bulk_create(
        Rating(ticket=ticket, agent=agent, value=value, month=month, rated_at=timezone.now(), **shelves)
        for ticket in tickets
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


@pytest.fixture
def printers():
    return Category.objects.create(name="Printers")


@pytest.fixture
def team():
    return Team.objects.create(name="Devices")


def test_ratings_are_counted_by_category_and_for_a_team_or_category_alone(agent, printers, team):
    rated(agent, "good", JULY, 2, category=printers)
    rated(agent, "bad", JULY, team=team)
    found = satisfaction([JULY], EVERYBODY)
    assert {number: sums(tally) for number, tally in found.by_category.items()} == {printers.pk: (2, 0), None: (0, 1)}
    assert sums(satisfaction([JULY], category_figures(printers.pk)).all) == (2, 0)
    assert sums(satisfaction([JULY], team_figures(team.pk)).all) == (0, 1)


def test_a_rating_keeps_the_team_and_category_that_its_ticket_had(requester, agent, printers, team):
    ticket = TicketFactory(requester=requester, category=printers, team=team)
    services.update_ticket(actor=agent, ticket_id=ticket.pk, changes={"status": "resolved"})
    rating, _changed = rate_ticket(actor=requester, ticket_id=ticket.pk, value="good")
    services.update_ticket(actor=agent, ticket_id=ticket.pk, changes={"category": None, "team": None})
    rating.refresh_from_db()
    assert (rating.category, rating.team) == (printers, team)


@pytest.mark.parametrize("rows", [1, 3, 50])
def test_the_sums_cost_one_query_however_many_rated(agent, rows, django_assert_num_queries):
    rated(agent, "good", JULY, rows)
    with django_assert_num_queries(1):
        assert satisfaction([JULY], EVERYBODY).all.good == rows


def test_the_sums_are_read_from_an_index_that_holds_all_of_them(agent):
    if connection.vendor != "sqlite":
        pytest.skip("SQLite says in words what it reads")
    plan = (
        Rating.objects.filter(month__in=[JULY]).order_by().values_list("month", "agent", "category", "value").explain()
    )
    assert "COVERING INDEX rating_sums" in plan


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


def test_the_dashboard_shows_categories_where_there_are_some(client_for, sysadmin, agent, printers):
    client = client_for(sysadmin)
    services.create_ticket(actor=agent, title="Printer", description="It jams.", category=printers)
    this_month = month_of(reporting_day(timezone.now()))
    rated(agent, "good", this_month)
    rated(agent, "bad", this_month, 2, category=printers)
    rows = client.get("/dashboard/").context["satisfaction"].categories
    assert [(row.name, sums(row.tally)) for row in rows] == [("Printers", (0, 2)), ("No category", (1, 0))]
    of_category = client.get(f"/dashboard/?category={printers.pk}")
    assert of_category.context["satisfaction"].categories == []
    assert f'href="/tickets/?rating=bad&amp;category={printers.pk}"' in of_category.content.decode()
