"""Opening a ticket."""

import pytest
from django.urls import reverse

from accounts.factories import UserFactory
from tickets import fields
from tickets.models import Ticket

NEW = reverse("tickets:create")
FIELDS = {"title": "No network", "description": "Since *today*.", "priority": "high"}


def test_a_requester_needs_three_fields(client_for, requester):
    page = client_for(requester).get(NEW)
    assert set(page.context["form"].fields) == {"client_token", "title", "description", "attachments", "priority"}


def test_the_ticket_belongs_to_whoever_opens_it(client_for, requester):
    response = client_for(requester).post(NEW, FIELDS)
    ticket = Ticket.objects.get()
    assert (response.status_code, response["Location"]) == (302, ticket.get_absolute_url())
    assert (ticket.title, ticket.description, ticket.priority) == ("No network", "Since *today*.", "high")
    assert (ticket.requester, ticket.created_by, ticket.status) == (requester, requester, "open")


def test_a_requester_is_told_the_number_and_what_happens_next(client_for, requester):
    page = client_for(requester).post(NEW, FIELDS, follow=True).content.decode()
    assert f"Your ticket is #{Ticket.objects.get().pk}" in page
    assert "answers and every step appear on this page" in page


@pytest.mark.parametrize("way", ["pk", "email"])
def test_the_desk_opens_tickets_on_behalf_of_others(client_for, agent, other_agent, requester, way):
    extra = {"requester": getattr(requester, way), "assigned_agent": other_agent.pk}
    page = client_for(agent).post(NEW, FIELDS | extra, follow=True).content.decode()
    ticket = Ticket.objects.get()
    assert (ticket.requester, ticket.created_by, ticket.assigned_agent) == (requester, agent, other_agent)
    assert "Jane Doe sees it too" in page


def test_the_desk_may_also_ask_for_itself(client_for, agent):
    client_for(agent).post(NEW, FIELDS | {"requester": "", "assigned_agent": ""})
    ticket = Ticket.objects.get()
    assert (ticket.requester, ticket.assigned_agent) == (agent, None)


def test_an_agent_who_asks_for_themself_is_only_told_the_number(client_for, agent):
    page = client_for(agent).post(NEW, FIELDS, follow=True).content.decode()
    assert f"Ticket #{Ticket.objects.get().pk} is open." in page
    assert "sees it too" not in page


def test_fields_that_are_not_a_requesters_business_do_nothing(client_for, requester, other_requester, agent):
    extra = {
        "requester": other_requester.pk,
        "assigned_agent": agent.pk,
        "status": "resolved",
        "version": "7",
        "id": "99",
        "is_staff": "1",
    }
    client_for(requester).post(NEW, FIELDS | extra)
    ticket = Ticket.objects.get()
    assert (ticket.requester, ticket.assigned_agent, ticket.status, ticket.version) == (requester, None, "open", 1)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("title", "", "Enter a title."),
        ("title", "  \t ", "Enter a title."),
        ("title", "\u200b", "Enter a title."),
        ("title", "x" * 256, "at most 255 characters"),
        ("title", "a\x00b", "Remove the control characters"),
        ("title", "a\u202eb", "hidden direction marks"),
        ("description", "", "Enter a description."),
        ("description", "x" * 100_001, "at most 100000 characters"),
        ("description", "a\x07b", "control characters"),
        ("priority", "", "Choose a priority."),
        ("priority", "mild", "Select a valid choice."),
        ("requester", "0", "Choose an active person"),
        ("requester", "9" * 30, "Choose an active person"),
        ("requester", "nobody@example.com", "Choose an active person"),
        ("requester", "a\x00@b", "Choose an active person"),
        ("assigned_agent", "x", "Choose an active agent."),
        ("client_token", "x" * 65, "out of date"),
        ("client_token", "<script>", "out of date"),
    ],
)
def test_mistakes_are_named_at_the_field_and_nothing_typed_is_lost(client_for, agent, field, value, words):
    response = client_for(agent).post(NEW, FIELDS | {field: value})
    page = response.content.decode()
    assert response.status_code == 422
    assert words in " ".join(response.context["form"].errors[field])
    assert "There is a problem" in page
    assert "<title>Error:" in page
    assert not Ticket.objects.exists()
    kept = "No network" if field != "title" else "Since *today*."
    assert kept in page


def test_the_longest_texts_and_emoji_are_welcome(client_for, requester):
    client_for(requester).post(NEW, FIELDS | {"title": "🖨" * 255, "description": "é" * 100_000})
    ticket = Ticket.objects.get()
    assert (ticket.title, len(ticket.description)) == ("🖨" * 255, 100_000)


@pytest.mark.parametrize("name", ["title[]", "title[0]"])
def test_arrays_where_a_text_belongs_are_not_taken_for_one(client_for, requester, name):
    response = client_for(requester).post(NEW, {name: "x", "description": "y", "priority": "low"})
    assert response.status_code == 422


def test_requesters_can_not_be_assigned(client_for, agent, requester):
    response = client_for(agent).post(NEW, FIELDS | {"assigned_agent": requester.pk})
    assert response.status_code == 422
    assert not Ticket.objects.exists()


def test_nobody_is_offered_who_has_been_deactivated(client_for, agent):
    UserFactory(username="Gone Girl", is_active=False)
    assert "Gone Girl" not in client_for(agent).get(NEW).content.decode()


def test_among_too_many_people_one_types_an_address(client_for, agent, requester, monkeypatch):
    monkeypatch.setattr(fields, "PEOPLE_LISTED", 1)
    page = client_for(agent).get(NEW).content.decode()
    assert 'inputmode="email"' in page
    assert "Jane Doe" not in page


def test_a_wrong_token_is_replaced_so_that_the_next_try_works(client_for, requester):
    client = client_for(requester)
    response = client.post(NEW, FIELDS | {"client_token": "?"})
    token = response.context["form"]["client_token"].value()
    assert client.post(NEW, FIELDS | {"client_token": token}).status_code == 302


@pytest.mark.parametrize("field", ["title", "description"])
def test_a_nul_is_told_once(client_for, requester, field):
    data = {"title": "Printer", "description": "Fire", "priority": "low"} | {field: "a\x00b"}
    errors = client_for(requester).post("/tickets/new/", data).context["form"].errors
    assert {name: len(messages) for name, messages in errors.items()} == {field: 1}
