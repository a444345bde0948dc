"""Deleting in the admin: what follows is said before, and why it can't be."""

import pytest

from accounts.factories import UserFactory
from accounts.models import User
from tickets.factories import TicketFactory

pytestmark = pytest.mark.django_db
USERS = "/admin/accounts/user/"
TICKETS = "/admin/tickets/ticket/"


@pytest.fixture
def boss(client_for, sysadmin):
    return client_for(sysadmin)


def ask_for_several(client, path, *objects, **extra):
    data = {"action": "delete_selected", "_selected_action": [each.pk for each in objects]}
    return client.post(path, data | extra, follow=True).content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_deletes_their_own_account_and_reads_why(boss, sysadmin, method):
    response = getattr(boss, method)(f"{USERS}{sysadmin.pk}/delete/")
    assert response.status_code == 403
    assert "You can&#x27;t delete your own account. Another SysAdmin can." in response.content.decode()


def test_the_question_about_users_says_who_can_not_be_deleted(boss, requester):
    for page in (boss.get(f"{USERS}{requester.pk}/delete/").content.decode(), ask_for_several(boss, USERS, requester)):
        assert "with tickets or comments can't be deleted" in page
        assert "related items" not in page
        assert "Jane Doe" in page


def test_the_refusal_to_delete_several_names_whom_it_is_about(boss, requester):
    spare = UserFactory(username="Zoe")
    TicketFactory(requester=requester)
    page = ask_for_several(boss, USERS, spare, requester, post="yes")
    assert "Nothing was deleted. Jane Doe: This user has tickets" in page
    assert User.objects.filter(pk=spare.pk).exists()


def test_the_question_about_tickets_tells_of_the_trash(boss, settings):
    settings.TRASH_DAYS = 30
    ticket = TicketFactory()
    for page in (boss.get(f"{TICKETS}{ticket.pk}/delete/").content.decode(), ask_for_several(boss, TICKETS, ticket)):
        assert "go to the trash with all their comments. SysAdmins can restore them for 30 days." in page
        assert "related items" not in page
