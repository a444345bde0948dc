"""A draft is sent while a late saving of it arrives: whichever comes first, what is sent is no draft."""

import pytest

from accounts.factories import UserFactory
from tickets import services
from tickets.drafts.models import Draft
from tickets.drafts.services import save_draft
from tickets.factories import TicketFactory
from tickets.models import Comment, Ticket
from tms_site.tests.test_concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 4


def failures(results):
    return [result for result in results if isinstance(result, Exception)]


def test_a_comment_is_sent_and_saved_at_once():
    agent, tickets = UserFactory(agent=True), [TicketFactory() for _each in range(ROUNDS)]
    calls = []
    for number, ticket in enumerate(tickets):
        here = {"actor": agent, "ticket_id": ticket.pk, "client_token": f"abc{number}"}
        calls.append(lambda here=here: services.add_comment(**here, description="Toner."))
        calls.append(lambda here=here: save_draft(**here, text="Toner"))
    assert failures(at_once(*calls)) == []
    assert Comment.objects.count() == ROUNDS
    assert not Draft.objects.exists()


def test_a_ticket_is_opened_and_saved_at_once():
    calls = []
    for _round in range(ROUNDS):
        here = {"actor": UserFactory(requester=True), "client_token": "abc"}
        calls.append(lambda here=here: services.create_ticket(**here, title="Toner", description="Gone."))
        calls.append(lambda here=here: save_draft(**here, ticket_id=None, text="Gone", title="Toner"))
    assert failures(at_once(*calls)) == []
    assert Ticket.objects.count() == ROUNDS
    assert not Draft.objects.exists()


def test_one_saves_the_same_draft_twice_at_once():
    agent, ticket = UserFactory(agent=True), TicketFactory()
    calls = [lambda text=text: save_draft(actor=agent, ticket_id=ticket.pk, text=text) for text in "abcd"]
    assert failures(at_once(*calls)) == []
    assert Draft.objects.count() == 1
