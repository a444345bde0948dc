"""A log-in that waits for its second step: it's over once the account isn't what it was at the first one."""

import pytest
from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client

from accounts import services
from accounts.actors import SYSTEM
from accounts.factories import PASSWORD, UserFactory
from accounts.tests.totp import SECRET, code_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits")]
LOGIN = "/accounts/login/"
SECOND_STEP = "/accounts/2fa/authenticate/"
PROFILE = "/accounts/profile/"
AGAIN = "Please log in again: your account has changed meanwhile, or it took too long."


@pytest.fixture
def jane(requester):
    TOTP.activate(requester, SECRET)
    RecoveryCodes.activate(requester)
    return requester


def first_step(user) -> Client:
    client = Client()
    assert client.post(LOGIN, {"login": user.email, "password": PASSWORD}).url == SECOND_STEP
    return client


def second_step(client: Client, code: str = "") -> str:
    return client.post(SECOND_STEP, {"code": code or code_of()}).url


def recovery_code() -> str:
    return Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES).wrap().get_unused_codes()[0]


def change_password(user):
    services.set_password(actor=user, user=user, password="Zebra-quartz-91x")


def deactivate(user):
    services.deactivate_user(actor=SYSTEM, user=user)


def deactivate_and_activate(user):
    services.activate_user(actor=SYSTEM, user=services.deactivate_user(actor=SYSTEM, user=user))


def delete(user):
    services.delete_user(actor=SYSTEM, user=user)


CHANGES = [change_password, deactivate, deactivate_and_activate, delete]


def test_a_log_in_is_finished_by_its_second_step(jane):
    client = first_step(jane)
    assert second_step(client) == "/"
    assert client.get(PROFILE).status_code == 200


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("kind", ["code", "recovery code"])
def test_a_log_in_from_before_a_change_is_never_finished(jane, change, kind):
    client = first_step(jane)
    code = recovery_code() if kind == "recovery code" else code_of()
    change(jane)
    assert second_step(client, code) == LOGIN
    assert LOGIN_SESSION_KEY not in client.session
    assert client.get(PROFILE).status_code == 302


def switch_off(user):
    """Switch the second factor off in another browser, as its owner does."""
    client = Client()
    client.force_login(user)
    client.post("/accounts/2fa/reauthenticate/", {"code": code_of()})
    assert client.post("/accounts/2fa/totp/deactivate/").status_code == 302
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("comes_with_a_code", [False, True])
def test_a_browser_that_waits_for_the_code_logs_in_anew_once_another_has_switched_the_factor_off(
    jane, comes_with_a_code
):
    client, code = first_step(jane), code_of(ahead=1)
    switch_off(jane)
    answer = client.post(SECOND_STEP, {"code": code}) if comes_with_a_code else client.get(SECOND_STEP)
    assert answer.url == LOGIN
    page = client.get(LOGIN)
    assert page.status_code == 200
    assert AGAIN in page.content.decode()
    assert client.post(LOGIN, {"login": jane.email, "password": PASSWORD}).url == "/"
    assert AGAIN not in client.get(PROFILE).content.decode()


def test_whoever_begins_anew_by_themself_is_not_asked_to_after_it(jane):
    client = first_step(jane)
    switch_off(jane)
    assert client.post(LOGIN, {"login": jane.email, "password": PASSWORD}).url == "/"
    assert AGAIN not in client.get(PROFILE).content.decode()


def test_a_session_that_did_not_come_about_is_not_good_after_reactivation(jane):
    client = first_step(jane)
    user = services.deactivate_user(actor=SYSTEM, user=jane)
    second_step(client)
    services.activate_user(actor=SYSTEM, user=user)
    assert client.get(PROFILE).status_code == 302


@pytest.mark.parametrize("change", CHANGES)
def test_the_page_for_the_code_leads_back_to_the_log_in(jane, change):
    client = first_step(jane)
    assert client.get(SECOND_STEP).status_code == 200
    change(jane)
    assert client.get(SECOND_STEP).url == LOGIN
    assert client.get(LOGIN).status_code == 200


def test_a_code_that_came_too_late_is_not_used_up(jane):
    client = first_step(jane)
    code = recovery_code()
    change_password(jane)
    second_step(client, code)
    assert recovery_code() == code


def test_a_log_in_that_waits_for_the_address_to_be_verified_is_over_too(verified_addresses, mailoutbox):
    user = UserFactory(verified=False)
    client = Client()
    client.post(LOGIN, {"login": user.email, "password": PASSWORD})
    assert LOGIN_SESSION_KEY in client.session
    change_password(user)
    client.get(LOGIN)
    assert LOGIN_SESSION_KEY not in client.session


def test_a_known_address_at_sign_up_is_not_told_by_what_waits(verified_addresses, requester):
    client = Client()
    for email in (requester.email, "new@example.com"):
        client.post("/accounts/signup/", {"email": email, "password1": "Zebra-quartz-91x"})
        client.get(LOGIN)
        assert LOGIN_SESSION_KEY in client.session


def test_another_persons_password_does_not_matter(jane, other_requester):
    client = first_step(jane)
    change_password(other_requester)
    assert second_step(client) == "/"


def test_whoever_lost_the_second_factor_begins_anew_once_it_is_removed(jane):
    client = first_step(jane)
    services.remove_second_factor(actor=SYSTEM, user=jane)
    assert client.get(SECOND_STEP).url == LOGIN
    assert client.get(LOGIN).status_code == 200
    assert client.post(LOGIN, {"login": jane.email, "password": PASSWORD}).url == "/"
