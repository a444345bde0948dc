"""Mails that TMS sends by itself: none of them carries a stranger's words to anybody's address."""

import pytest
from django.test import Client

from accounts.factories import PASSWORD, UserFactory
from accounts.tests.totp import code_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits")]
WORDS = "URGENT: your mailbox is full, sign in at https://evil.example/login"
# Somebody's mailbox, in a spelling that says something too.
ADDRESS = "jane.doe+visit.evil.example@example.com"
NEW_PASSWORD = "Zebra-quartz-91x"


def stranger(**kwargs) -> Client:
    return Client(headers={"User-Agent": WORDS}, **kwargs)


def sign_up():
    stranger().post("/accounts/signup/", {"email": ADDRESS, "username": WORDS, "password1": NEW_PASSWORD})


def sign_up_with_a_known_address():
    UserFactory(email=ADDRESS)
    sign_up()


def log_in_before_the_address_is_verified():
    UserFactory(email=ADDRESS, username=WORDS, verified=False)
    stranger().post("/accounts/login/", {"login": ADDRESS, "password": PASSWORD})


def forget_a_password():
    UserFactory(email=ADDRESS, username=WORDS)
    stranger().post("/accounts/password/reset/", {"email": ADDRESS})


def forget_the_password_of_nobody():
    stranger().post("/accounts/password/reset/", {"email": ADDRESS})


def logged_in() -> Client:
    client = stranger()
    client.force_login(UserFactory(email=ADDRESS, username=WORDS))
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def change_the_password():
    data = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    logged_in().post("/accounts/password/change/", data)


def switch_the_second_factor():
    client = logged_in()
    secret = client.get("/accounts/2fa/totp/activate/").context["form"].secret
    client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    client.post("/accounts/2fa/recovery-codes/generate/")
    client.post("/accounts/2fa/totp/deactivate/")


MAILS = {
    sign_up: ["Confirm your e-mail address"],
    sign_up_with_a_known_address: ["You have an account already"],
    log_in_before_the_address_is_verified: ["Confirm your e-mail address"],
    forget_a_password: ["Set your password"],
    forget_the_password_of_nobody: ["No account with this address"],
    change_the_password: ["Password Changed"],
    switch_the_second_factor: [
        "Authenticator App Activated",
        "Authenticator App Deactivated",
        "New Recovery Codes Generated",
    ],
}


@pytest.mark.parametrize("act", MAILS, ids=lambda act: act.__name__)
def test_no_mail_says_what_a_stranger_chose(act, verified_addresses, mailoutbox, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        act()
    assert sorted(mail.subject for mail in mailoutbox) == [f"[TMS] {subject}" for subject in MAILS[act]]
    for mail in mailoutbox:
        assert mail.to == [ADDRESS]
        assert "evil.example" not in mail.subject + mail.body
        assert "Your TMS helpdesk" in mail.body


def test_a_mail_about_a_change_says_when_and_from_where(
    verified_addresses, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        change_the_password()
    assert "127.0.0.1" in mailoutbox[0].body
    assert "Your password has been changed." in mailoutbox[0].body


def test_a_known_address_gets_the_way_to_a_new_password(verified_addresses, mailoutbox):
    sign_up_with_a_known_address()
    assert "http://127.0.0.1:8000/accounts/password/reset/" in mailoutbox[0].body
