"""Taking tickets and giving them away."""

import pytest
from django.urls import reverse

from tickets import services
from tickets.models import Ticket


def address(name, ticket):
    return reverse(f"tickets:{name}", args=[ticket.pk])


@pytest.mark.parametrize("persona", ["agent", "sysadmin"])
def test_the_desk_takes_a_ticket_and_gives_it_away(client_for, request, ticket, persona):
    person = request.getfixturevalue(persona)
    client = client_for(person)
    response = client.post(address("assign_me", ticket), {"version": 1}, follow=True)
    assert Ticket.objects.get().assigned_agent == person
    assert f"{person} works on this ticket now." in response.content.decode()
    response = client.post(address("unassign", ticket), {"version": 2}, follow=True)
    assert Ticket.objects.get().assigned_agent is None
    assert "Nobody works on this ticket now." in response.content.decode()


def test_without_a_version_the_click_is_meant_whatever_is_stored(client_for, agent, other_agent, ticket):
    services.assign_to_me(actor=other_agent, ticket_id=ticket.pk)
    client_for(agent).post(address("assign_me", ticket))
    assert Ticket.objects.get().assigned_agent == agent


@pytest.mark.parametrize("version", ["zero", "0", "9" * 30])
def test_a_version_that_is_none_is_refused_and_changes_nothing(client_for, agent, other_agent, ticket, version):
    services.assign_to_me(actor=other_agent, ticket_id=ticket.pk)
    response = client_for(agent).post(address("assign_me", ticket), {"version": version})
    assert response.status_code == 422
    assert "This form is out of date." in response.content.decode()
    assert Ticket.objects.get().assigned_agent == other_agent


def test_fields_that_the_button_does_not_have_neither_do_nor_prevent_anything(client_for, agent, other_agent, ticket):
    services.assign_to_me(actor=other_agent, ticket_id=ticket.pk)
    response = client_for(agent).post(address("assign_me", ticket), {"version": 1, "status": "bogus"})
    assert response.status_code == 409
    assert Ticket.objects.get().assigned_agent == other_agent


def test_a_second_click_changes_nothing_more(client_for, agent, ticket):
    client = client_for(agent)
    client.post(address("assign_me", ticket), {"version": 1})
    client.post(address("assign_me", ticket), {"version": 1})
    assert Ticket.objects.get().version == 2


def test_htmx_gets_the_changed_parts(client_for, agent, ticket):
    response = client_for(agent).post(address("assign_me", ticket), {"version": 1}, headers={"HX-Request": "true"})
    assert 'id="properties"' in response.content.decode()
    assert response["HX-Trigger"] == "tms:changed"


@pytest.mark.parametrize("name", ["assign_me", "unassign"])
def test_a_requester_is_told_why_not(client_for, requester, agent, ticket, name):
    services.assign_to_me(actor=agent, ticket_id=ticket.pk)
    response = client_for(requester).post(address(name, ticket))
    assert response.status_code == 403
    assert "Only helpdesk agents can do that." in response.content.decode()
    assert Ticket.objects.get().assigned_agent == agent


@pytest.mark.parametrize("name", ["assign_me", "unassign"])
def test_a_foreign_ticket_is_not_there(client_for, requester, foreign_ticket, name):
    assert client_for(requester).post(address(name, foreign_ticket)).status_code == 404
