"""Logging in through the API: the same people, limits, factors and log as on the pages."""

import base64
import hmac
import json
from datetime import timedelta
from unittest.mock import ANY

import jwt
import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.test import Client
from django.utils import timezone

from accounts import services as accounts
from accounts.factories import PASSWORD, UserFactory
from accounts.tests.totp import SECRET, code_of
from accounts.tokens import access, services
from accounts.tokens.models import ApiLogin, RefreshToken
from activity.enums import ActivityType
from activity.models import ActivityLog
from tms_site.tests.api.client import PROBLEM, Api, api, errors
from tms_site.tests.rivals import rival

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits")]


def log_in(email, password=PASSWORD, **fields):
    return Api().form("/token", username=email, password=password, **fields)


def entries(*types):
    return [entry.details for entry in ActivityLog.objects.filter(activity_type__in=types).order_by("pk")]


def refused(response, status=401):
    assert response.status_code == status
    assert response["Content-Type"] == PROBLEM
    return response.json()


def test_a_password_gets_tokens_that_say_who_one_is(requester):
    response = log_in("JANE.DOE@example.com")
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    tokens = response.json()
    assert tokens == {
        "access_token": ANY, "token_type": "bearer", "expires_in": 1800, "refresh_token": ANY, "scope": "write",
    }  # fmt: skip
    claims = jwt.decode(tokens["access_token"], options={"verify_signature": False})
    assert claims["aud"] == "tms-api"
    assert claims["exp"] - claims["iat"] == 1800
    assert claims["sub"] == str(requester.pk)
    assert len(claims["jti"]) == 32
    assert Api(tokens["access_token"]).get("/users/me").json()["email"] == requester.email
    requester.refresh_from_db()


def test_a_log_in_stands_in_the_log_once(requester):
    log_in(requester.email)
    assert entries(ActivityType.LOGIN) == ["Logged in through the API."]


@pytest.mark.parametrize(("email", "password"), [("jane.doe@example.com", "wrong"), ("nobody@example.com", PASSWORD)])
def test_wrong_credentials_get_401_and_one_entry(requester, email, password):
    problem = refused(log_in(email, password))
    assert problem["detail"] == "The e-mail address or the password is wrong."
    assert problem["error"] == "invalid_grant"
    assert entries(ActivityType.LOGIN, ActivityType.LOGIN_FAILED) == [f"Failed to log in as {email}."]


def test_a_401_names_its_challenge():
    assert 'Bearer realm="TMS"' in Api().get("/users/me")["WWW-Authenticate"]
    assert 'error="invalid_token"' in Api("abc").get("/users/me")["WWW-Authenticate"]


def test_known_and_unknown_addresses_are_answered_alike(requester):
    bodies = [log_in(email, "wrong").json() for email in (requester.email, "nobody@example.com")]
    for body in bodies:
        del body["request_id"]
    assert bodies[0] == bodies[1]


def test_wrong_passwords_count_for_the_page_and_the_other_way_round(requester):
    for _ in range(3):
        refused(log_in(requester.email, "wrong"))
    page = Client(REMOTE_ADDR="10.1.1.1")
    for _ in range(2):
        page.post("/accounts/login/", {"login": requester.email, "password": "wrong"})
    response = log_in(requester.email)
    refused(response, 429)
    assert response["Retry-After"] == "300"
    assert page.post("/accounts/login/", {"login": requester.email, "password": PASSWORD}).status_code == 429


def test_requests_to_log_in_are_limited_too(requester, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "2/m/ip"}
    assert [log_in(requester.email).status_code for _ in range(3)] == [200, 200, 429]


def test_a_deactivated_person_gets_no_tokens(requester):
    requester.is_active = False
    requester.save()
    assert refused(log_in(requester.email))["detail"] == "Your account is deactivated."


def test_an_unverified_address_gets_no_tokens(settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    user = UserFactory(verified=False)
    assert "Confirm your e-mail address" in refused(log_in(user.email))["detail"]


def test_a_second_factor_is_asked_for_checked_and_good_once(agent):
    TOTP.activate(agent, SECRET)
    assert refused(log_in(agent.email))["type"] == "urn:tms:problem:second-factor-required"
    assert "wrong" in refused(log_in(agent.email, otp="000000"))["detail"]
    assert entries(ActivityType.LOGIN_FAILED) == [f"Failed to log in as {agent.email}: wrong second factor."]
    code = code_of()
    assert log_in(agent.email, otp=code).status_code == 200
    refused(log_in(agent.email, otp=code))


def test_wrong_codes_are_limited(agent):
    TOTP.activate(agent, SECRET)
    statuses = [log_in(agent.email, otp="000000").status_code for _ in range(6)]
    assert statuses == [401] * 5 + [429]


def test_a_role_that_needs_a_second_factor_gets_nothing_before_it_has_one(agent, settings):
    program = api(agent)
    made = services.create_personal_token(actor=agent, name="Report", scope="read", days=7)
    settings.REQUIRE_MFA_ROLES = ["agent"]
    assert "second factor" in refused(log_in(agent.email), 403)["detail"]
    assert program.get("/tickets").status_code == 403
    assert Api(made.secret).get("/tickets").status_code == 403
    Authenticator.objects.create(user=agent, type=Authenticator.Type.TOTP, data={})
    assert program.get("/tickets").status_code == 200


def test_missing_and_unknown_fields_are_named():
    assert set(errors(Api().form("/token"))) == {"username", "password"}
    response = log_in("jane.doe@example.com", role="sysadmin")
    assert errors(response) == {"role": "This parameter isn't known."}
    assert set(errors(log_in("jane.doe@example.com", scope="everything"))) == {"scope"}


def test_json_is_no_form(requester):
    response = Api().post("/token", {"username": requester.email, "password": PASSWORD})
    assert response.status_code == 415


def test_a_token_for_reading_does_not_write(requester):
    program = Api(log_in(requester.email, scope="read").json()["access_token"])
    assert program.get("/tickets").status_code == 200
    response = program.post("/tickets", {"title": "Kite", "description": "Wind"})
    assert response.status_code == 403
    assert 'error="insufficient_scope"' in response["WWW-Authenticate"]


def test_a_session_of_the_site_opens_nothing(requester, client_for):
    browser = client_for(requester)
    assert browser.get("/api/v1/users/me").status_code == 401
    response = browser.post("/api/v1/tickets", {"title": "Kite"}, content_type="application/json")
    assert response.status_code == 401


# --- Refresh tokens -------------------------------------------------------------------------------------------------


def refresh(token):
    return Api().form("/token", grant_type="refresh_token", refresh_token=token)


def test_a_refresh_token_gets_new_tokens_once(requester):
    first = log_in(requester.email).json()
    second = refresh(first["refresh_token"]).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert Api(second["access_token"]).get("/users/me").status_code == 200
    assert entries(ActivityType.LOGIN) == ["Logged in through the API."]


def test_a_refresh_token_that_comes_twice_ends_the_log_in_and_is_logged(requester):
    first = log_in(requester.email).json()
    second = refresh(first["refresh_token"]).json()
    refused(refresh(first["refresh_token"]))
    refused(refresh(second["refresh_token"]))
    assert Api(second["access_token"]).get("/users/me").status_code == 401
    assert len(entries(ActivityType.LOGIN_FAILED)) == 1
    assert "came a second time" in entries(ActivityType.LOGIN_FAILED)[0]


@pytest.mark.parametrize("token", [" ", "tms_ref_unknown", "x" * 200, "\x00"])
def test_what_was_never_a_refresh_token_is_refused(token):
    refused(refresh(token))


def test_a_log_in_ends_after_two_weeks(requester):
    first = services.start_login(actor=requester, at=timezone.now() - timedelta(days=14, minutes=1))
    refused(refresh(first.refresh_token))
    assert ApiLogin.objects.count() == 0


def test_only_digests_are_stored(requester):
    token = log_in(requester.email).json()["refresh_token"]
    assert token.startswith("tms_ref_")
    stored = RefreshToken.objects.get()
    assert len(stored.digest) == 64
    assert token not in str(vars(stored))


def test_old_log_ins_make_room(requester, monkeypatch):
    monkeypatch.setattr(services, "MOST_LOGINS", 3)
    tokens = [services.start_login(actor=requester) for _ in range(5)]
    alive = [Api(issued.access_token).get("/users/me").status_code for issued in tokens]
    assert alive == [401, 401, 200, 200, 200]


# --- What ends tokens -----------------------------------------------------------------------------------------------


def test_an_access_token_ends_after_half_an_hour(requester):
    login = services.start_login(actor=requester, at=timezone.now() - timedelta(minutes=31))
    problem = refused(Api(login.access_token).get("/users/me"))
    assert problem["detail"] == "This token has expired. Get a new one."


@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
def test_revoking_either_token_logs_out_and_is_logged_once(requester, kind):
    tokens = log_in(requester.email).json()
    for _ in range(2):
        response = Api().form("/token/revoke", token=tokens[kind])
        assert (response.status_code, response.json()) == (200, {})
    refused(Api(tokens["access_token"]).get("/users/me"))
    refused(refresh(tokens["refresh_token"]))
    assert entries(ActivityType.LOGOUT) == ["Logged out of the API."]


def test_revoking_nonsense_says_the_same():
    assert Api().form("/token/revoke", token="nonsense").json() == {}


def changes():
    def password(user, sysadmin):
        accounts.set_password(actor=user, user=user, password="Unheard-of-1")

    def role(user, sysadmin):
        accounts.change_user(actor=sysadmin, user=user, changes={"role": "agent"})

    def deactivation(user, sysadmin):
        accounts.deactivate_user(actor=sysadmin, user=user)
        accounts.activate_user(actor=sysadmin, user=user)

    def anonymisation(user, sysadmin):
        accounts.anonymise_user(actor=sysadmin, user=user)

    def behind_the_services(user, sysadmin):
        user.set_password("Unheard-of-1")
        user.save()

    return [password, role, deactivation, anonymisation, behind_the_services]


@pytest.mark.parametrize("change", changes(), ids=lambda change: change.__name__)
def test_password_role_and_deactivation_end_all_tokens(requester, sysadmin, change):
    tokens = log_in(requester.email).json()
    personal = services.create_personal_token(actor=requester, name="Report", scope="read", days=7).secret
    change(requester, sysadmin)
    refused(Api(tokens["access_token"]).get("/users/me"))
    refused(Api(personal).get("/users/me"))
    refused(refresh(tokens["refresh_token"]))


def test_another_name_ends_no_token(requester):
    program = api(requester)
    accounts.update_profile(actor=requester, user=requester, changes={"username": "Jane D."})
    assert program.get("/users/me").json()["username"] == "Jane D."


# --- Forgery --------------------------------------------------------------------------------------------------------


def key_of_tms():
    return access._signing_key()  # noqa: SLF001 - only a thief of the key could forge the rest


def forged(requester, **changes):
    login = ApiLogin.objects.select_related("user").get()
    good = jwt.decode(access.issue(login, now=timezone.now()), options={"verify_signature": False})
    return good | changes


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": "another"},
        {"iss": "another"},
        {"fpr": "0" * 64},
        {"sub": "987654321"},
        {"sid": 0},
        {"exp": 1},
        {"sub": "x"},
    ],
    ids=str,
)
def test_a_token_with_another_claim_is_refused(requester, changed, settings):
    log_in(requester.email)
    key = key_of_tms()
    token = jwt.encode(forged(requester, **changed), key, algorithm="HS256")
    refused(Api(token).get("/users/me"))
    assert Api(jwt.encode(forged(requester), key, algorithm="HS256")).get("/users/me").status_code == 200


def test_a_token_that_others_or_nobody_signed_is_refused(requester):
    log_in(requester.email)
    claims = forged(requester)
    refused(Api(jwt.encode(claims, "k" * 32, algorithm="HS256")).get("/users/me"))
    refused(Api(jwt.encode(claims, None, algorithm="none")).get("/users/me"))


def test_with_rs256_whoever_has_the_public_key_can_check_tokens(requester, settings):
    before = log_in(requester.email).json()["access_token"]
    key = rsa.generate_private_key(65537, 2048)
    settings.JWT_ALGORITHM = "RS256"
    settings.JWT_PRIVATE_KEY = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    token = log_in(requester.email).json()["access_token"]
    claims = jwt.decode(token, access.public_key(), algorithms=["RS256"], audience="tms-api")
    assert claims["sub"] == str(requester.pk)
    assert Api(token).get("/users/me").status_code == 200
    refused(Api(before).get("/users/me"))
    # The public key is no secret: what somebody signs with it as if it were one is worth nothing.
    mixed = f"{_part({'alg': 'HS256', 'typ': 'JWT'})}.{_part(claims)}"
    signature = hmac.digest(access.public_key().encode(), mixed.encode(), "sha256")
    refused(Api(f"{mixed}.{_base64(signature)}").get("/users/me"))


def _base64(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _part(value):
    return _base64(json.dumps(value).encode())


def test_tokens_survive_a_new_secret_key_while_the_old_one_is_known(requester, settings):
    tokens = log_in(requester.email).json()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 60, [settings.SECRET_KEY]
    assert Api(tokens["access_token"]).get("/users/me").status_code == 200
    assert refresh(tokens["refresh_token"]).status_code == 200
    settings.SECRET_KEY_FALLBACKS = []
    refused(Api(tokens["access_token"]).get("/users/me"))


def test_a_log_in_that_ends_meanwhile_gives_no_new_tokens(requester):
    first = services.start_login(actor=requester)
    with rival(lambda: ApiLogin.objects.all().delete(), before='SELECT "accounts_apilogin"'):
        assert services.refresh(refresh_token=first.refresh_token) is None
    assert not RefreshToken.objects.exists()


def test_a_log_in_ends_once_and_is_told_once(requester):
    services.start_login(actor=requester)
    login = ApiLogin.objects.get()
    assert services.end_login(actor=requester, login_id=login.pk)
    assert not services.end_login(actor=requester, login_id=login.pk)
    assert len(entries(ActivityType.LOGOUT)) == 1
