"""Logging in: who gets in, how often one may try, and where one lands."""

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.backends import EmailBackend
from accounts.factories import PASSWORD, UserFactory
from accounts.tests.totp import SECRET
from tms_site.tests.api.client import Api

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


def log_in(client: Client, email: str = "jane.doe@example.com", password: str = PASSWORD, **extra: str):
    return client.post(LOGIN, {"login": email, "password": password, **extra})


def is_logged_in(client: Client) -> bool:
    return client.get(reverse("account_profile")).status_code == 200


# --- Who gets in -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("spelling", ["jane.doe@example.com", "JANE.DOE@EXAMPLE.COM", "  Jane.Doe@Example.com "])
def test_one_logs_in_with_any_spelling_of_the_address(anonymous, requester, spelling):
    response = log_in(anonymous, spelling)
    assert (response.status_code, response.url) == (302, "/")
    assert is_logged_in(anonymous)


def test_an_international_address_works_in_both_spellings(anonymous, verified_addresses):
    UserFactory(email="jane@bücher.example")
    assert log_in(anonymous, "jane@xn--bcher-kva.example").url == "/"


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("jane.doe@example.com", "wrong"),
        ("jane.doe@example.com", PASSWORD.lower()),
        ("jane.doe@example.com", f"{PASSWORD} "),
        ("nobody@example.com", PASSWORD),
    ],
)
def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(anonymous, requester, email, password):
    response = log_in(anonymous, email, password)
    assert response.status_code == 422
    assert response.context["form"].non_field_errors() == ["The e-mail address or the password is wrong."]
    assert not is_logged_in(anonymous)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"login": "jane.doe@example.com"},
        {"password": PASSWORD},
        {"login": "no address", "password": PASSWORD},
        {"login": "a\x00@example.com", "password": PASSWORD},
        {"login": "jane.doe@example.com", "password": "a\x00b"},
        {"login": "jane.doe@example.com", "password": "x" * 257},
        {"login": ["x@example.com", "jane.doe@example.com"], "password": ["a", "b"]},
        {"login": "x" * 5000 + "@example.com", "password": "\ufffd"},
    ],
)
def test_bad_input_is_answered_with_the_form(anonymous, requester, data):
    assert anonymous.post(LOGIN, data).status_code == 422
    assert not is_logged_in(anonymous)


def test_a_deactivated_user_is_not_let_in(anonymous, requester):
    requester.is_active = False
    requester.save()
    assert log_in(anonymous).url == reverse("account_inactive")
    assert not is_logged_in(anonymous)


def test_an_unverified_address_is_let_in_where_addresses_are_not_verified(anonymous):
    UserFactory(email="new@example.com", verified=False)
    assert log_in(anonymous, "new@example.com").url == "/"


def test_an_unverified_address_is_not_let_in_in_production(anonymous, verified_addresses, mailoutbox):
    UserFactory(email="new@example.com", verified=False)
    assert log_in(anonymous, "new@example.com").url == reverse("account_email_verification_sent")
    assert not is_logged_in(anonymous)
    assert len(mailoutbox) == 1


def test_nobody_logs_in_without_a_usable_password(anonymous):
    user = UserFactory(email="new@example.com")
    user.set_unusable_password()
    user.save()
    assert log_in(anonymous, "new@example.com", user.password).status_code == 422


# --- The backend -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["email", "username"])
def test_djangos_own_forms_may_call_the_address_username(requester, name):
    assert authenticate(None, **{name: "Jane.Doe@example.com", "password": PASSWORD}) == requester


@pytest.mark.parametrize(
    "credentials", [{}, {"email": "jane.doe@example.com"}, {"email": ["a"], "password": PASSWORD}, {"password": "x"}]
)
def test_incomplete_credentials_are_nobodys(requester, credentials):
    assert authenticate(None, **credentials) is None


def test_a_deactivated_user_is_not_authenticated_and_their_session_is_over(requester):
    backend = EmailBackend()
    assert backend.get_user(requester.pk) == requester
    requester.is_active = False
    requester.save()
    assert authenticate(None, email=requester.email, password=PASSWORD) is None
    assert backend.get_user(requester.pk) is None


def test_an_unknown_address_costs_one_password_hash_as_a_known_one_does(requester, monkeypatch):
    hashed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda self, *a: hashed.append(a) or encode(self, *a))
    authenticate(None, email="nobody@example.com", password="wrong")
    unknown = len(hashed)
    hashed.clear()
    authenticate(None, email=requester.email, password="wrong")
    assert unknown == len(hashed) == 1


def test_there_are_no_permission_tables_to_look_people_up_in():
    with pytest.raises(NotImplementedError):
        EmailBackend().with_perm("accounts.change_user")


# --- Signals: the log hears each log-in and each failure once --------------------------------------------------------


def test_each_log_in_and_each_failure_is_told_once(anonymous, requester):
    heard = []

    def on(sender, signal, **kwargs):
        heard.append("in" if signal is user_logged_in else "failed")

    for signal in (user_logged_in, user_login_failed):
        signal.connect(on)
    try:
        log_in(anonymous, password="wrong")
        log_in(anonymous, "nobody@example.com")
        log_in(anonymous)
    finally:
        for signal in (user_logged_in, user_login_failed):
            signal.disconnect(on)
    assert heard == ["failed", "failed", "in"]


# --- Limits ----------------------------------------------------------------------------------------------------------


def test_the_sixth_wrong_password_for_an_address_is_too_many(anonymous, requester, fresh_limits):
    for _try in range(5):
        assert log_in(anonymous, password="wrong").status_code == 422
    for password in ("wrong", PASSWORD):
        response = log_in(anonymous, password=password)
        assert (response.status_code, response["Retry-After"]) == (429, "300")
    assert "Too many tries" in response.content.decode()
    assert not is_logged_in(anonymous)


def test_the_limit_is_the_addresss_and_not_the_browsers(requester, fresh_limits):
    for _try in range(5):
        log_in(Client(), "nobody@example.com", "wrong")
    assert log_in(Client(), "nobody@example.com", "wrong").status_code == 429
    assert log_in(Client()).status_code == 302


def test_another_port_in_the_host_header_does_not_evade_the_limit(requester, fresh_limits):
    for port in range(5):
        log_in(Client(), password="wrong", headers={"Host": f"testserver:{8000 + port}"})
    assert log_in(Client(), headers={"Host": "testserver:9000"}).status_code == 429


# A wrong password for somebody, and a log-in of one's own with password and recovery code, by each way in.
def try_by_page(email):
    return log_in(Client(), email, "wrong").status_code


def try_by_api(email):
    return Api().form("/token", username=email, password="wrong").status_code


def get_in_by_page(user, code):
    client = Client()
    first = log_in(client, user.email)
    return client.post(first.url, {"code": code}).status_code if first.status_code == 302 else first.status_code


def get_in_by_api(user, code):
    return Api().form("/token", username=user.email, password=PASSWORD, otp=code).status_code


@pytest.mark.parametrize("get_in", [get_in_by_page, get_in_by_api])
@pytest.mark.parametrize("guess", [try_by_page, try_by_api])
def test_a_log_in_of_ones_own_does_not_clear_the_limit_of_the_machine(requester, guess, get_in, fresh_limits):
    TOTP.activate(requester, SECRET)
    codes = RecoveryCodes.activate(requester).get_unused_codes()
    first = [guess(f"victim{number}@example.com") for number in range(9)]
    assert 429 not in first
    assert get_in(requester, codes[0]) in {200, 302}
    assert guess("victim10@example.com") != 429
    assert guess("victim11@example.com") == 429


@pytest.mark.parametrize("get_in", [get_in_by_page, get_in_by_api])
def test_right_passwords_and_codes_do_not_count(requester, get_in, fresh_limits):
    TOTP.activate(requester, SECRET)
    for code in RecoveryCodes.activate(requester).get_unused_codes():
        assert get_in(requester, code) in {200, 302}
    assert [try_by_page(f"victim{number}@example.com") for number in range(11)] == [422] * 10 + [429]


@pytest.mark.parametrize("get_in", [get_in_by_page, get_in_by_api])
def test_a_right_code_clears_the_limit_of_its_owner(requester, get_in, fresh_limits):
    TOTP.activate(requester, SECRET)
    for _round in range(2):
        for _try in range(4):
            assert get_in(requester, "000000") in {401, 422}
        code = RecoveryCodes.activate(requester).get_unused_codes()[0]
        assert get_in(requester, code) in {200, 302}
    # Their machine isn't forgiven.
    assert {get_in(requester, "000000") for _try in range(2)} <= {401, 422}
    assert get_in(requester, "000000") == 429


@pytest.fixture
def three_log_ins_a_minute(settings, fresh_limits):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login": "3/m/ip"}


def test_one_request_more_than_the_limit_in_a_minute_is_too_many(anonymous, three_log_ins_a_minute):
    for _try in range(3):
        assert anonymous.post(LOGIN).status_code == 422
    response = anonymous.post(LOGIN)
    assert (response.status_code, response["Retry-After"]) == (429, "60")
    assert anonymous.get(LOGIN).status_code == 200


def test_a_forged_address_header_does_not_evade_the_limit(anonymous, three_log_ins_a_minute):
    for number in range(3):
        anonymous.post(LOGIN, headers={"X-Forwarded-For": f"10.0.0.{number}"})
    assert anonymous.post(LOGIN, headers={"X-Forwarded-For": "10.0.1.1"}).status_code == 429


def test_limits_are_counted_in_the_cache_that_all_workers_share(settings, anonymous, fresh_limits):
    assert "locmem" not in settings.CACHES["default"]["BACKEND"]
    anonymous.post(LOGIN)
    assert cache.get("allauth:rl:allauth.account:login:120/60/ip:ip:127.0.0.1")


def test_a_visitor_without_an_address_is_limited_too(anonymous, fresh_limits):
    assert anonymous.post(LOGIN, REMOTE_ADDR="").status_code == 422


# --- Where one lands -------------------------------------------------------------------------------------------------


def test_one_lands_where_one_wanted_to_go(anonymous, requester):
    response = anonymous.get("/tickets/?status=open&q=a b")
    assert response.status_code == 302
    page = anonymous.get(response.url)
    hidden = page.context["redirect_field_value"]
    assert log_in(anonymous, next=hidden).url == "/tickets/?status=open&q=a%20b"


@pytest.mark.parametrize(
    "evil",
    [
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example",
        "http:evil.example",
        "///evil.example",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "/tickets/\r\nSet-Cookie: a=b",
        "/tickets/\nX: y",
        "/\t/evil.example",
        " //evil.example",
        "evil.example",
        "http://testserver@evil.example/",
        "http://testserver/",
        "",
    ],
)
def test_one_never_lands_elsewhere(anonymous, requester, evil):
    assert log_in(anonymous, next=evil).url == "/"
    assert anonymous.get(LOGIN, {"next": evil}).url == "/"


def test_a_logged_in_user_is_led_on_from_the_log_in_page(client_for, requester):
    assert client_for(requester).get(LOGIN, {"next": "/tickets/"}).url == "/tickets/"


# --- An expired session ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("referer", "path"),
    [
        ("http://testserver/tickets/5/?page=2", "/tickets/5/?page=2"),
        ("http://testserver/tickets/5/", "/tickets/5/"),
        ("http://evil.example/tickets/5/", "/"),
        ("https://testserver/tickets/5/", "/"),
        ("http://testserver//evil.example/", "/"),
        ("http://[", "/"),
        ("", "/"),
        (None, "/"),
    ],
)
def test_a_form_sent_too_late_leads_back_to_its_page(anonymous, referer, path):
    headers = {} if referer is None else {"Referer": referer}
    response = anonymous.post("/accounts/profile/", {"theme": "dark"}, headers=headers)
    assert response.status_code == 302
    back = path.replace("/", "%2F").replace("?", "%3F").replace("=", "%3D")
    assert response.url == f"{LOGIN}?next={back}&unsaved=1"


def test_a_page_asked_for_too_late_leads_back_to_itself(anonymous):
    assert anonymous.get("/accounts/profile/?a=1").url == f"{LOGIN}?next=%2Faccounts%2Fprofile%2F%3Fa%3D1"


def test_htmx_is_told_to_load_the_log_in_page_as_a_page(anonymous):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/tickets/?q=x"}
    response = anonymous.get("/tickets/", headers=headers)
    assert (response.status_code, response["HX-Redirect"]) == (200, f"{LOGIN}?next=%2Ftickets%2F%3Fq%3Dx")
    response = anonymous.post("/tickets/", headers={"HX-Request": "true"})
    assert response["HX-Redirect"] == f"{LOGIN}?next=%2F&unsaved=1"


# --- No state change by GET, no POST without a token -----------------------------------------------------------------


def test_logging_out_takes_a_post(client_for, requester):
    client = client_for(requester)
    assert client.get("/accounts/logout/").status_code == 200
    assert is_logged_in(client)
    assert client.post("/accounts/logout/").url == LOGIN
    assert not is_logged_in(client)


@pytest.mark.parametrize(
    "path", [LOGIN, "/accounts/signup/", "/accounts/logout/", "/accounts/profile/", "/accounts/password/reset/"]
)
def test_a_form_without_its_token_is_refused(client_for, requester, path):
    client = client_for(requester, enforce_csrf_checks=True)
    assert client.post(path, {"theme": "dark"}).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/login/code/confirm/",
        "/accounts/login/code/",
        "/accounts/phone/change/",
        "/accounts/phone/verify/",
        "/accounts/2fa/webauthn/",
        "/accounts/signup/passkey/",
    ],
)
def test_what_tms_does_not_use_does_not_exist(client_for, requester, path):
    assert client_for(requester).get(path).status_code == 404


def test_logging_in_and_out_is_told_in_the_words_of_the_buttons(anonymous, requester):
    credentials = {"login": requester.email, "password": PASSWORD}
    page = anonymous.post("/accounts/login/", credentials, follow=True).content.decode()
    assert "You are logged in as Jane Doe." in page
    assert "You are logged out." in anonymous.post("/accounts/logout/", follow=True).content.decode()


def test_what_is_no_address_is_told_so(anonymous):
    for path, field in (("login", "login"), ("signup", "email"), ("password/reset", "email")):
        form = anonymous.post(f"/accounts/{path}/", {field: "jane"}).context["form"]
        assert form.errors[field] == ["Enter a valid e-mail address."]
