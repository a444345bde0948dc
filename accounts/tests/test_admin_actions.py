"""Users in the admin: what is done to several at once."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from accounts.factories import PASSWORD, UserFactory
from accounts.models import User
from accounts.tests.admin_pages import USERS, act, said

pytestmark = pytest.mark.django_db


def test_users_are_deactivated_and_activated(boss, requester, agent, heard):
    assert said(act(boss, "deactivate", requester, agent)) == ["Jane Doe is deactivated.", "John Smith is deactivated."]
    assert User.objects.active().count() == 1
    assert said(act(boss, "activate", requester, agent)) == ["Jane Doe is activated.", "John Smith is activated."]
    assert User.objects.active().count() == 3


def test_an_account_with_a_value_that_is_not_valid_any_more_is_a_message_too(boss, requester, agent):
    User.objects.filter(pk=requester.pk).update(time_zone="Atlantis/Capital")
    messages = said(act(boss, "deactivate", requester, agent))
    assert messages == ["Jane Doe: Choose a time zone from the list.", "John Smith is deactivated."]


def test_a_refusal_is_a_message_and_the_others_go_on(boss, sysadmin, requester):
    messages = said(act(boss, "deactivate", sysadmin, requester))
    assert "Jane Doe is deactivated." in messages
    assert any("last active SysAdmin" in message for message in messages)
    sysadmin.refresh_from_db()
    assert sysadmin.is_active


def test_active_users_get_a_link_to_set_a_new_password(boss, requester, mailoutbox):
    gone = UserFactory(is_active=False)
    assert said(act(boss, "send_password_link", requester, gone)) == ["Sent 1 mail."]
    assert [mail.to for mail in mailoutbox] == [["jane.doe@example.com"]]


def test_a_lost_second_factor_is_removed_and_the_sessions_end(boss, agent):
    thief = Client()
    thief.post("/accounts/login/", {"login": agent.email, "password": PASSWORD})
    Authenticator.objects.create(user=agent, type=Authenticator.Type.TOTP, data={})
    assert said(act(boss, "remove_second_factor", agent)) == ["John Smith is without a second factor."]
    assert not Authenticator.objects.exists()
    assert thief.get("/accounts/profile/").status_code == 302


def test_anonymising_asks_first(boss, requester, heard):
    page = act(boss, "anonymise", requester)
    assert "removed for good" in page.content.decode()
    assert "entries until now keep name and address" in page.content.decode()
    assert "jane.doe@example.com" in page.content.decode()
    assert heard.names == []
    response = act(boss, "anonymise", requester, confirmed="yes")
    assert said(response) == [f"Removed user {requester.pk} is anonymised."] or said(response) == [
        "Jane Doe is anonymised."
    ]
    requester.refresh_from_db()
    assert requester.username == f"Removed user {requester.pk}"


def test_no_action_happens_by_get(boss, requester, heard):
    boss.get(USERS, {"action": "deactivate", "_selected_action": requester.pk})
    assert heard.names == []
