"""Links on the pages: the card beside the conversation, the form, the timelines."""

import pytest
from django.urls import reverse

from tickets.factories import TicketFactory
from tickets.links.kinds import LinkKind, Relation
from tickets.links.models import TicketLink
from tickets.links.services import add_link

pytestmark = pytest.mark.django_db


def address(ticket):
    return reverse("tickets:link_add", args=[ticket.pk])


def page_of(client, ticket):
    return client.get(ticket.get_absolute_url()).content.decode()


@pytest.mark.parametrize("number", ["{}", "#{}", " #{} "])
def test_an_agent_links_by_number(client_for, agent, ticket, other, number):
    client = client_for(agent)
    response = client.post(address(ticket), {"relation": "blocks", "number": number.format(other.pk)}, follow=True)
    page = response.content.decode()
    assert response.redirect_chain == [(ticket.get_absolute_url(), 302)]
    assert f"Linked: #{ticket.pk} blocks #{other.pk}." in page
    assert f"#{other.pk} <bdi>A secret of Michael" in page
    assert "linked tickets" in page
    assert "is blocked by" in page_of(client, other)
    assert "linked tickets" in page_of(client, other)


@pytest.mark.parametrize("number", ["987654321", "0", "9" * 18])
def test_a_number_without_a_ticket_says_so_and_stays(client_for, agent, ticket, number):
    response = client_for(agent).post(address(ticket), {"relation": "blocks", "number": number})
    assert response.status_code == 422
    assert "There is no ticket with this number." in response.content.decode()
    assert f'value="{number}"' in response.content.decode()


@pytest.mark.parametrize("number", ["", "twelve", "-1", "9" * 19, "1.5", "\uff11\uff12"])
def test_what_is_no_number_is_refused(client_for, agent, ticket, number):
    response = client_for(agent).post(address(ticket), {"relation": "blocks", "number": number})
    assert response.status_code == 422
    assert not TicketLink.objects.exists()


def test_a_link_is_removed_by_its_button(client_for, agent, ticket, other):
    made = add_link(actor=agent, ticket_id=ticket.pk, relation=Relation(LinkKind.BLOCKS), other_id=other.pk).link
    client = client_for(agent)
    remove = reverse("tickets:link_remove", args=[ticket.pk, made.pk])
    assert remove in page_of(client, ticket)
    assert "The link is removed." in client.post(remove, follow=True).content.decode()
    assert client.post(remove).status_code == 404


def test_a_requester_learns_nothing_of_a_link_to_a_foreign_ticket(client_for, requester, agent, ticket, other):
    add_link(actor=agent, ticket_id=ticket.pk, relation=Relation(LinkKind.BLOCKS), other_id=other.pk)
    page = page_of(client_for(requester), ticket)
    assert "secret" not in page
    assert f"#{other.pk}" not in page
    assert "inked tickets" not in page
    assert client_for(requester).post(address(ticket), {"relation": "blocks", "number": "1"}).status_code == 403


@pytest.mark.parametrize("rows", [1, 3, 40])
def test_links_cost_two_queries_however_many_there_are(client_for, agent, ticket, rows, django_assert_num_queries):
    client = client_for(agent)
    page_of(client, ticket)
    with django_assert_num_queries(9):
        page_of(client, ticket)
    for each in TicketFactory.create_batch(rows):
        TicketLink.objects.create(source=ticket, target=each, kind=LinkKind.BLOCKS)
    # One reads them, one the tickets at their other ends.
    with django_assert_num_queries(11):
        page_of(client, ticket)
