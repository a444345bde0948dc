"""The second factor: for everybody who wants it, and for the roles that must have it."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.factories import PASSWORD, UserFactory
from accounts.services.second_factor import is_enrolled, use_code
from accounts.tests.totp import SECRET, code_of
from activity.enums import ActivityType
from activity.models import ActivityLog
from tms_site.tests.api.client import Api

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"
SECOND_STEP = "/accounts/2fa/authenticate/"
PROFILE = "/accounts/profile/"
ACTIVATE = "/accounts/2fa/totp/activate/"
DEACTIVATE = "/accounts/2fa/totp/deactivate/"


def log_in(user) -> Client:
    client = Client()
    client.post(LOGIN, {"login": user.email, "password": PASSWORD})
    return client


def entries_of_failures() -> list[str]:
    return list(ActivityLog.objects.filter(activity_type=ActivityType.LOGIN_FAILED).values_list("details", flat=True))


def confirm(client: Client, url: str):
    """Open a page that asks for the password again."""
    response = client.get(url)
    assert response.url.startswith("/accounts/reauthenticate/")
    return client.post(response.url, {"password": PASSWORD})


def enrol(client: Client) -> str:
    confirm(client, ACTIVATE)
    secret = client.get(ACTIVATE).context["form"].secret
    response = client.post(ACTIVATE, {"code": code_of(secret)})
    assert response.url == reverse("mfa_view_recovery_codes")
    return secret


@pytest.mark.parametrize("role", ["requester", "agent", "sysadmin"])
def test_everybody_may_have_a_second_factor(role):
    user = UserFactory(role=role)
    secret = enrol(log_in(user))
    client = Client()
    response = client.post(LOGIN, {"login": user.email, "password": PASSWORD})
    assert response.url == reverse("mfa_authenticate")
    assert client.get(PROFILE).status_code == 302
    response = client.post(response.url, {"code": code_of(secret, ahead=1)})
    assert response.url == "/"
    assert client.get(PROFILE).status_code == 200
    assert "On: manage it" in client.get(PROFILE).content.decode()


def test_an_unverified_address_is_no_obstacle_where_addresses_are_not_verified():
    enrol(log_in(UserFactory(verified=False)))


def test_a_recovery_code_works_once(requester):
    enrol(log_in(requester))
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    assert len(codes) == 10
    for expected in (302, 422):
        client = log_in(requester)
        assert client.post(SECOND_STEP, {"code": codes[0]}).status_code == expected


# Each way in that takes a code, and whether it took it.
def by_page(user, code) -> bool:
    return log_in(user).post(SECOND_STEP, {"code": code}).status_code == 302


def by_api(user, code) -> bool:
    return Api().form("/token", username=user.email, password=PASSWORD, otp=code).status_code == 200


def by_confirming(user, code) -> bool:
    client = Client()
    client.force_login(user)
    return client.post("/accounts/2fa/reauthenticate/", {"code": code}).status_code == 302


WAYS_IN = [by_page, by_api, by_confirming]


@pytest.mark.parametrize("second", WAYS_IN)
@pytest.mark.parametrize("first", WAYS_IN)
def test_a_code_works_once_wherever_and_however_late_it_comes_again(requester, first, second, fresh_limits):
    TOTP.activate(requester, SECRET)
    code = code_of()
    assert first(requester, code)
    assert not second(requester, code)
    # After half a minute the cache knows nothing of it any more.
    cache.clear()
    assert not second(requester, code)
    assert second(requester, code_of(ahead=1))


@pytest.mark.parametrize("way_in", WAYS_IN)
def test_a_code_from_before_one_that_was_used_does_not_work(requester, way_in, fresh_limits):
    TOTP.activate(requester, SECRET)
    assert way_in(requester, code_of(ahead=1))
    assert not way_in(requester, code_of())


def test_the_code_that_set_it_up_is_used(requester, fresh_limits):
    secret = enrol(log_in(requester))
    assert not by_page(requester, code_of(secret))
    assert by_page(requester, code_of(secret, ahead=1))


def test_a_second_factor_that_was_set_up_anew_begins_anew(requester, fresh_limits):
    client = log_in(requester)
    secret = enrol(client)
    assert by_page(requester, code_of(secret, ahead=1))
    client.post(DEACTIVATE)
    assert by_page(requester, code_of(enrol(log_in(requester)), ahead=1))


def test_only_a_code_of_ones_own_app_is_taken(requester, agent):
    TOTP.activate(requester, SECRET)
    assert not use_code(requester, "none")
    assert not use_code(agent, code_of())
    assert use_code(requester, code_of())


def test_a_code_that_comes_again_is_told_as_a_failure(requester, fresh_limits):
    TOTP.activate(requester, SECRET)
    code = code_of()
    by_page(requester, code)
    cache.clear()
    by_page(requester, code)
    assert f"Failed to log in as {requester.email}: wrong second factor." in entries_of_failures()


def test_wrong_codes_are_limited(requester, fresh_limits):
    enrol(log_in(requester))
    client = log_in(requester)
    answers = [client.post(SECOND_STEP, {"code": "000000"}) for _try in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert answers[-1]["Retry-After"] == "300"


def test_passwords_asked_for_again_are_limited(requester, fresh_limits):
    client = log_in(requester)
    answers = [client.post("/accounts/reauthenticate/", {"password": "wrong"}).status_code for _try in range(6)]
    assert answers == [422] * 5 + [429]


def test_setting_it_up_takes_the_password_again(requester, client_for):
    assert client_for(requester).get(ACTIVATE).url.startswith("/accounts/reauthenticate/")
    assert client_for(requester).post(ACTIVATE, {"code": "1"}).url.startswith("/accounts/reauthenticate/")
    assert not Authenticator.objects.exists()


def test_one_may_switch_it_off_where_the_role_does_not_need_it(requester):
    client = log_in(requester)
    enrol(client)
    assert client.get(DEACTIVATE).status_code == 200
    client.post(DEACTIVATE)
    assert not Authenticator.objects.exists()


def test_one_may_not_switch_it_off_where_the_role_needs_it(agent, settings):
    settings.REQUIRE_MFA_ROLES = ["agent", "sysadmin"]
    client = log_in(agent)
    enrol(client)
    response = client.post(DEACTIVATE)
    assert response.status_code == 422
    assert "Your role needs a second factor" in response.content.decode()
    assert Authenticator.objects.filter(type="totp").exists()


# --- Roles that must have one ----------------------------------------------------------------------------------------


@pytest.fixture
def required(settings):
    settings.REQUIRE_MFA_ROLES = ["agent", "sysadmin"]


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/tickets/",
        "/tickets/new/",
        "/activity/",
        "/permissions/",
        PROFILE,
        "/admin/",
        "/accounts/2fa/",
        "/accounts/sessions/",
        "/accounts/password/change/",
    ],
)
@pytest.mark.parametrize("role", ["agent", "sysadmin"])
def test_nothing_but_enrolment_opens(required, client_for, path, role):
    client = client_for(UserFactory(role=role))
    assert client.get(path).url == ACTIVATE
    assert client.post(path).url == ACTIVATE


def test_a_reason_is_shown_with_the_redirect(required, client_for, agent):
    client = client_for(agent)
    client.get("/tickets/")
    assert [str(message) for message in client.get("/accounts/reauthenticate/").context["messages"]] == [
        "Your role needs a second factor. Set it up to go on."
    ]


def test_htmx_is_sent_there_too(required, client_for, agent):
    response = client_for(agent).get("/tickets/", headers={"HX-Request": "true"})
    assert (response.status_code, response["HX-Redirect"]) == (200, ACTIVATE)


def test_after_enrolment_everything_opens(required, agent):
    client = log_in(agent)
    assert client.get(PROFILE).url == ACTIVATE
    enrol(client)
    assert client.get(PROFILE).status_code == 200


def test_a_requester_needs_none(required, client_for, requester):
    assert client_for(requester).get(PROFILE).status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/accounts/logout/"])
def test_logging_out_and_health_stay_open(required, client_for, agent, path):
    assert client_for(agent).get(path).status_code == 200


def test_visitors_are_sent_to_the_log_in(required, anonymous):
    assert anonymous.get(LOGIN).status_code == 200
    assert anonymous.get(PROFILE).url.startswith(LOGIN)


def test_a_factor_that_goes_while_none_is_needed_is_missed_in_each_session_once_one_is(settings, agent):
    settings.REQUIRE_MFA_ROLES = ["agent"]
    client = log_in(agent)
    secret = enrol(client)
    other = log_in(agent)
    other.post(SECOND_STEP, {"code": code_of(secret, ahead=1)})
    assert [each.get(PROFILE).status_code for each in (client, other)] == [200, 200]
    settings.REQUIRE_MFA_ROLES = []
    client.post(DEACTIVATE)
    settings.REQUIRE_MFA_ROLES = ["agent"]
    assert [each.get(PROFILE).url for each in (client, other)] == [ACTIVATE, ACTIVATE]


def test_where_no_role_needs_one_nobody_is_looked_up(settings, agent, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert is_enrolled(agent)
    settings.REQUIRE_MFA_ROLES = ["agent"]
    with django_assert_num_queries(1):
        assert not is_enrolled(agent)
