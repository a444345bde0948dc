"""Replying and changing the status in one go, and what a requester's answer does to a waiting ticket."""

import pytest
from django.urls import reverse

from activity.models import ActivityLog
from tickets import policies, services
from tickets.enums import Status
from tickets.factories import TicketFactory
from tickets.models import Comment
from tickets.workflow import WorkflowError
from tms_site.lib.permissions import PermissionDeniedError

pytestmark = pytest.mark.django_db


def reply(actor, ticket, **more):
    return services.add_comment(actor=actor, ticket_id=ticket.pk, description="Hello", **more)


@pytest.mark.parametrize("status", [Status.WAITING, Status.RESOLVED, Status.IN_PROGRESS])
def test_a_reply_of_the_desk_takes_the_status_along(status, agent, ticket):
    result = reply(agent, ticket, status=status)
    ticket.refresh_from_db()
    assert ticket.status == result.status == status
    assert (ticket.resolution_date is not None) is (status == Status.RESOLVED)


def test_a_requester_sends_no_status_along(requester, ticket):
    with pytest.raises(PermissionDeniedError):
        reply(requester, ticket, status=Status.RESOLVED)
    assert not Comment.objects.exists()


def test_a_step_that_the_workflow_does_not_have_takes_the_reply_back(agent):
    resolved = TicketFactory(status=Status.RESOLVED, resolution_date="2026-01-01T00:00:00Z")
    with pytest.raises(WorkflowError):
        reply(agent, resolved, status=Status.WAITING)
    assert not Comment.objects.exists()


def test_a_reply_that_moves_writes_two_entries_in_order(agent, ticket):
    reply(agent, ticket, status=Status.WAITING)
    kinds = ActivityLog.objects.order_by("pk").values_list("activity_type", "target_type")
    assert list(kinds) == [("create", "comment"), ("update", "ticket")]


def test_the_same_reply_sent_twice_moves_once_and_says_the_same(client_for, agent, ticket):
    client = client_for(agent)
    path = reverse("tickets:comment_add", args=[ticket.pk])
    pages = [
        client.post(path, {"description": "Try it.", "status": "waiting", "client_token": "once"}, follow=True)
        for _time in range(2)
    ]
    ticket.refresh_from_db()
    assert (ticket.status, ticket.version, Comment.objects.count()) == (Status.WAITING, 2, 1)
    for page in pages:
        assert [str(message) for message in page.context["messages"]] == ["Sent. Status is now “Waiting”."]


def test_the_desk_is_offered_what_the_workflow_has(client_for, agent, requester, ticket):
    page = client_for(agent).get(ticket.get_absolute_url()).content.decode()
    assert "Send and set Waiting" in page
    assert "Send and set Resolved" in page
    assert "Send and set" not in client_for(requester).get(ticket.get_absolute_url()).content.decode()
    services.update_ticket(actor=agent, ticket_id=ticket.pk, changes={"status": Status.RESOLVED})
    assert "Send and set" not in client_for(agent).get(ticket.get_absolute_url()).content.decode()


@pytest.mark.parametrize(("assigned", "expected"), [(True, Status.IN_PROGRESS), (False, Status.OPEN)])
def test_an_answer_takes_a_waiting_ticket_up_again(assigned, expected, requester, agent):
    ticket = TicketFactory(requester=requester, status=Status.WAITING, assigned_agent=agent if assigned else None)
    assert reply(requester, ticket).status == expected
    ticket.refresh_from_db()
    assert ticket.status == expected


@pytest.mark.parametrize("status", [Status.OPEN, Status.IN_PROGRESS])
def test_a_comment_on_a_ticket_that_does_not_wait_leaves_its_status(status, requester):
    ticket = TicketFactory(requester=requester, status=status)
    assert reply(requester, ticket).status == ""
    ticket.refresh_from_db()
    assert ticket.status == status


def test_the_desks_own_words_do_not_end_the_waiting(agent):
    ticket = TicketFactory(status=Status.WAITING)
    reply(agent, ticket)
    ticket.refresh_from_db()
    assert ticket.status == Status.WAITING


def test_who_takes_a_waiting_ticket_up(requester, other_requester, agent):
    waiting = TicketFactory(requester=requester, status=Status.WAITING)
    assert policies.can_take_up_by_comment(requester, waiting)
    assert policies.TicketPermissions(requester, waiting).take_up_by_comment
    for nobody in (other_requester, agent):
        assert not policies.can_take_up_by_comment(nobody, waiting)
    assert not policies.can_take_up_by_comment(requester, TicketFactory(requester=requester))


def test_the_page_says_that_an_answer_is_waited_for(client_for, requester):
    ticket = TicketFactory(requester=requester, status=Status.WAITING)
    page = client_for(requester).get(ticket.get_absolute_url()).content.decode()
    assert "The helpdesk is waiting for your answer." in page
