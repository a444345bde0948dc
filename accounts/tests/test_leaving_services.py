"""The services by which people leave: the desk, their password, their second factor, the place."""

from datetime import UTC, datetime

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError

from accounts import services
from accounts.enums import Role
from accounts.factories import UserFactory
from accounts.models import User
from tms_site.lib.permissions import PermissionDeniedError

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2020, 5, 4, 12, tzinfo=UTC)


def address_of(user: User) -> tuple[str, bool, bool]:
    row = EmailAddress.objects.get(user_id=user.pk)
    return row.email, row.verified, row.primary


@pytest.fixture
def second_sysadmin(sysadmin) -> User:
    return UserFactory(sysadmin=True, email="second@example.com", username="Second")


# --- Leaving the desk ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["agent", "second_sysadmin"])
def test_it_is_told_before_somebody_leaves_the_desk(request, sysadmin, who, heard):
    leaver = request.getfixturevalue(who)
    services.change_user(actor=sysadmin, user=leaver, changes={"role": Role.REQUESTER})
    assert heard.names == ["user_leaving_desk", "user_updated"]
    _name, said = heard.events[0]
    assert (said["user"].works_at_desk, said["deleting"], said["actor"]) == (True, False, sysadmin)


def test_it_is_told_before_an_agent_is_deactivated(sysadmin, agent, heard):
    services.deactivate_user(actor=sysadmin, user=agent)
    assert heard.names == ["user_leaving_desk", "user_updated"]


def test_it_is_told_before_anybody_is_deleted(sysadmin, requester, agent, heard):
    services.delete_user(actor=sysadmin, user=agent)
    assert heard.names == ["user_leaving_desk", "user_deleted"]
    assert heard.events[0][1]["deleting"] is True
    services.delete_user(actor=sysadmin, user=requester)
    assert heard.names[2:] == ["user_leaving_desk", "user_deleted"]


def test_nothing_is_told_when_an_agent_becomes_sysadmin_or_a_requester_is_deactivated(
    sysadmin, agent, requester, heard
):
    services.change_user(actor=sysadmin, user=agent, changes={"role": Role.SYSADMIN})
    services.deactivate_user(actor=sysadmin, user=requester)
    assert heard.names == ["user_updated", "user_updated"]


def test_activating_and_deactivating_what_already_is_so_tells_nothing(sysadmin, agent, heard):
    services.activate_user(actor=sysadmin, user=agent)
    services.deactivate_user(actor=sysadmin, user=agent)
    services.deactivate_user(actor=sysadmin, user=agent)
    assert heard.names == ["user_leaving_desk", "user_updated"]
    assert services.activate_user(actor=sysadmin, user=agent).is_active


# --- Passwords -------------------------------------------------------------------------------------------------------


def test_one_sets_ones_own_password_and_the_log_hears_no_more_than_that(requester, heard):
    services.set_password(actor=requester, user=requester, password="Another456.")
    requester.refresh_from_db()
    assert requester.check_password("Another456.")
    assert heard.names == ["user_updated"]
    assert heard.last["changes"] == {"password": ("", "changed")}


def test_nobody_sets_anothers_password(requester, sysadmin):
    with pytest.raises(PermissionDeniedError):
        services.set_password(actor=sysadmin, user=requester, password="Another456.")


def test_a_weak_password_is_refused(requester, heard):
    with pytest.raises(ValidationError) as caught:
        services.set_password(actor=requester, user=requester, password="jane.doe")
    assert set(caught.value.message_dict) == {"password"}
    assert heard.names == []


def test_a_password_change_elsewhere_can_be_recorded(requester, heard):
    services.record_password_change(actor=requester, user=requester, at=LONG_AGO)
    assert heard.last["at"] == LONG_AGO


# --- A lost second factor --------------------------------------------------------------------------------------------


def test_a_sysadmin_removes_a_lost_second_factor(sysadmin, requester, heard):
    for kind in Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES:
        Authenticator.objects.create(user=requester, type=kind, data={})
    services.remove_second_factor(actor=sysadmin, user=requester, at=LONG_AGO)
    assert not Authenticator.objects.exists()
    assert heard.names == ["user_updated"]
    assert (heard.last["changes"], heard.last["at"]) == ({"second_factor": (True, False)}, LONG_AGO)


def test_nothing_is_told_when_there_was_no_second_factor(sysadmin, requester, heard):
    services.remove_second_factor(actor=sysadmin, user=requester)
    assert heard.names == []


def test_nobody_but_a_sysadmin_removes_a_second_factor(requester, agent):
    for actor in (requester, agent):
        with pytest.raises(PermissionDeniedError):
            services.remove_second_factor(actor=actor, user=requester)


# --- Deleting and anonymising ----------------------------------------------------------------------------------------


def test_a_user_without_history_is_deleted(sysadmin, requester, heard):
    user_id = requester.pk
    services.delete_user(actor=sysadmin, user=requester, at=LONG_AGO)
    assert not User.objects.filter(pk=user_id).exists()
    assert not EmailAddress.objects.filter(user_id=user_id).exists()
    assert heard.last == {"user_id": user_id, "label": "Jane Doe", "actor": sysadmin, "at": LONG_AGO}


@pytest.mark.parametrize("who", ["requester", "agent"])
def test_nobody_but_a_sysadmin_deletes_or_anonymises(request, other_requester, who):
    actor = request.getfixturevalue(who)
    for service in (services.delete_user, services.anonymise_user):
        with pytest.raises(PermissionDeniedError):
            service(actor=actor, user=other_requester)


def test_anonymising_removes_what_identifies(sysadmin, requester, heard):
    Authenticator.objects.create(user=requester, type=Authenticator.Type.TOTP, data={})
    user = services.anonymise_user(actor=sysadmin, user=requester, at=LONG_AGO)
    user.refresh_from_db()
    assert (user.email, user.username) == (f"removed-{user.pk}@removed.invalid", f"Removed user {user.pk}")
    assert (user.is_active, user.has_usable_password(), user.last_login) == (False, False, None)
    assert address_of(user) == (user.email, False, True)
    assert not Authenticator.objects.filter(user=user).exists()
    assert heard.names == ["user_updated"]
    assert heard.last["changes"] == {"anonymised": (False, True), "is_active": (True, False)}


def test_an_anonymised_agent_leaves_the_desk(sysadmin, agent, heard):
    user = services.anonymise_user(actor=sysadmin, user=agent)
    assert (user.role, user.is_active) == ("requester", False)
    assert heard.names == ["user_leaving_desk", "user_updated"]
