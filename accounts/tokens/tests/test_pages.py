"""Personal access tokens on the profile: made, shown once, listed, revoked."""

import re

import pytest

from accounts.tokens import services
from accounts.tokens.models import PersonalToken
from activity.enums import ActivityType
from activity.models import ActivityLog
from tms_site.tests.api.client import Api

pytestmark = pytest.mark.django_db

PAGE = "/accounts/tokens/"
FORM = {"name": "Nightly report", "scope": "read", "days": "30", "client_token": "abc"}


def make(user, **fields):
    return services.create_personal_token(actor=user, **({"name": "Report", "scope": "read", "days": 7} | fields))


def details():
    return list(ActivityLog.objects.order_by("pk").values_list("activity_type", "details"))


def test_a_token_is_shown_once_and_works(client_for, requester):
    browser = client_for(requester)
    page = browser.post(PAGE, FORM).content.decode()
    (secret,) = set(re.findall(r"tms_pat_[\w-]{43}", page))
    assert Api(secret).get("/users/me").json()["email"] == requester.email
    page = browser.get(PAGE).content.decode()
    assert "Nightly report" in page
    assert secret not in page
    assert details()[-1][1] == "Made the personal access token “Nightly report”."


def test_the_same_form_sent_twice_makes_one_token_and_shows_it_once(client_for, requester):
    browser = client_for(requester)
    browser.post(PAGE, FORM)
    response = browser.post(PAGE, FORM, follow=True)
    assert PersonalToken.objects.count() == 1
    assert "tms_pat_" not in response.content.decode().replace("tms_pat_…", "")
    assert "exists already" in response.content.decode()


@pytest.mark.parametrize(
    ("field", "value"), [("name", ""), ("name", "x" * 61), ("name", "a\x00b"), ("scope", "admin"), ("days", "9999")]
)
def test_a_form_with_mistakes_is_shown_again_with_what_was_typed(client_for, requester, field, value):
    response = client_for(requester).post(PAGE, FORM | {field: value})
    assert response.status_code == 422
    assert "There is a problem" in response.content.decode()
    assert PersonalToken.objects.count() == 0


def test_a_token_is_revoked_after_a_question(client_for, requester):
    made = make(requester)
    browser = client_for(requester)
    path = f"{PAGE}{made.token.pk}/revoke/"
    assert "Revoke this token?" in browser.get(path).content.decode()
    assert PersonalToken.objects.count() == 1
    assert 'name="client_token"' in browser.get(path).content.decode()
    for _time in range(2):
        assert browser.post(path, {"client_token": "abc"})["Location"] == PAGE
    assert PersonalToken.objects.count() == 0
    assert Api(made.secret).get("/users/me").status_code == 401
    assert details()[-1] == (ActivityType.DELETE, "Revoked the personal access token “Report”.")


def test_nobody_sees_or_revokes_anothers_token(client_for, requester, sysadmin):
    made = make(requester, name="Mine alone")
    browser = client_for(sysadmin)
    assert "Mine alone" not in browser.get(PAGE).content.decode()
    for method in (browser.get, browser.post):
        assert method(f"{PAGE}{made.token.pk}/revoke/").status_code == 404
    assert PersonalToken.objects.count() == 1


def test_there_is_an_end_to_how_many_one_may_have(requester, monkeypatch):
    monkeypatch.setattr(services, "MOST_PERSONAL_TOKENS", 1)
    make(requester)
    with pytest.raises(services.ServiceError, match="1 tokens already"):
        make(requester)


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_the_page_takes_the_same_queries_for_many_tokens(client_for, requester, rows, django_assert_num_queries):
    for _row in range(rows):
        make(requester)
    browser = client_for(requester)
    with django_assert_num_queries(4):
        browser.get(PAGE)
