"""The quick form beside a ticket: single properties, changed in place."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tickets import services
from tickets.models import Ticket

HTMX = {"HX-Request": "true", "HX-Target": "properties"}


def change(client, ticket, headers=None, **fields):
    return client.post(ticket.get_absolute_url(), fields, headers=headers)


@pytest.mark.parametrize(
    ("field", "value"),
    [("status", "waiting"), ("priority", "urgent")],
)
def test_a_field_alone_changes_only_itself(client_for, agent, ticket, field, value):
    before = Ticket.objects.values().get()
    response = change(client_for(agent), ticket, version=1, **{field: value})
    after = Ticket.objects.values().get()
    assert (response.status_code, response["Location"]) == (302, ticket.get_absolute_url())
    assert after[field] == value
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {field, f"{field}_rank", "version", "updated_at"}


def test_a_ticket_is_assigned_and_unassigned(client_for, agent, other_agent, ticket):
    client = client_for(agent)
    change(client, ticket, assigned_agent=other_agent.pk)
    assert Ticket.objects.get().assigned_agent == other_agent
    change(client, ticket, assigned_agent="")
    assert Ticket.objects.get().assigned_agent is None


def test_resolving_sets_the_date_and_reopening_clears_it(client_for, agent, ticket):
    client = client_for(agent)
    change(client, ticket, status="resolved", resolution_date="")
    resolved = Ticket.objects.get()
    assert abs(resolved.resolution_date - timezone.now()) < timedelta(minutes=1)
    change(client, ticket, status="open")
    assert Ticket.objects.get().resolution_date is None


def test_a_blank_date_means_none_given_and_so_conflicts_with_nobodys(client_for, agent, other_agent, ticket):
    Ticket.objects.update(creation_date=timezone.now() - timedelta(days=3))
    services.update_ticket(actor=agent, ticket_id=ticket.pk, changes={"status": "resolved"})
    yesterday = timezone.now() - timedelta(days=1)
    services.update_ticket(actor=other_agent, ticket_id=ticket.pk, changes={"resolution_date": yesterday})
    response = change(client_for(agent), ticket, version=2, priority="low", resolution_date="")
    assert response.status_code == 302
    assert (Ticket.objects.get().resolution_date, Ticket.objects.get().priority) == (yesterday, "low")


def test_a_resolution_date_is_read_in_the_visitors_zone(client_for, agent, ticket):
    agent.time_zone = "Asia/Tokyo"
    agent.save()
    Ticket.objects.update(creation_date=timezone.now() - timedelta(days=3))
    moment = (timezone.now() - timedelta(days=1)).replace(second=0, microsecond=0)
    local = (moment + timedelta(hours=9)).strftime("%Y-%m-%dT%H:%M")
    client = client_for(agent)
    change(client, ticket, status="resolved", resolution_date=local)
    assert Ticket.objects.get().resolution_date == moment
    assert f'value="{local}"' in client.get(ticket.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"status": "closed"}, "status", "Select a valid choice."),
        ({"status": ""}, "status", "Choose a status."),
        ({"priority": "0"}, "priority", "Select a valid choice."),
        ({"assigned_agent": "99999999"}, "assigned_agent", "Choose an active agent."),
        ({"assigned_agent": "x" * 10_000}, "assigned_agent", "Choose an active agent."),
        ({"resolution_date": "2020-01-01T00:00"}, "resolution_date", "Only a resolved ticket has a resolution date."),
        ({"resolution_date": "soon"}, "resolution_date", "Enter a date and a time."),
        (
            {"status": "resolved", "resolution_date": "2000-01-01T00:00"},
            "resolution_date",
            "can&#x27;t be resolved before it was created",
        ),
        ({"status": "resolved", "resolution_date": "9999-12-31T23:59"}, "resolution_date", "be in the future"),
        ({"status": "resolved", "resolution_date": "0001-01-01T00:00"}, "resolution_date", "before it was created"),
        ({"version": "one", "priority": "low"}, "version", "out of date"),
        ({"version": "99999999999999", "priority": "low"}, "version", "out of date"),
        ({"version": "0", "priority": "low"}, "version", "out of date"),
    ],
)
@pytest.mark.parametrize("headers", [None, HTMX], ids=["page", "htmx"])
def test_what_can_not_be_is_refused_with_its_reason(client_for, agent, ticket, fields, field, words, headers):
    response = change(client_for(agent), ticket, headers=headers, **fields)
    assert response.status_code == 422
    assert field in response.context["quick_form"].errors
    assert words in response.content.decode()
    assert Ticket.objects.get().version == 1


def test_the_workflow_is_not_left(client_for, agent, ticket):
    services.update_ticket(actor=agent, ticket_id=ticket.pk, changes={"status": "resolved"})
    response = change(client_for(agent), ticket, status="waiting")
    assert response.status_code == 422
    assert "go from “Resolved” to “Waiting”" in response.content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [("status", "resolved"), ("status", "open"), ("assigned_agent", ""), ("resolution_date", "2026-01-01T00:00")],
)
def test_a_requester_is_refused_with_the_reason(client_for, requester, ticket, field, value):
    response = change(client_for(requester), ticket, **{field: value, "priority": "urgent"})
    assert response.status_code == 403
    assert "Only helpdesk agents can do that." in response.content.decode()
    assert Ticket.objects.get().priority == "medium"


def test_a_requester_changes_the_priority_of_their_own_ticket(client_for, requester, ticket):
    change(client_for(requester), ticket, priority="urgent")
    assert Ticket.objects.get().priority == "urgent"


def test_a_foreign_ticket_can_not_even_be_guessed_at(client_for, requester, foreign_ticket):
    response = change(client_for(requester), foreign_ticket, status="resolved")
    assert response.status_code == 404


def test_unknown_fields_do_nothing(client_for, agent, ticket, other_requester):
    fields = {"title": "x", "requester": other_requester.pk, "creation_date": "2000-01-01", "id": 5, "role": "sysadmin"}
    response = change(client_for(agent), ticket, **fields)
    assert response.status_code == 302
    assert Ticket.objects.values().get() == {**Ticket.objects.values().get(), "title": ticket.title, "version": 1}


def test_htmx_gets_the_changed_parts_of_the_page(client_for, agent, ticket):
    response = change(client_for(agent), ticket, headers=HTMX, status="waiting", version=1)
    page = response.content.decode()
    assert response.status_code == 200
    assert "<html" not in page
    for part in ('id="properties"', 'id="ticket-head" hx-swap-oob="true"', 'id="thread" hx-swap-oob="true"'):
        assert part in page
    assert "Status is now “Waiting”." in page
    assert response["HX-Trigger"] == "tms:changed"
    assert '<input type="hidden" name="version" value="2"' in page


def test_changes_of_different_fields_are_merged_and_that_is_said(client_for, agent, other_agent, ticket):
    services.update_ticket(actor=other_agent, ticket_id=ticket.pk, changes={"status": "waiting"})
    response = client_for(agent).post(
        ticket.get_absolute_url(), {"version": 1, "status": "open", "priority": "urgent"}, follow=True
    )
    merged = Ticket.objects.get()
    assert (merged.status, merged.priority, merged.version) == ("waiting", "urgent", 3)
    assert "Somebody else changed this ticket meanwhile" in response.content.decode()


def test_a_form_sent_again_says_the_same(client_for, agent, ticket):
    client = client_for(agent)
    fields = {"version": 1, "status": "resolved", "client_token": "one"}
    first = client.post(ticket.get_absolute_url(), fields, follow=True)
    second = client.post(ticket.get_absolute_url(), fields, follow=True)
    said = [[str(message) for message in response.context["messages"]] for response in (first, second)]
    assert said == [["Status is now “Resolved”."]] * 2
    assert Ticket.objects.get().version == 2


def test_nothing_changed_is_said_too(client_for, agent, ticket):
    response = client_for(agent).post(ticket.get_absolute_url(), {"version": 1, "status": "open"}, follow=True)
    assert "Nothing was changed" in response.content.decode()


def test_what_was_not_sent_stays_in_a_form_that_is_shown_again(client_for, agent, other_agent, ticket):
    Ticket.objects.update(assigned_agent=other_agent)
    form = change(client_for(agent), ticket, status="closed").context["quick_form"]
    assert form["priority"].value() == "medium"
    assert form["assigned_agent"].value() == str(other_agent.pk)


def test_an_agent_who_has_left_may_stay_on_their_resolved_ticket(client_for, agent, other_agent, ticket):
    services.update_ticket(
        actor=agent, ticket_id=ticket.pk, changes={"status": "resolved", "assigned_agent": other_agent}
    )
    other_agent.is_active = False
    other_agent.save()
    client = client_for(agent)
    assert other_agent.username in client.get(ticket.get_absolute_url()).content.decode()
    fields = {"version": 2, "priority": "low", "assigned_agent": other_agent.pk, "status": "resolved"}
    assert change(client, ticket, **fields).status_code == 302
    assert Ticket.objects.get().assigned_agent == other_agent


def test_a_date_in_the_hour_that_the_clock_has_twice_comes_back_unharmed(client_for, agent, ticket):
    agent.time_zone = "Europe/Berlin"
    agent.save()
    twice = timezone.datetime.fromisoformat("2025-10-26T00:30:00+00:00")
    Ticket.objects.update(creation_date=twice - timedelta(days=1), status="resolved", resolution_date=twice)
    fields = {"version": 1, "priority": "low", "status": "resolved", "resolution_date": "2025-10-26T02:30"}
    assert change(client_for(agent), ticket, **fields).status_code == 302
    assert (Ticket.objects.get().priority, Ticket.objects.get().resolution_date) == ("low", twice)
