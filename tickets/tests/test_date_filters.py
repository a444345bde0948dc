"""Lists between dates."""

from datetime import UTC, datetime, timedelta

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from tickets.date_filters import DATES
from tickets.factories import TicketFactory
from tickets.filters import SORTS, TicketFilter, order_of
from tickets.models import Ticket
from tms_site.lib.counts import capped_count

pytestmark = pytest.mark.django_db

LIST = reverse("tickets:list")
COLUMNS = {"created": "creation_date", "updated": "updated_at", "resolved": "resolution_date"}


def titles(response):
    return sorted(ticket.title for ticket in response.context["listing"].page.items)


@pytest.mark.parametrize("name", COLUMNS)
def test_both_days_of_a_range_belong_to_it(client_for, agent, name):
    for day in range(1, 6):
        TicketFactory(title=str(day), **{COLUMNS[name]: datetime(2026, 3, day, 23, 59, tzinfo=UTC)})
    client = client_for(agent)
    assert titles(client.get(LIST, {f"{name}_after": "2026-03-02", f"{name}_before": "2026-03-04"})) == ["2", "3", "4"]
    assert titles(client.get(LIST, {f"{name}_before": "2026-03-02"})) == ["1", "2"]


def test_a_span_ends_now(client_for, agent):
    for days in (1, 8):
        TicketFactory(title=str(days), updated_at=timezone.now() - timedelta(days=days))
    response = client_for(agent).get(LIST, {"updated_after": "7d"})
    assert titles(response) == ["1"]
    assert [str(chip.value) for chip in response.context["listing"].chips] == ["the last 7 days"]


def test_a_minute_of_a_link_is_shown_in_the_visitors_zone(client_for, agent):
    agent.time_zone = "Asia/Tokyo"
    agent.save()
    for hour in (22, 23):
        TicketFactory(title=str(hour), creation_date=datetime(2026, 3, 1, hour, tzinfo=UTC))
    response = client_for(agent).get(LIST, {"created_after": "2026-03-01T23:00Z"})
    assert titles(response) == ["23"]
    assert "2026-03-02 08:00" in response.content.decode()


@pytest.mark.parametrize(
    ("name", "value"), [("created_after", "2026-02-31"), ("updated_after", "soon"), ("resolved_before", "7d")]
)
def test_a_date_that_means_nothing_is_named_and_left_out(client_for, agent, ticket, name, value):
    response = client_for(agent).get(LIST, {name: value})
    assert titles(response) == [ticket.title]
    assert value in response.content.decode()
    assert response.context["listing"].chips == []


def test_the_form_keeps_the_dates(client_for, agent):
    page = client_for(agent).get(LIST, {"created_after": "2026-03-02"}).content.decode()
    assert 'name="created_after" value="2026-03-02"' in page


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("name", DATES)
def test_few_tickets_between_dates_come_in_the_order_that_is_asked_for(agent, name, sort):
    for day in range(1, 6):
        moment = datetime(2026, 3, day, tzinfo=UTC)
        TicketFactory(
            title=str(day * 7 % 5), status="resolved", creation_date=moment, updated_at=moment, resolution_date=moment
        )
    chosen = TicketFilter(QueryDict(f"{name}=2026-03-03&sort={sort}"), Ticket.objects.all(), actor=agent)
    found, order = list(chosen.in_order.order_by(*order_of(sort).by)), order_of(sort)
    assert len(found) == 3
    assert found == sorted(
        found, key=lambda ticket: (getattr(ticket, order.column), ticket.pk), reverse=order.descending
    )


def test_the_database_is_asked_once_how_many_tickets_a_date_has(agent, ticket, django_assert_num_queries):
    chosen = TicketFilter(
        QueryDict("created_after=2026-03-01&created_before=2026-03-31"), Ticket.objects.all(), actor=agent
    )
    with django_assert_num_queries(2):
        list(chosen.in_order)


def test_the_database_is_not_asked_for_resolved_tickets_that_are_open(agent, django_assert_num_queries):
    TicketFactory(status="resolved", resolution_date=datetime(2026, 3, 1, tzinfo=UTC))
    query = "status=open&status=waiting&resolved_before=2026-03-31&sort=title"
    chosen = TicketFilter(QueryDict(query), Ticket.objects.all(), actor=agent)
    with django_assert_num_queries(0):
        assert (list(chosen.in_order), capped_count(chosen.to_count).value) == ([], 0)


def test_open_and_resolved_tickets_of_a_resolution_date_are_the_resolved_ones(agent):
    TicketFactory()
    done = TicketFactory(status="resolved", resolution_date=datetime(2026, 3, 1, tzinfo=UTC))
    query = "status=open&status=resolved&resolved_before=2026-03-31&sort=status"
    assert list(TicketFilter(QueryDict(query), Ticket.objects.all(), actor=agent).in_order) == [done]
