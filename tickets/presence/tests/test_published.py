"""A note that a colleague makes public while one writes a reply is an answer: it stops the reply once."""

import pytest
from django.urls import reverse

from tickets import services
from tickets.factories import CommentFactory, TicketFactory
from tickets.models import Comment

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(requester):
    ticket = TicketFactory(requester=requester)
    CommentFactory(ticket=ticket)
    return ticket


@pytest.fixture
def note(ticket, other_agent):
    return note_on(ticket, other_agent)


def note_on(ticket, author, text="It's the fuser."):
    return services.add_comment(actor=author, ticket_id=ticket.pk, description=text, is_internal=True).comment


def publish(actor, note):
    services.publish_note(actor=actor, ticket_id=note.ticket_id, comment_id=note.pk)


def form_of(client, ticket):
    form = client.get(ticket.get_absolute_url()).context["comment_form"]
    return {name: form[name].value() for name in ("client_token", "seen")}


def send(client, ticket, form, **values):
    return client.post(reverse("tickets:comment_add", args=[ticket.pk]), form | {"description": "Mine."} | values)


def test_a_note_that_was_made_public_meanwhile_stops_a_reply_and_is_shown(client_for, agent, other_agent, ticket, note):
    client = client_for(agent)
    form = form_of(client, ticket)
    publish(other_agent, note)
    refused = send(client, ticket, form)
    assert refused.status_code == 409
    shown = refused.context["comment_form"]
    assert shown.answers == [note]
    assert not Comment.objects.filter(description="Mine.").exists()
    again = {name: shown[name].value() for name in ("client_token", "seen")}
    assert send(client, ticket, again).status_code == 302


def test_one_that_was_public_when_the_page_was_made_stops_nothing(client_for, agent, other_agent, ticket, note):
    publish(other_agent, note)
    client = client_for(agent)
    assert send(client, ticket, form_of(client, ticket)).status_code == 302


def test_what_was_only_edited_meanwhile_stops_nothing(client_for, agent, other_agent, ticket, note):
    client = client_for(agent)
    form = form_of(client, ticket)
    services.edit_comment(actor=other_agent, ticket_id=ticket.pk, comment_id=note.pk, description="The toner.")
    assert send(client, ticket, form).status_code == 302


def test_a_note_is_not_stopped_by_it(client_for, agent, other_agent, ticket, note):
    client = client_for(agent)
    form = form_of(client, ticket)
    publish(other_agent, note)
    assert send(client, ticket, form, kind="note").status_code == 302


def test_what_was_made_public_on_another_ticket_stops_nothing(client_for, agent, other_agent, ticket):
    elsewhere = note_on(TicketFactory(), other_agent)
    client = client_for(agent)
    form = form_of(client, ticket)
    publish(other_agent, elsewhere)
    assert send(client, ticket, form).status_code == 302


def test_a_page_of_before_that_names_no_change_is_sent_as_before(client_for, agent, other_agent, ticket, note):
    client = client_for(agent)
    form = form_of(client, ticket)
    publish(other_agent, note)
    seen = form["seen"].partition("-")[0]
    assert send(client, ticket, form | {"seen": seen}).status_code == 302


@pytest.mark.parametrize("seen", ["", "NaN", "{comment}", "{comment}.0"])
def test_what_pages_send_that_were_open_before_an_update_is_taken(client_for, agent, ticket, seen):
    client = client_for(agent)
    seen = seen.format(comment=ticket.comments.get().pk)
    assert send(client, ticket, form_of(client, ticket) | {"seen": seen}).status_code == 302


@pytest.mark.parametrize("seen", ["1-2", "1.2-", "1.2--3", f"1.2-{2**63}", "1.2-3-4", "1.2-x"])
def test_a_number_that_is_none_is_refused(client_for, agent, ticket, seen):
    client = client_for(agent)
    assert send(client, ticket, form_of(client, ticket) | {"seen": seen}).status_code == 422
