"""Changing title, description and priority."""

import pytest
from django.urls import reverse

from tickets import services
from tickets.models import Ticket


def address(ticket):
    return reverse("tickets:edit", args=[ticket.pk])


def fields(ticket, **changes):
    texts = {"title": ticket.title, "description": ticket.description, "priority": ticket.priority}
    return texts | {"version": ticket.version} | changes


@pytest.mark.parametrize("persona", ["requester", "agent", "sysadmin"])
def test_the_requester_and_the_desk_change_a_ticket(client_for, request, ticket, persona):
    client = client_for(request.getfixturevalue(persona))
    response = client.post(address(ticket), fields(ticket, title="Ink, please", priority="low"))
    changed = Ticket.objects.get()
    assert (response.status_code, response["Location"]) == (302, ticket.get_absolute_url())
    assert (changed.title, changed.priority, changed.version) == ("Ink, please", "low", 2)


def test_the_form_shows_the_present_values_and_their_version(client_for, requester, ticket):
    page = client_for(requester).get(address(ticket)).content.decode()
    assert 'value="The printer is out of ink"' in page
    assert "It *blinks*." in page
    assert '<input type="hidden" name="version" value="1"' in page


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_foreign_ticket_is_not_there(client_for, requester, foreign_ticket, method):
    response = getattr(client_for(requester), method)(address(foreign_ticket), fields(foreign_ticket, title="Mine"))
    assert response.status_code == 404
    assert Ticket.objects.get().title == "A secret of Michael"


@pytest.mark.parametrize(
    ("field", "value"),
    [("title", ""), ("title", "x" * 256), ("description", " "), ("priority", "mild"), ("version", "x")],
)
def test_mistakes_change_nothing_and_lose_nothing(client_for, requester, ticket, field, value):
    response = client_for(requester).post(address(ticket), fields(ticket, description="New text") | {field: value})
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert Ticket.objects.get().version == 1
    if field != "description":
        assert "New text" in response.content.decode()


def test_other_fields_than_the_forms_do_nothing(client_for, requester, ticket, agent):
    extra = {"status": "resolved", "assigned_agent": agent.pk, "requester": agent.pk}
    client_for(requester).post(address(ticket), fields(ticket, title="New", **extra))
    changed = Ticket.objects.get()
    assert (changed.title, changed.status, changed.assigned_agent, changed.requester_id) == (
        "New",
        "open",
        None,
        ticket.requester_id,
    )


def test_a_colleagues_other_changes_are_kept_and_that_is_said(client_for, requester, agent, ticket):
    services.update_ticket(actor=agent, ticket_id=ticket.pk, changes={"priority": "urgent"})
    page = client_for(requester).post(address(ticket), fields(ticket, title="New"), follow=True).content.decode()
    merged = Ticket.objects.get()
    assert (merged.title, merged.priority) == ("New", "urgent")
    assert "Somebody else changed this ticket meanwhile" in page


def test_the_same_form_sent_twice_says_the_same(client_for, requester, ticket):
    client = client_for(requester)
    said = []
    for _time in range(2):
        response = client.post(address(ticket), fields(ticket, title="New"), follow=True)
        said.append([str(message) for message in response.context["messages"]])
    assert said == [["Your changes are saved."]] * 2
    assert Ticket.objects.get().version == 2


def test_a_ticket_deleted_meanwhile_is_not_there(client_for, requester, sysadmin, ticket):
    services.delete_ticket(actor=sysadmin, ticket_id=ticket.pk)
    assert client_for(requester).post(address(ticket), fields(ticket)).status_code == 404
