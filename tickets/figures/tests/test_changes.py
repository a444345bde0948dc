"""Every change of a ticket changes the figures in its own transaction, and no sum."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import services as accounts
from tickets import services
from tickets.figures.models import FigureDelta, RollUp
from tickets.figures.tests.conftest import assert_exact
from tickets.models import Ticket
from tms_site.lib.errors import ServiceError

pytestmark = pytest.mark.django_db


def change(agent, ticket, **changes):
    services.update_ticket(actor=agent, ticket_id=ticket.pk, changes=changes)


def first_response(ticket):
    return Ticket.objects.get(pk=ticket.pk).first_response_at


def test_everything_that_happens_to_a_ticket_is_counted(open_ticket, agent, other_agent, sysadmin, requester):
    ticket = open_ticket(at=timezone.now() - timedelta(hours=1))
    assert_exact()
    change(agent, ticket, priority="urgent")
    assert_exact()
    change(agent, ticket, status="waiting")
    assert_exact()
    change(agent, ticket, assigned_agent=other_agent)
    assert_exact()
    services.assign_to_me(actor=agent, ticket_id=ticket.pk)
    assert_exact()
    services.add_comment(actor=agent, ticket_id=ticket.pk, description="Ink is on its way.")
    assert_exact()
    change(agent, ticket, status="resolved")
    assert_exact()
    ticket.refresh_from_db()
    change(agent, ticket, resolution_date=ticket.creation_date + timedelta(minutes=5))
    assert_exact()
    services.add_comment(actor=requester, ticket_id=ticket.pk, description="It's empty again.")
    assert Ticket.objects.get().status == "in_progress"
    assert_exact()
    services.unassign(actor=agent, ticket_id=ticket.pk)
    assert_exact()
    services.delete_ticket(actor=sysadmin, ticket_id=ticket.pk)
    assert_exact()
    assert not RollUp.objects.exists()


def test_a_change_of_words_adds_no_figure(open_ticket, agent):
    ticket = open_ticket()
    before = FigureDelta.objects.count()
    change(agent, ticket, title="Printer on fire", description="Smoke")
    assert FigureDelta.objects.count() == before


def test_a_refused_change_counts_for_nothing(open_ticket, agent):
    ticket = open_ticket()
    before = FigureDelta.objects.count()
    tomorrow = timezone.now() + timedelta(days=1)
    with pytest.raises(ServiceError):
        change(agent, ticket, status="resolved", resolution_date=tomorrow)
    assert FigureDelta.objects.count() == before


def test_tickets_that_an_agent_leaves_behind_count_for_nobody(open_ticket, agent, sysadmin):
    change(agent, open_ticket(), assigned_agent=agent)
    accounts.deactivate_user(actor=sysadmin, user=agent)
    assert_exact()


def test_the_first_response_is_the_first_reply_by_the_desk(open_ticket, agent, requester):
    ticket = open_ticket()
    services.add_comment(actor=requester, ticket_id=ticket.pk, description="Hello?")
    services.add_comment(actor=agent, ticket_id=ticket.pk, description="A liar.", is_internal=True)
    assert first_response(ticket) is None
    reply = services.add_comment(actor=agent, ticket_id=ticket.pk, description="Yes?").comment
    services.add_comment(actor=agent, ticket_id=ticket.pk, description="Still there?")
    assert first_response(ticket) == reply.creation_date
    assert_exact()


def test_an_agents_comment_on_their_own_ticket_is_no_response(open_ticket, agent):
    ticket = open_ticket(actor=agent)
    services.add_comment(actor=agent, ticket_id=ticket.pk, description="Note to self")
    assert first_response(ticket) is None
    assert_exact()


def test_a_note_that_is_published_is_a_response(open_ticket, agent):
    ticket = open_ticket()
    note = services.add_comment(actor=agent, ticket_id=ticket.pk, description="Ink", is_internal=True).comment
    services.publish_note(actor=agent, ticket_id=ticket.pk, comment_id=note.pk)
    assert first_response(ticket) == note.creation_date
    assert_exact()


def test_when_the_first_response_is_deleted_the_next_one_is_the_first(open_ticket, agent, sysadmin):
    ticket = open_ticket()
    first, second = (
        services.add_comment(actor=agent, ticket_id=ticket.pk, description=text).comment for text in ("One", "Two")
    )
    services.delete_comment(actor=sysadmin, ticket_id=ticket.pk, comment_id=first.pk)
    assert first_response(ticket) == second.creation_date
    assert_exact()
    services.delete_comment(actor=sysadmin, ticket_id=ticket.pk, comment_id=second.pk)
    assert first_response(ticket) is None
    assert_exact()


def test_deleting_another_comment_changes_nothing(open_ticket, agent, sysadmin):
    ticket = open_ticket()
    services.add_comment(actor=agent, ticket_id=ticket.pk, description="One")
    second = services.add_comment(actor=agent, ticket_id=ticket.pk, description="Two").comment
    before = first_response(ticket)
    services.delete_comment(actor=sysadmin, ticket_id=ticket.pk, comment_id=second.pk)
    assert first_response(ticket) == before
