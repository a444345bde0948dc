"""The policies, both sides of each, and their agreement with the QuerySets."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.actors import SYSTEM
from tickets import policies
from tickets.enums import Status
from tickets.factories import CommentFactory, TicketFactory
from tickets.models import Comment, Ticket

pytestmark = pytest.mark.django_db

PERSONAS = ["requester", "other_requester", "agent", "other_agent", "sysadmin"]
DESK = {"agent", "other_agent", "sysadmin"}
OWNERS = {"requester"} | DESK

TICKET_POLICIES = {
    "can_view": OWNERS,
    "can_edit": OWNERS,
    "can_comment": OWNERS,
    "can_change_status": DESK,
    "can_assign": DESK,
    "can_set_resolution_date": DESK,
    "can_delete": {"sysadmin"},
}


@pytest.fixture
def ticket(requester, agent):
    return TicketFactory(requester=requester, assigned_agent=agent)


@pytest.mark.parametrize("persona", PERSONAS)
@pytest.mark.parametrize("policy", TICKET_POLICIES)
def test_each_persona_may_do_to_a_ticket_what_the_table_says(policy, persona, ticket, request):
    actor = request.getfixturevalue(persona)
    decision = getattr(policies, policy)(actor, ticket)
    assert bool(decision) is (persona in TICKET_POLICIES[policy])
    assert decision or str(decision.reason)


@pytest.mark.parametrize("policy", [*TICKET_POLICIES, "can_reopen_by_comment"])
@pytest.mark.parametrize("persona", PERSONAS)
def test_a_deactivated_account_may_do_nothing(policy, persona, ticket, request):
    actor = request.getfixturevalue(persona)
    actor.is_active = False
    assert not getattr(policies, policy)(actor, ticket)


@pytest.mark.parametrize("policy", ["can_view", "can_edit", "can_assign", "can_delete", "can_comment"])
def test_the_system_may_do_what_a_sysadmin_may(policy, ticket):
    assert getattr(policies, policy)(SYSTEM, ticket)


@pytest.mark.parametrize("persona", PERSONAS)
def test_everybody_opens_tickets_and_only_the_desk_on_behalf_of_others(persona, request):
    actor = request.getfixturevalue(persona)
    assert policies.can_create(actor)
    assert bool(policies.can_create_for_others(actor)) is (persona in DESK)
    assert bool(policies.can_list_assigned(actor)) is (persona in DESK)


def test_a_deactivated_account_opens_no_tickets(requester, agent):
    requester.is_active = agent.is_active = False
    assert not policies.can_create(requester)
    assert not policies.can_create_for_others(agent)


@pytest.mark.parametrize(("days_ago", "allowed"), [(13, True), (15, False)])
def test_a_requester_reopens_by_commenting_within_two_weeks(days_ago, allowed, requester):
    ticket = TicketFactory(
        requester=requester, status=Status.RESOLVED, resolution_date=timezone.now() - timedelta(days=days_ago)
    )
    assert bool(policies.can_reopen_by_comment(requester, ticket)) is allowed


def test_reopening_by_comment_is_for_resolved_tickets_of_ones_own_only(requester, other_requester, agent):
    resolved = TicketFactory(requester=requester, status=Status.RESOLVED, resolution_date=timezone.now())
    assert not policies.can_reopen_by_comment(other_requester, resolved)
    assert not policies.can_reopen_by_comment(agent, resolved)
    assert not policies.can_reopen_by_comment(requester, TicketFactory(requester=requester))


@pytest.mark.parametrize(
    ("persona", "own", "foreign"),
    [("requester", True, False), ("agent", True, False), ("sysadmin", True, True)],
)
def test_people_edit_their_own_comments_and_sysadmins_all(persona, own, foreign, request, ticket, other_agent):
    actor = request.getfixturevalue(persona)
    assert bool(policies.can_edit_comment(actor, CommentFactory(ticket=ticket, commented_by=actor))) is own
    assert bool(policies.can_edit_comment(actor, CommentFactory(ticket=ticket, commented_by=other_agent))) is foreign


def test_a_requester_edits_no_comment_of_theirs_on_a_ticket_that_is_no_longer_theirs(requester, other_requester):
    comment = CommentFactory(ticket=TicketFactory(requester=other_requester), commented_by=requester)
    assert not policies.can_edit_comment(requester, comment)


@pytest.mark.parametrize("persona", PERSONAS)
def test_only_sysadmins_delete_comments(persona, request, ticket):
    actor = request.getfixturevalue(persona)
    comment = CommentFactory(ticket=ticket, commented_by=actor)
    assert bool(policies.can_delete_comment(actor, comment)) is (persona == "sysadmin")


@pytest.mark.parametrize("active", [True, False])
@pytest.mark.parametrize("persona", PERSONAS)
def test_what_the_lists_show_is_what_the_policies_let_see(persona, active, request, requester, other_requester, agent):
    for owner in (requester, other_requester, agent):
        for status in Status:
            ticket = TicketFactory(requester=owner, status=status, assigned_agent=agent)
            CommentFactory(ticket=ticket, commented_by=agent)
    actor = request.getfixturevalue(persona)
    actor.is_active = active
    seen = set(Ticket.objects.visible_to(actor))
    assert {ticket for ticket in Ticket.objects.all() if policies.can_view(actor, ticket)} == seen
    assert {comment.ticket for comment in Comment.objects.visible_to(actor)} == seen


def test_templates_get_the_same_answers(requester, agent, ticket):
    for actor in (requester, agent):
        can = policies.TicketPermissions(actor, ticket)
        assert can.edit == policies.can_edit(actor, ticket)
        assert can.change_status == policies.can_change_status(actor, ticket)
        assert can.assign == policies.can_assign(actor, ticket)
        assert can.delete == policies.can_delete(actor, ticket)
        assert can.comment == policies.can_comment(actor, ticket)
        assert bool(can.reopen_by_comment) is False


@pytest.mark.parametrize("persona", PERSONAS)
def test_the_desk_reopens_every_resolved_ticket_and_requesters_their_own(persona, request, requester):
    ticket = TicketFactory(requester=requester, status=Status.RESOLVED, resolution_date=timezone.now())
    assert bool(policies.can_reopen(request.getfixturevalue(persona), ticket)) is (persona in OWNERS)
