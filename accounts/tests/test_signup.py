"""Signing up: always a Requester, never a way to learn who has an account."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client
from django.urls import reverse

from accounts.adapter import AccountAdapter
from accounts.factories import PASSWORD, UserFactory
from accounts.models import User
from accounts.tests.conftest import address_taken_meanwhile

pytestmark = pytest.mark.django_db
SIGNUP = "/accounts/signup/"
ANN = {"email": "ann@example.com", "username": "Ann Smith", "password1": PASSWORD}


def test_one_signs_up_and_is_logged_in_where_addresses_are_not_verified(anonymous, heard):
    response = anonymous.post(SIGNUP, ANN)
    assert (response.status_code, response.url) == (302, "/")
    user = User.objects.get()
    assert (user.email, user.username, user.role) == ("ann@example.com", "Ann Smith", "requester")
    assert anonymous.get(reverse("account_profile")).status_code == 200
    assert EmailAddress.objects.get().email == "ann@example.com"
    assert [name for name in heard.names if name == "user_created"] == ["user_created"]


def test_the_contract_of_three_fields_is_enough(anonymous):
    anonymous.post(SIGNUP, {"email": "ann.smith@example.com", "password1": PASSWORD})
    assert User.objects.get().username == "ann.smith"


def test_one_lands_where_one_wanted_to_go(anonymous):
    assert anonymous.post(SIGNUP, {**ANN, "next": "/tickets/new/"}).url == "/tickets/new/"


def test_whatever_else_is_sent_does_nothing(anonymous):
    extra = {
        "role": "sysadmin",
        "is_staff": "1",
        "is_superuser": "1",
        "is_active": "0",
        "id": "7",
        "pk": "7",
        "version": "3",
    }
    anonymous.post(SIGNUP, {**ANN, **extra})
    user = User.objects.get()
    assert (user.role, user.is_active, user.is_staff, user.pk == 7) == ("requester", True, False, False)


def test_an_address_must_be_verified_in_production(anonymous, verified_addresses, mailoutbox):
    response = anonymous.post(SIGNUP, ANN)
    assert response.url == reverse("account_email_verification_sent")
    assert anonymous.get(reverse("account_profile")).status_code == 302
    link = next(word for word in mailoutbox[0].body.split() if "confirm-email" in word)
    assert link.startswith("http://127.0.0.1:8000/")
    path = link.removeprefix("http://127.0.0.1:8000")
    assert anonymous.get(path).status_code == 200
    assert not EmailAddress.objects.get().verified
    anonymous.post(path)
    assert EmailAddress.objects.get().verified
    user = User.objects.get()
    assert (user.email, user.role) == ("ann@example.com", "requester")


def answer(mailoutbox, email: str) -> tuple[int, str, str, int]:
    """Sign up in a new browser: status, redirects, page without what differs anyway, and how many mails went out."""
    mailoutbox.clear()
    response = Client().post(SIGNUP, {**ANN, "email": email}, follow=True)
    page = response.content.decode().replace(email.lower(), "ADDRESS")
    for unlike in (str(response.context["csrf_token"]), response.headers.get("X-Request-ID", "-")):
        page = page.replace(unlike, "")
    return response.status_code, str(response.redirect_chain), page, len(mailoutbox)


def test_a_known_address_gets_the_same_answer_and_as_many_mails_as_an_unknown_one(
    requester, other_requester, verified_addresses, mailoutbox
):
    UserFactory(email="unverified@example.com", verified=False)
    unknown = answer(mailoutbox, "unknown@example.com")
    assert (unknown[0], unknown[3]) == (200, 1)
    for known in (requester.email, other_requester.email.upper(), "unverified@example.com"):
        assert answer(mailoutbox, known) == unknown
    assert "already" not in unknown[2]


def test_the_owner_of_a_known_address_gets_a_mail_that_says_so(anonymous, requester, verified_addresses, mailoutbox):
    anonymous.post(SIGNUP, {**ANN, "email": "JANE.DOE@example.com"})
    assert len(mailoutbox) == 1
    assert "There is one already." in mailoutbox[0].body
    assert "http://127.0.0.1:8000/accounts/password/reset/" in mailoutbox[0].body
    requester.refresh_from_db()
    assert requester.check_password(PASSWORD)


def test_a_known_address_takes_as_many_password_hashes_as_an_unknown_one(
    requester, verified_addresses, monkeypatch, client
):
    hashed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda self, *a: hashed.append(a) or encode(self, *a))
    Client().post(SIGNUP, {**ANN, "email": "jane.doe@example.com"})
    known = len(hashed)
    Client().post(SIGNUP, ANN)
    assert known == len(hashed) - known == 1


def test_a_known_address_is_refused_where_addresses_are_not_verified(anonymous, requester):
    response = anonymous.post(SIGNUP, {**ANN, "email": "Jane.Doe@example.com"})
    assert response.status_code == 422
    assert response.context["form"].errors == {"email": ["A user with this e-mail address already exists."]}


@pytest.mark.parametrize("verified", [True, False])
def test_an_address_taken_meanwhile_is_answered_and_not_an_error(request, anonymous, verified, mailoutbox):
    # Two sign-ups at once: the second finds the address free, and taken when it saves.
    if verified:
        request.getfixturevalue("verified_addresses")
    with address_taken_meanwhile("ann@example.com"):
        response = anonymous.post(SIGNUP, ANN)
    expected = "account_email_verification_sent" if verified else "account_login"
    assert (response.status_code, response.url) == (302, reverse(expected))
    assert User.objects.count() == 1
    assert len(mailoutbox) == (1 if verified else 0)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", ""),
        ("email", "no address"),
        ("email", "a\x00@example.com"),
        ("email", "a" * 250 + "@example.com"),
        ("email", "a@" + "é." * 120 + "com"),
        ("username", "x" * 151),
        ("username", "Ann\x00"),
        ("username", "Ann\u202ennA"),
        ("username", "\u200b"),
        ("password1", ""),
        ("password1", "short"),
        ("password1", "password"),
        ("password1", "ann@example.com"),
        ("password1", "Ann Smith"),
        ("password1", "x" * 257),
        ("password1", "Hello\x00123."),
        ("password1", "Hello\x07123."),
    ],
)
def test_bad_input_is_refused_at_its_field(anonymous, field, value):
    response = anonymous.post(SIGNUP, {**ANN, field: value})
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {field}
    assert User.objects.count() == 0


def test_lists_where_a_text_belongs_yield_one_person_at_most(anonymous):
    anonymous.post(SIGNUP, {**ANN, "email": ["victim@example.com", "attacker@example.com"]})
    assert [user.email for user in User.objects.all()] == ["attacker@example.com"]


def test_sign_up_can_be_closed(anonymous, settings):
    settings.SIGNUP_OPEN = False
    assert anonymous.get(SIGNUP).status_code == 200
    assert "account/signup_closed.html" in [template.name for template in anonymous.get(SIGNUP).templates]
    anonymous.post(SIGNUP, ANN)
    assert User.objects.count() == 0


@pytest.mark.parametrize("is_open", [True, False])
def test_the_log_in_page_offers_an_account_only_while_people_may_make_one(anonymous, settings, is_open):
    settings.SIGNUP_OPEN = is_open
    assert ("Create an account" in anonymous.get("/accounts/login/").content.decode()) is is_open


def test_the_twenty_first_sign_up_in_a_minute_is_too_many(anonymous, fresh_limits):
    for _try in range(20):
        assert anonymous.post(SIGNUP).status_code == 422
    response = anonymous.post(SIGNUP)
    assert (response.status_code, response["Retry-After"]) == (429, "60")


def test_a_mail_server_that_is_away_is_no_error_page(anonymous, verified_addresses, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    response = anonymous.post(SIGNUP, ANN, follow=True)
    assert response.status_code == 200
    assert "couldn&#x27;t be sent" in response.content.decode() or "couldn't be sent" in response.content.decode()
    assert User.objects.count() == 1


def test_a_mail_that_no_visitor_waits_for_is_only_logged_when_it_fails(db, settings, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    AccountAdapter().send_mail("account/email/unknown_account", "ann@example.com", {"signup_url": "/accounts/signup/"})
    assert "could not be sent" in caplog.text


def test_an_address_that_can_not_serve_as_a_name_is_the_addresss_fault(anonymous):
    data = {"email": f"{'x' * 151}@example.com", "username": "", "password1": PASSWORD}
    response = anonymous.post("/accounts/signup/", data)
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"email"}


def test_a_nul_in_a_name_is_told_once(anonymous):
    data = {"email": "new@example.com", "username": "J\x00", "password1": PASSWORD}
    errors = anonymous.post("/accounts/signup/", data).context["form"].errors
    assert {field: len(messages) for field, messages in errors.items()} == {"username": 1}
