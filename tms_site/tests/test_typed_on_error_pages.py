"""What was typed into a form that no page can show any more stands on the page that says so."""

import pytest
from django.urls import reverse

from tickets import services
from tickets.factories import TicketFactory
from tickets.merging.services import merge_tickets
from tickets.replies.services import create_reply, delete_reply

pytestmark = pytest.mark.django_db
TYPED = {"title": "Toner & drum", "description": "It <b>blinks</b>.", "priority": "low", "version": "1"}
SHOWN = ("What you typed", ">Toner &amp; drum</textarea>", ">It &lt;b&gt;blinks&lt;/b&gt;.</textarea>")


@pytest.fixture
def ticket(requester):
    return TicketFactory(requester=requester)


def test_the_text_for_a_ticket_that_was_deleted_meanwhile_can_be_copied(client_for, agent, sysadmin, ticket):
    edit, comment = (reverse(f"tickets:{name}", args=[ticket.pk]) for name in ("edit", "comment_add"))
    services.delete_ticket(actor=sysadmin, ticket_id=ticket.pk)
    page = client_for(agent).post(edit, TYPED)
    assert page.status_code == 404
    assert all(words in page.content.decode() for words in SHOWN)
    page = client_for(agent).post(comment, {"description": "Here is ink."})
    assert page.status_code == 404
    assert ">Here is ink.</textarea>" in page.content.decode()


def test_the_text_for_a_ticket_that_was_merged_meanwhile_can_be_copied(client_for, agent, requester, ticket):
    merge_tickets(actor=agent, target_id=TicketFactory(requester=requester).pk, source_ids=[ticket.pk])
    page = client_for(agent).post(reverse("tickets:edit", args=[ticket.pk]), TYPED)
    assert page.status_code == 403
    assert all(words in page.content.decode() for words in SHOWN)


def test_the_text_of_a_canned_reply_that_was_deleted_meanwhile_can_be_copied(client_for, agent):
    reply = create_reply(actor=agent, values={"name": "Thanks", "body": "Thank you."})
    address = reverse("tickets:reply_edit", args=[reply.pk])
    delete_reply(actor=agent, reply_id=reply.pk)
    page = client_for(agent).post(address, {"name": "Thanks", "body": "Many thanks.", "version": "1"})
    assert page.status_code == 404
    assert ">Many thanks.</textarea>" in page.content.decode()


def test_nothing_is_shown_that_may_come_from_elsewhere(client_for, agent, ticket):
    client = client_for(agent, enforce_csrf_checks=True)
    for address in ("/nowhere/", reverse("tickets:edit", args=[ticket.pk + 1])):
        assert "Toner" not in client.post(address, TYPED).content.decode()
    page = client_for(agent).get(reverse("tickets:edit", args=[ticket.pk + 1]), TYPED)
    assert "What you typed" not in page.content.decode()
