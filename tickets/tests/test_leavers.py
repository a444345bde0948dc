"""What becomes of tickets when people go."""

import pytest
from allauth.account.models import EmailAddress

from accounts import services
from accounts.enums import Role
from accounts.models import User
from tickets.factories import TicketFactory

pytestmark = pytest.mark.django_db


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
