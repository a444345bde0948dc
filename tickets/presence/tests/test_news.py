"""What happened while a page was open comes into it: the new events, and nothing twice."""

import pytest
from django.urls import reverse

from tickets import services
from tickets.factories import CommentFactory, TicketFactory

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
FROM_THE_START = "0.0.0"


@pytest.fixture
def ticket(requester):
    return TicketFactory(requester=requester)


def news(client, ticket, **parameters):
    response = client.get(reverse("tickets:news", args=[ticket.pk]), parameters, headers=HTMX)
    assert response.status_code == 200
    return response.content.decode()


def cursor(html):
    """Return the place of the last entry of a page, as the script finds it."""
    return html.rpartition('data-at="')[2].partition('"')[0]


def test_new_entries_are_appended_marked_and_announced(client_for, agent, requester, ticket):
    client = client_for(agent)
    CommentFactory(ticket=ticket, description="Before.")
    after = cursor(client.get(ticket.get_absolute_url()).content.decode())
    services.add_comment(actor=requester, ticket_id=ticket.pk, description="Afterwards.")
    html = news(client, ticket, after=after)
    assert 'hx-swap-oob="beforeend:#thread"' in html
    assert "Afterwards." in html
    assert html.count("is-new") >= 1
    assert "new entr" in html
    assert 'id="description"' not in html


def test_ones_own_entries_are_not_marked_as_new(client_for, agent, ticket):
    services.add_comment(actor=agent, ticket_id=ticket.pk, description="Mine.")
    html = news(client_for(agent), ticket, after=FROM_THE_START)
    assert "Mine." in html
    assert "is-new" not in html
    assert "new entr" not in html


def test_the_properties_come_along_only_when_the_page_asks_for_them(client_for, agent, ticket):
    client = client_for(agent)
    assert 'id="properties"' not in news(client, ticket, after=FROM_THE_START)
    assert 'id="properties"' in news(client, ticket, after=FROM_THE_START, properties="1")


def test_a_requester_gets_no_note_as_news(client_for, agent, requester, ticket):
    services.add_comment(actor=agent, ticket_id=ticket.pk, description="Between us.", is_internal=True)
    assert "Between us." not in news(client_for(requester), ticket, after=FROM_THE_START)
    assert "Between us." not in news(client_for(requester), ticket, after=FROM_THE_START, show="notes")
    assert "Between us." in news(client_for(agent), ticket, after=FROM_THE_START)


@pytest.mark.parametrize("after", ["", "x", "1.2.3"])
def test_a_page_that_names_no_place_gets_the_thread_anew(client_for, agent, ticket, after):
    html = news(client_for(agent), ticket, after=after)
    assert 'id="thread" hx-swap-oob="true"' in html
    assert 'id="description"' in html


def test_a_comment_that_was_sent_from_the_page_brings_only_what_is_new(client_for, agent, requester, ticket):
    CommentFactory(ticket=ticket, description="Before.", creation_date=ticket.creation_date.replace(year=2020))
    client = client_for(agent)
    after = cursor(client.get(ticket.get_absolute_url()).content.decode())
    sent = {"description": "Mine.", "client_token": "t" * 20, "after": after}
    html = client.post(reverse("tickets:comment_add", args=[ticket.pk]), sent, headers=HTMX).content.decode()
    assert 'hx-swap-oob="beforeend:#thread"' in html
    assert "Mine." in html
    assert 'id="description"' not in html


def test_without_htmx_one_is_led_to_the_ticket(client_for, agent, ticket):
    response = client_for(agent).get(reverse("tickets:news", args=[ticket.pk]))
    assert (response.status_code, response["Location"]) == (302, ticket.get_absolute_url())
