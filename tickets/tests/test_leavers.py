"""What becomes of tickets when people go."""

import pytest
from allauth.account.models import EmailAddress

from accounts import services
from accounts.enums import Role
from accounts.models import User
from activity.models import ActivityLog
from tickets.enums import UNRESOLVED, Status
from tickets.factories import TicketFactory
from tickets.models import Ticket
from tickets.services import add_comment, update_ticket

pytestmark = pytest.mark.django_db

LEAVING = {"deactivated": {"is_active": False}, "demoted": {"role": Role.REQUESTER}}


@pytest.fixture(params=LEAVING)
def resolved_by_a_leaver(request, sysadmin, agent, requester):
    """Jane's ticket, resolved by an agent who has left the desk since."""
    ticket = TicketFactory(requester=requester, assigned_agent=agent, status=Status.IN_PROGRESS)
    update_ticket(actor=agent, ticket_id=ticket.pk, changes={"status": Status.RESOLVED})
    services.change_user(actor=sysadmin, user=agent, changes=LEAVING[request.param])
    return ticket


def unassigned():
    return list(Ticket.objects.unassigned().unresolved().values_list("pk", "status"))


def test_the_tickets_of_a_demoted_agent_become_unassigned(sysadmin, agent):
    ticket = TicketFactory(assigned_agent=agent)
    services.change_user(actor=sysadmin, user=agent, changes={"role": Role.REQUESTER})
    ticket.refresh_from_db()
    assert ticket.assigned_agent is None


def test_a_user_with_tickets_is_not_deleted(sysadmin, requester):
    TicketFactory(requester=requester)
    with pytest.raises(services.UserHasHistory, match="Deactivate or anonymise"):
        services.delete_user(actor=sysadmin, user=requester)
    assert User.objects.filter(pk=requester.pk).exists()
    assert EmailAddress.objects.filter(user_id=requester.pk).exists()


def test_the_tickets_of_a_deleted_agent_stay(sysadmin, agent):
    ticket = TicketFactory(assigned_agent=agent)
    services.delete_user(actor=sysadmin, user=agent)
    ticket.refresh_from_db()
    assert ticket.assigned_agent is None


def test_the_ticket_of_somebody_who_cannot_log_in_says_so(client_for, sysadmin, agent, requester):
    ticket = TicketFactory(requester=requester)
    page = client_for(agent).get(ticket.get_absolute_url()).content.decode()
    assert "<bdi>Jane Doe</bdi> will read this." in page
    assert "Deactivated" not in page
    services.deactivate_user(actor=sysadmin, user=requester)
    page = client_for(agent).get(ticket.get_absolute_url()).content.decode()
    assert "will read this" not in page
    assert "<bdi>Jane Doe</bdi> can't log in any more and won't read this: TMS sends no mail about tickets." in page
    assert "Deactivated: can't log in" in page


def test_the_tickets_of_an_anonymised_requester_stay(sysadmin, requester):
    ticket = TicketFactory(requester=requester)
    services.anonymise_user(actor=sysadmin, user=requester)
    ticket.refresh_from_db()
    assert ticket.requester.username == f"Removed user {requester.pk}"


def test_a_comment_reopens_the_ticket_of_a_leaver_for_everybody_to_find(resolved_by_a_leaver, requester):
    result = add_comment(actor=requester, ticket_id=resolved_by_a_leaver.pk, description="Still broken")
    assert (result.reopened, result.status) == (True, Status.OPEN)
    assert unassigned() == [(resolved_by_a_leaver.pk, Status.OPEN)]


@pytest.mark.parametrize("status", [Status.OPEN, Status.IN_PROGRESS])
def test_the_desk_reopens_the_ticket_of_a_leaver_without_them(resolved_by_a_leaver, other_agent, status):
    result = update_ticket(actor=other_agent, ticket_id=resolved_by_a_leaver.pk, changes={"status": status})
    assert set(result.changes) == {"status", "assigned_agent", "resolution_date"}
    assert unassigned() == [(resolved_by_a_leaver.pk, Status.OPEN)]
    # One entry tells all of it.
    entry = ActivityLog.objects.order_by("-pk").first()
    assert "unassigned John Smith" in entry.details


def test_who_takes_the_ticket_of_a_leaver_up_keeps_it_in_progress(resolved_by_a_leaver, other_agent):
    changes = {"status": Status.IN_PROGRESS, "assigned_agent": other_agent}
    ticket = update_ticket(actor=other_agent, ticket_id=resolved_by_a_leaver.pk, changes=changes).ticket
    assert (ticket.status, ticket.assigned_agent) == (Status.IN_PROGRESS, other_agent)


def test_a_resolved_ticket_of_a_leaver_stays_theirs_whatever_else_changes(resolved_by_a_leaver, other_agent, agent):
    changes = {"title": "New", "status": Status.RESOLVED}
    ticket = update_ticket(actor=other_agent, ticket_id=resolved_by_a_leaver.pk, changes=changes).ticket
    assert ticket.assigned_agent == agent


@pytest.mark.parametrize("status", UNRESOLVED)
def test_who_works_at_the_desk_keeps_a_ticket_in_any_status(agent, other_agent, status):
    ticket = TicketFactory(assigned_agent=agent, status=status)
    for step in (Status.RESOLVED, Status.IN_PROGRESS):
        ticket = update_ticket(actor=other_agent, ticket_id=ticket.pk, changes={"status": step}).ticket
    assert (ticket.status, ticket.assigned_agent) == (Status.IN_PROGRESS, agent)
