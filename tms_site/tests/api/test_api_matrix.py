"""Every operation x everybody has its expected answer (docs/security.md, rows 1, 2); tokens instead of sessions."""

import copy
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.tokens import access
from accounts.tokens.models import ApiLogin
from accounts.tokens.secret import fingerprint
from tms_site.api import api as ninja_api
from tms_site.openapi import document
from tms_site.tests.api.client import PROBLEM, Api
from tms_site.tests.api.matrix import FURTHER, OPERATIONS
from tms_site.tests.house import (
    NOBODY,
    PEOPLE,
    addresses,
    assert_guarded,
    assert_private,
    rows,
    stable,
    undone,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits")]

ALL = {**OPERATIONS, **FURTHER}
REFUSED = {"401", "403", "404", "405", "409", "412", "422", "428"}


def program(world, person, scope="write"):
    """Return somebody's program; that of somebody deactivated has a token from before."""
    if person == "anonymous":
        return Api()
    user = copy.copy(world.people[person])
    user.is_active = True
    login = ApiLogin.objects.create(
        user=user, scope=scope, fingerprint=fingerprint(user), expires_at=timezone.now() + timedelta(days=1)
    )
    return Api(access.issue(login, now=timezone.now()))


def send(sender, world, operation, path=None):
    path = world.path(path or operation.path)
    if operation.form:
        return sender.form(path, **operation.data)
    if operation.upload:
        return sender.upload(path, **filled(world, operation.data or {}))
    return sender.send(operation.method, path, filled(world, operation.data), **operation.headers)


def filled(world, data):
    """Return a body with the numbers of the world where it names them."""
    if not isinstance(data, dict):
        return data
    return {name: int(world.path(value)) if str(value).startswith("{") else value for name, value in data.items()}


def check(response):
    assert_guarded(response)
    assert_private(response)
    if response.status_code >= 400:
        assert response["Content-Type"] == PROBLEM
        assert response.json()["status"] == response.status_code
        assert response.json()["request_id"] == response["X-Request-ID"]
    assert response.has_header("WWW-Authenticate") or response.status_code != 401
    return str(response.status_code)


def expected(operation):
    return dict(zip(PEOPLE, operation.answers.split(), strict=True))


def test_every_operation_has_a_row():
    described = {
        (operation["operationId"], method.upper())
        for operations in document()["paths"].values()
        for method, operation in operations.items()
    }
    assert described == {(name, operation.method) for name, operation in OPERATIONS.items()}
    named = {address.name.removeprefix("api:") for address in addresses() if address.name.startswith("api:")}
    assert named - {"api-root"} == set(OPERATIONS)
    assert ninja_api.docs_url is None


@pytest.mark.parametrize("name", ALL)
def test_everybody_gets_the_expected_answer_and_a_refusal_changes_nothing(world, name):
    operation = ALL[name]
    before = rows()
    found = {}
    for person in PEOPLE:
        with undone():
            found[person] = check(send(program(world, person), world, operation))
            if found[person] in REFUSED or operation.method == "GET":
                assert rows() == before, person
    assert found == expected(operation)


@pytest.mark.parametrize("name", [name for name, each in ALL.items() if each.method != "GET" and not each.form])
def test_a_token_that_only_reads_changes_nothing(world, name):
    if ALL[name].answers.startswith("2"):
        pytest.skip("asks for no token")
    before = rows()
    for person in ("owner", "agent", "sysadmin"):
        assert check(send(program(world, person, "read"), world, ALL[name])) == "403"
    assert rows() == before


@pytest.mark.parametrize("name", [name for name, each in ALL.items() if "{" in each.path and "404" in each.answers])
def test_a_foreign_number_answers_like_one_that_does_not_exist(world, name):
    operation = ALL[name]
    sender = program(world, "stranger")
    for placeholder in ("{ticket}", "{view}"):
        if placeholder in operation.path:
            foreign = send(sender, world, operation)
            missing = send(sender, world, operation, operation.path.replace(placeholder, "{nobody}"))
            assert foreign.status_code == missing.status_code == 404
            assert stable(foreign.content) == stable(missing.content, NOBODY)


@pytest.mark.parametrize("method", ["PUT", "TRACE", "OPTIONS", "POST", "DELETE", "PATCH", "PURGE"])
def test_other_methods_get_405_with_those_that_there_are(world, method):
    known = {}
    for operation in OPERATIONS.values():
        known.setdefault(operation.path.partition("?")[0], set()).add(operation.method)
    before = rows()
    for path, methods in known.items():
        if method in methods:
            continue
        response = program(world, "sysadmin").send(method, world.path(path))
        assert check(response) == "405"
        assert response["Allow"]
    assert rows() == before


def test_head_is_answered_like_get_without_a_body(world):
    response = program(world, "owner").send("HEAD", world.path("/tickets/{ticket}"))
    assert response.status_code == 200
    assert response["ETag"]
    assert response.content == b""


@pytest.mark.parametrize("path", ["/", "/nothing", "/tickets/", "/tickets/x", "/tickets/-1", "/tickets/1e3"])
def test_what_does_not_exist_is_a_problem_document(path):
    assert check(Api().get(path)) in {"404", "405"}


SEARCHES = [
    ("q=Zeppelin", "q=Nothing1"),
    ("q=leaks", "q=xeaks"),
    ("q=%23{ticket}", "q=%23{nobody}"),
    ("requester={user}", "requester={nobody}"),
    ("requester=owner@example.com", "requester=nobod@example.com"),
    ("assigned_agent={agent}", "assigned_agent={nobody}"),
    ("assigned_agent=agent@example.com", "assigned_agent=agenx@example.com"),
]


@pytest.mark.parametrize(("hit", "miss"), SEARCHES)
def test_a_search_for_what_one_may_not_see_answers_as_if_it_were_not_there(world, hit, miss):
    sender = program(world, "stranger")
    found = []
    for query in map(world.path, (hit, miss)):
        response = sender.get(f"/tickets?{query}")
        sent = query.partition("=")[2]
        found.append((response.status_code, stable(response.content.replace(sent.encode(), b"WORD"))))
    assert found[0] == found[1]
    assert found[0][0] in {200, 422}
    assert b"Zeppelin" not in found[0][1]


@pytest.mark.parametrize("number", ["{user}", "{nobody}"])
def test_a_requester_cannot_tell_who_exists(world, number):
    body = {"title": "Kite", "description": "Wind", "requester": int(world.path(number))}
    response = program(world, "stranger").post("/tickets", body)
    assert response.status_code == 403
    assert response.json()["detail"] == "Only helpdesk agents can do that."
