"""A list that no index serves: an ordinary page says how to narrow it."""

import pytest

from tickets.factories import TicketFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tms_site.tests.slow")]


@pytest.fixture
def page(client_for, agent, settings):
    """The page of an agent who asks for too much."""
    settings.LIST_TIME_LIMIT = 0.05
    TicketFactory(title="Kite")
    return client_for(agent).get("/slow/", {"status": "open", "sort": "title"})


def test_a_list_that_takes_too_long_says_so_and_how_to_narrow_it(page):
    assert page.status_code == 200
    content = page.content.decode()
    assert "This list takes too long" in content
    assert "Add a status, an agent or a requester" in content
    assert "Kite" not in content


def test_the_filters_and_the_order_of_a_slow_list_stay(page):
    listing = page.context["listing"]
    assert [chip.value for chip in listing.chips] == ["Open"]
    assert listing.chosen.sort == "title"
    assert 'value="open" checked' in page.content.decode()


def test_nobody_waits_for_the_count_of_a_slow_list(page):
    assert "many tickets" in page.content.decode()
    assert page.context["listing"].next_url == page.context["listing"].previous_url == ""
