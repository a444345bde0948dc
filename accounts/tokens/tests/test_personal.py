"""Personal access tokens in use (docs/security.md, row 26)."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from accounts.tokens import services
from accounts.tokens.models import PersonalToken
from tms_site.lib.errors import ServiceError
from tms_site.tests.api.client import Api
from tms_site.tests.rivals import rival

pytestmark = pytest.mark.django_db


def make(user, **fields):
    return services.create_personal_token(actor=user, **({"name": "Report", "scope": "read", "days": 7} | fields))


def test_only_a_digest_is_stored(requester):
    made = make(requester)
    assert made.secret.startswith("tms_pat_")
    stored = PersonalToken.objects.get()
    assert made.secret not in str(vars(stored))
    assert len(stored.digest) == 64


def test_a_token_expires(requester):
    made = make(requester, at=timezone.now() - timedelta(days=7, minutes=1))
    response = Api(made.secret).get("/users/me")
    assert response.status_code == 401
    assert "has expired" in response.json()["detail"]


def test_a_token_that_reads_does_not_write_and_one_that_writes_does(requester):
    body = {"title": "Kite", "description": "Wind"}
    assert Api(make(requester, scope="read").secret).post("/tickets", body).status_code == 403
    assert Api(make(requester, scope="write").secret).post("/tickets", body).status_code == 201


def test_use_is_noted_at_most_once_a_minute(requester):
    made = make(requester)
    program = Api(made.secret)
    program.get("/users/me")
    first = PersonalToken.objects.get().last_used_at
    program.get("/users/me")
    assert PersonalToken.objects.get().last_used_at == first
    PersonalToken.objects.update(last_used_at=first - timedelta(minutes=1))
    program.get("/users/me")
    assert PersonalToken.objects.get().last_used_at > first - timedelta(minutes=1)


@pytest.mark.parametrize("token", ["tms_pat_", "tms_pat_ ", "tms_pat_" + "x" * 43, "tms_pat_" + "x" * 5000, " ", ""])
def test_what_was_never_a_token_opens_nothing(requester, token):
    make(requester)
    assert Api(token).get("/users/me").status_code == 401


def test_letters_in_another_case_are_another_token(requester):
    assert Api(make(requester).secret.swapcase()).get("/users/me").status_code == 401


def test_a_personal_token_can_be_revoked_by_whoever_has_it(requester):
    made = make(requester)
    Api().form("/token/revoke", token=made.secret)
    assert PersonalToken.objects.count() == 0


def test_a_token_is_good_for_one_of_the_periods_that_are_offered(requester):
    for days in services.LIFETIMES:
        make(requester, days=days)
    for days in (0, -1, 8, 366, 10**9):
        with pytest.raises(ValidationError, match="Choose one of the periods"):
            make(requester, days=days)
    assert PersonalToken.objects.count() == len(services.LIFETIMES)


def test_there_is_an_end_to_tokens(requester, other_requester):
    for _token in range(services.MOST_PERSONAL_TOKENS):
        make(requester)
    with pytest.raises(ServiceError, match="50 tokens already"):
        make(requester)
    assert make(other_requester).secret


def test_the_same_form_again_shows_no_secret_again(requester):
    first, again = (make(requester, client_token="t") for _time in range(2))
    assert (again.token, again.secret) == (first.token, "")


def test_a_form_that_came_twice_at_once_makes_one_token(requester):
    # The second savepoint stands before the row: right then, the other one commits.
    with rival(lambda: make(requester, client_token="t"), before="SAVEPOINT", passing=1):
        made = make(requester, client_token="t")
    assert (made.token, made.secret) == (PersonalToken.objects.get(), "")


def test_a_token_that_the_database_refuses_for_another_reason_is_an_error(requester):
    def vanishing():
        make(requester, client_token="t")

    overtaken = rival(vanishing, before='INSERT INTO "accounts_personaltoken"')
    with overtaken, pytest.raises(IntegrityError):
        make(requester, client_token="t")
    assert not PersonalToken.objects.exists()
