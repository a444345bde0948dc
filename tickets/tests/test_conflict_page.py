"""The page that settles conflicts: nobody overwrites a colleague, and nobody loses what they typed."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from tickets import services
from tickets.factories import CommentFactory
from tickets.models import Comment, Ticket

HTMX = {"HX-Request": "true", "HX-Target": "properties"}


def edit(ticket):
    return reverse("tickets:edit", args=[ticket.pk])


@pytest.fixture
def changed_by_agent(agent, ticket):
    services.update_ticket(
        actor=agent, ticket_id=ticket.pk, version=1, changes={"title": "Theirs", "description": "Their text"}
    )
    return ticket


def yours(**changes):
    fields = {"title": "Yours", "description": "It *blinks*.", "priority": "urgent", "version": 1}
    return fields | {"client_token": "token-1"} | changes


def form_of(response):
    """Return what the browser would send from the conflict page: hidden and shown fields."""
    form = next(field.form for field in response.context["hidden"])
    return {name: form[name].value() or "" for name in form.fields}


def test_the_page_shows_all_three_values_and_saves_nothing(client_for, requester, changed_by_agent):
    response = client_for(requester).post(edit(changed_by_agent), yours())
    page = response.content.decode()
    assert response.status_code == 409
    assert [(row.base, row.theirs, row.yours) for row in response.context["rows"]] == [
        ("The printer is out of ink", "Theirs", "Yours")
    ]
    for text in ("The printer is out of ink", "Theirs", "Yours", "Nothing is saved yet"):
        assert text in page
    assert "<title>Error:" in page
    assert Ticket.objects.get().version == 2
    assert Ticket.objects.get().priority == "medium"


def test_choosing_ones_own_saves_it_beside_ones_other_changes_and_the_colleagues(
    client_for, requester, changed_by_agent
):
    client = client_for(requester)
    sent = form_of(client.post(edit(changed_by_agent), yours()))
    response = client.post(edit(changed_by_agent), sent | {"choice_title": "yours"})
    saved = Ticket.objects.get()
    assert response.status_code == 302
    assert (saved.title, saved.description, saved.priority) == ("Yours", "Their text", "urgent")


def test_choosing_theirs_keeps_it_and_saves_ones_other_changes(client_for, requester, changed_by_agent):
    client = client_for(requester)
    sent = form_of(client.post(edit(changed_by_agent), yours()))
    client.post(edit(changed_by_agent), sent | {"choice_title": "theirs"})
    saved = Ticket.objects.get()
    assert (saved.title, saved.description, saved.priority) == ("Theirs", "Their text", "urgent")


def test_a_third_change_meanwhile_asks_again(client_for, requester, agent, changed_by_agent):
    client = client_for(requester)
    sent = form_of(client.post(edit(changed_by_agent), yours()))
    services.update_ticket(actor=agent, ticket_id=changed_by_agent.pk, changes={"title": "A third"})
    response = client.post(edit(changed_by_agent), sent | {"choice_title": "yours"})
    assert response.status_code == 409
    assert [row.theirs for row in response.context["rows"]] == ["A third"]
    assert Ticket.objects.get().title == "A third"


@pytest.mark.parametrize("version", [77, 2**31 - 1])
def test_a_version_that_never_was_is_a_conflict_without_a_base(client_for, requester, ticket, version):
    response = client_for(requester).post(edit(ticket), yours(version=version))
    assert response.status_code == 409
    assert "Not known any more" in response.content.decode()
    assert Ticket.objects.get().version == 1


@pytest.mark.parametrize("headers", [None, HTMX], ids=["page", "htmx"])
def test_the_quick_form_asks_too(client_for, agent, other_agent, ticket, headers):
    services.update_ticket(actor=other_agent, ticket_id=ticket.pk, changes={"priority": "low"})
    fields = {"version": 1, "priority": "urgent", "status": "waiting"}
    response = client_for(agent).post(ticket.get_absolute_url(), fields, headers=headers)
    page = response.content.decode()
    assert response.status_code == 409
    assert [(row.base, row.theirs, row.yours) for row in response.context["rows"]] == [("Medium", "Low", "Urgent")]
    assert ("<html" in page) is (headers is None)
    assert response.headers.get("HX-Retarget") == ("#content" if headers else None)


@pytest.mark.parametrize(("choice", "priority"), [("yours", "urgent"), ("theirs", "low")])
def test_a_conflict_of_the_quick_form_is_settled(client_for, agent, other_agent, ticket, choice, priority):
    services.update_ticket(actor=other_agent, ticket_id=ticket.pk, changes={"priority": "low"})
    client = client_for(agent)
    fields = {"version": 1, "priority": "urgent", "status": "waiting"}
    sent = form_of(client.post(ticket.get_absolute_url(), fields))
    client.post(ticket.get_absolute_url(), sent | {"choice_priority": choice})
    settled = Ticket.objects.get()
    assert (settled.priority, settled.status) == (priority, "waiting")


def test_people_dates_and_statuses_are_shown_in_words(client_for, agent, other_agent, ticket):
    services.update_ticket(actor=other_agent, ticket_id=ticket.pk, changes={"assigned_agent": other_agent})
    services.update_ticket(actor=other_agent, ticket_id=ticket.pk, changes={"status": "resolved"})
    fields = {"version": 1, "status": "waiting", "assigned_agent": agent.pk}
    response = client_for(agent).post(ticket.get_absolute_url(), fields)
    rows = {row.name: (row.base, row.theirs, row.yours) for row in response.context["rows"]}
    assert rows == {
        "status": ("Open", "Resolved", "Waiting"),
        "assigned_agent": ("Nobody", "Alex Johnson", "John Smith"),
    }


def test_two_resolution_dates_are_shown_in_the_visitors_zone(client_for, agent, other_agent, ticket):
    agent.time_zone = "Asia/Tokyo"
    agent.save()
    day = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    Ticket.objects.update(creation_date=day, status="resolved", resolution_date=day)
    services.update_ticket(
        actor=other_agent, ticket_id=ticket.pk, changes={"resolution_date": day + timedelta(hours=1)}
    )
    fields = {"version": 1, "resolution_date": "2026-03-02T00:30"}
    row = client_for(agent).post(ticket.get_absolute_url(), fields).context["rows"][0]
    assert (row.base, row.theirs, row.yours) == (
        "Sun 1 Mar 2026, 21:00 JST",
        "Sun 1 Mar 2026, 22:00 JST",
        "Mon 2 Mar 2026, 00:30 JST",
    )


def test_taking_a_ticket_that_a_colleague_took_meanwhile_asks_first(client_for, agent, other_agent, ticket):
    services.assign_to_me(actor=other_agent, ticket_id=ticket.pk)
    client = client_for(agent)
    response = client.post(reverse("tickets:assign_me", args=[ticket.pk]), {"version": 1})
    assert response.status_code == 409
    assert Ticket.objects.get().assigned_agent == other_agent
    client.post(response.context["action"], form_of(response) | {"choice_assigned_agent": "yours"})
    assert Ticket.objects.get().assigned_agent == agent


@pytest.mark.parametrize(("choice", "text"), [("yours", "Mine"), ("theirs", "Of the sysadmin")])
def test_two_edits_of_a_comment_are_settled_too(client_for, requester, sysadmin, ticket, choice, text):
    comment = CommentFactory(ticket=ticket, commented_by=requester)
    services.edit_comment(
        actor=sysadmin, ticket_id=ticket.pk, comment_id=comment.pk, version=1, description="Of the sysadmin"
    )
    address = reverse("tickets:comment_edit", args=[ticket.pk, comment.pk])
    client = client_for(requester)
    response = client.post(address, {"version": 1, "description": "Mine"})
    assert response.status_code == 409
    assert "Of the sysadmin" in response.content.decode()
    response = client.post(address, form_of(response) | {"choice_description": choice})
    assert response.status_code == 302
    assert Comment.objects.get().description == text


def test_what_others_wrote_is_shown_as_text(client_for, requester, agent, ticket):
    services.update_ticket(actor=agent, ticket_id=ticket.pk, changes={"title": "<script>alert(1)</script>"})
    page = client_for(requester).post(edit(ticket), yours(title="<b>Yours</b>")).content.decode()
    assert "<script>alert" not in page
    assert "<b>Yours" not in page
