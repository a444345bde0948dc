"""Lists between dates."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tickets.factories import TicketFactory

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
