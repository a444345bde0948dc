"""A full-text search that the server gives up is a question that was too broad, wherever it was asked."""

import pytest
from django.db import InternalError, connection
from django.urls import reverse

from tickets import services
from tickets.factories import TicketFactory
from tickets.models import SearchDocument
from tms_site.tests.api.client import api
from tms_site.tests.slow import FULLTEXT_GIVEN_UP, failing

pytestmark = pytest.mark.django_db

LIST = reverse("tickets:list")


@pytest.fixture
def given_up():
    """Let each search for tickets end as one of frequent words does among a million."""
    table = connection.ops.quote_name(SearchDocument._meta.db_table)
    with failing(f"JOIN {table}", InternalError(*FULLTEXT_GIVEN_UP)):
        yield


@pytest.mark.parametrize("sort", ["match", "creation_date"])
def test_a_list_says_how_to_narrow_it(client_for, agent, given_up, sort):
    response = client_for(agent).get(LIST, {"q": '"to the"', "sort": sort})
    assert response.context["listing"].too_slow
    assert "This list takes too long" in response.content.decode()


@pytest.mark.parametrize("address", ["tickets:palette", "tickets:similar"])
def test_suggestions_are_left_out(client_for, agent, given_up, address):
    words = {"q": "system login", "title": "system login"}
    assert client_for(agent).get(reverse(address), words).status_code == 200


def test_one_shared_view_that_asks_too_much_spoils_no_other_count(client_for, agent, other_agent, given_up):
    TicketFactory(status="open")
    view = services.create_view(actor=other_agent, name="Broad", parameters="q=system+login", is_shared=True)
    counts = dict(client_for(agent).get(reverse("tickets:counts")).context["counts"])
    assert str(counts[view.slug]) == "many"
    assert str(counts["open"]) == "1"


def test_a_file_says_how_to_narrow_it(client_for, agent, given_up):
    response = client_for(agent).get(reverse("tickets:export"), {"q": "system"})
    assert response["Content-Type"].startswith("text/html")
    assert "There are too many tickets to look through for this combination." in response.content.decode()


def test_what_works_on_the_whole_list_leads_back_to_it_and_says_why(client_for, agent, given_up):
    asked = {"action": "priority", "all": "1", "query": "q=system"}
    response = client_for(agent).get(reverse("tickets:bulk"), asked, follow=True)
    assert response.redirect_chain == [(f"{LIST}?q=system", 302)]
    assert "There are too many tickets to look through. Add a filter." in response.content.decode()


def test_the_api_says_that_it_is_too_much(agent, given_up):
    response = api(agent).get("/tickets?q=system")
    assert (response.status_code, response.json()["type"]) == (503, "urn:tms:problem:too-slow")
