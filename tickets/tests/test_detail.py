"""A ticket's page."""

import re

import pytest
from django.urls import reverse

from accounts.factories import UserFactory
from activity.models import ActivityLog
from tickets import services
from tickets.factories import CommentFactory, TicketFactory

pytestmark = pytest.mark.django_db


def test_the_page_shows_the_ticket_and_its_conversation(client_for, requester, agent, ticket):
    CommentFactory(ticket=ticket, commented_by=agent, description="Have you tried **turning** it off?")
    page = client_for(requester).get(ticket.get_absolute_url()).content.decode()
    assert "The printer is out of ink" in page
    assert "It <em>blinks</em>." in page
    assert "<strong>turning</strong>" in page
    assert "John Smith" in page


def test_changes_stand_in_the_conversation(client_for, requester, agent, ticket):
    services.update_ticket(actor=agent, ticket_id=ticket.pk, changes={"status": "waiting"})
    page = client_for(requester).get(ticket.get_absolute_url()).content.decode()
    assert "Waiting" in page
    assert "John Smith" in page


@pytest.mark.parametrize("number", [0, 999_999, 2**63, 10**30])
def test_a_foreign_ticket_answers_like_one_that_does_not_exist(client_for, requester, foreign_ticket, number):
    client = client_for(requester)
    hidden = client.get(foreign_ticket.get_absolute_url())
    missing = client.get(reverse("tickets:detail", args=[number]))
    assert hidden.status_code == missing.status_code == 404
    assert foreign_ticket.title not in hidden.content.decode()


@pytest.mark.parametrize("path", ["/tickets/x/", "/tickets/-1/", f"/tickets/{'9' * 5000}/", "/tickets/1.5/"])
def test_what_is_no_number_is_no_ticket(client_for, requester, path):
    assert client_for(requester).get(path).status_code == 404


def test_a_requester_is_offered_no_more_than_they_may_do(client_for, requester, ticket):
    response = client_for(requester).get(ticket.get_absolute_url())
    page = response.content.decode()
    assert set(response.context["quick_form"].fields) == {"client_token", "version", "priority"}
    assert "Assign to me" not in page
    assert "Delete" not in page
    assert reverse("tickets:edit", args=[ticket.pk]) in page


def test_only_sysadmins_are_offered_to_delete(client_for, agent, sysadmin, ticket):
    address = reverse("tickets:delete", args=[ticket.pk])
    assert address not in client_for(agent).get(ticket.get_absolute_url()).content.decode()
    assert address in client_for(sysadmin).get(ticket.get_absolute_url()).content.decode()


def test_the_form_offers_only_the_statuses_that_come_next(client_for, agent, ticket):
    services.update_ticket(actor=agent, ticket_id=ticket.pk, changes={"status": "resolved"})
    form = client_for(agent).get(ticket.get_absolute_url()).context["quick_form"]
    assert [value for value, _label in form["status"].field.widget.choices] == ["open", "in_progress", "resolved"]


def test_looking_changes_nothing_and_is_logged_once(client_for, agent, ticket):
    client = client_for(agent)
    client.get(ticket.get_absolute_url())
    client.get(ticket.get_absolute_url())
    before = (ticket.version, ticket.updated_at)
    ticket.refresh_from_db()
    assert (ticket.version, ticket.updated_at) == before
    assert ActivityLog.objects.filter(activity_type="read", target_type="ticket", target_id=ticket.pk).count() == 1


def test_other_methods_are_refused(client_for, agent, ticket):
    client = client_for(agent)
    for method in (client.put, client.patch, client.delete):
        assert method(ticket.get_absolute_url()).status_code == 405
    for name in ("assign_me", "unassign", "comment_add"):
        assert client.get(reverse(f"tickets:{name}", args=[ticket.pk])).status_code == 405


def test_every_form_that_writes_carries_a_token_and_the_buttons_a_version(client_for, sysadmin):
    ticket = TicketFactory(assigned_agent=UserFactory(agent=True))
    client = client_for(sysadmin)
    for path in ("", "delete/", "edit/"):
        page = client.get(f"/tickets/{ticket.pk}/{path}").content.decode()
        forms = [form for form in re.findall(r"<form.*?</form>", page, re.DOTALL) if f"/tickets/{ticket.pk}/" in form]
        forms += re.findall(r'<form method="post".*?</form>', page, re.DOTALL)
        assert forms
        for form in forms:
            if "/logout/" not in form:
                assert 'name="client_token" value="' in form, form
            if "assign" in form.partition(">")[0]:
                assert f'name="version" value="{ticket.version}"' in form, form
