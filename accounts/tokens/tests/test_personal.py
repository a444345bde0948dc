"""Personal access tokens in use (docs/security.md, row 26)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.tokens import services
from accounts.tokens.models import PersonalToken
from tms_site.tests.api.client import Api

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
