"""Every failure is a problem document (RFC 9457) that says what to do, and nothing about the inside."""

import json
from urllib.parse import unquote_to_bytes

import pytest
from django.test import Client

from tickets.factories import TicketFactory
from tickets.models import Ticket
from tms_site.tests.api.client import FORM, JSON, PROBLEM, ROOT, Api, api, errors, token_for
from tms_site.tests.slow import slowly
from tms_site.tests.test_bad_input import HOSTILE
from tms_site.tests.test_health import database_away
from tms_site.tests.xss_corpus import XSS

pytestmark = pytest.mark.django_db


def raw(user, body, content_type=JSON, path="/tickets"):
    return Client(raise_request_exception=False).generic(
        "POST", ROOT + path, body, content_type, headers={"Authorization": f"Bearer {token_for(user)}"}
    )


def problem(response, status):
    assert response.status_code == status, response.content
    assert response["Content-Type"] == PROBLEM
    document = response.json()
    assert {"type", "title", "status", "detail", "request_id"} <= set(document)
    assert document["status"] == status
    assert document["request_id"] == response["X-Request-ID"]
    assert document["detail"]
    return document


@pytest.mark.parametrize(
    "body",
    [
        b"{", b"", b"\xff\xfe", b'{"title": NaN, "description": "x"}', b'{"title": "a", "title": "b"}', b"nonsense",
        b"[" * 100_000, b'{"requester": ' + b"9" * 5000 + b"}", "{\u201ctitle\u201d: 1}".encode(),
    ],
    ids=lambda body: body[:20],
)  # fmt: skip # one body beside the other
def test_what_is_no_json_is_refused(requester, body):
    response = raw(requester, body)
    problem(response, 422 if not body else 400)
    assert Ticket.objects.count() == 0


@pytest.mark.parametrize("content_type", [FORM, "text/plain", "multipart/form-data; boundary=x", "application/xml"])
def test_another_type_of_body_is_refused(requester, content_type):
    problem(raw(requester, b'{"title": "Kite", "description": "Wind"}', content_type), 415)


def test_json_may_say_its_charset(requester):
    body = b'{"title": "Kite", "description": "Wind"}'
    assert raw(requester, body, "application/json; charset=utf-8").status_code == 201


def test_too_much_at_once_is_refused(requester, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    problem(raw(requester, json.dumps({"title": "x", "description": "y" * 2000}).encode()), 413)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_make_no_server_fail(agent, name):
    ticket = TicketFactory()
    value = text_of(HOSTILE[name])
    program = api(agent)
    for path in ("/tickets", f"/tickets/{ticket.pk}/comments", "/views", "/users"):
        for field in ("title", "description", "name", "parameters", "requester", "email", "is_internal"):
            response = program.post(path, {"title": "Kite", "description": "Wind", "name": "Kite", field: value})
            assert response.status_code < 500, (path, field)
    for field in ("title", "status", "assigned_agent", "resolution_date"):
        assert program.patch(f"/tickets/{ticket.pk}", {field: value}, If_Match="*").status_code < 500
    for field in ("q", "requester", "cursor", "created_after", "view", "limit"):
        response = program.client.get(f"{ROOT}/tickets?{field}={HOSTILE[name]}", headers=program.headers)
        assert response.status_code < 500
    for header in ("If_Match", "Idempotency_Key", "If_None_Match", "Authorization"):
        sent = value.encode("ascii", "replace").decode().replace("\r", "").replace("\n", "")[:2000]
        assert program.patch(f"/tickets/{ticket.pk}", {"priority": "low"}, **{header: sent}).status_code < 500


def text_of(quoted):
    """Return what a hostile value would be in JSON, where halves of characters can be written."""
    raw = unquote_to_bytes(quoted)
    try:
        return raw.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def test_half_a_character_in_a_body_is_refused_and_named(requester):
    response = raw(requester, b'{"title": "a\\ud800b", "description": "Wind"}')
    problem(response, 422)
    assert set(errors(response)) == {"title"}


def test_scripts_are_only_texts(agent):
    program = api(agent)
    for text in XSS:
        response = program.post("/tickets", {"title": text[:255], "description": text})
        assert response.status_code in (201, 422)
        assert response["Content-Type"] in (JSON, PROBLEM)
        assert response["X-Content-Type-Options"] == "nosniff"
        if response.status_code == 201:
            assert program.get(f"/tickets/{response.json()['id']}").json()["description"] == text.strip()


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away_is_503_and_says_when_to_come_back(requester, tmp_path):
    program = api(requester)
    with database_away(tmp_path):
        response = program.get("/tickets")
    document = problem(response, 503)
    assert response["Retry-After"]
    assert "sql" not in json.dumps(document).lower()


def test_a_list_that_takes_too_long_is_given_up(agent, settings, monkeypatch):
    settings.LIST_TIME_LIMIT = 0.05
    TicketFactory()
    visible_to = type(Ticket.objects.all()).visible_to
    program = api(agent)
    monkeypatch.setattr(type(Ticket.objects.all()), "visible_to", lambda self, actor: slowly(visible_to(self, actor)))
    assert problem(program.get("/tickets?sort=title"), 503)["type"] == "urn:tms:problem:too-slow"


def test_a_failure_of_our_own_shows_nothing_of_the_inside(agent, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("the inside")

    program = api(agent)
    monkeypatch.setattr("tickets.services.note_listed", fail)
    document = problem(program.get("/tickets"), 500)
    assert "inside" not in json.dumps(document)


def test_addresses_that_are_not_utf_8_are_refused():
    problem(Client(raise_request_exception=False).get(f"{ROOT}/tickets?q=%FF"), 400)


# --- Other origins --------------------------------------------------------------------------------------------------

ORIGIN = "https://intranet.example.com"


def test_other_origins_are_let_in_only_where_they_are_named(requester, settings):
    program = api(requester)
    assert not program.get("/tickets", Origin=ORIGIN).has_header("Access-Control-Allow-Origin")
    settings.CORS_ALLOWED_ORIGINS = [ORIGIN]
    response = program.get("/tickets", Origin=ORIGIN)
    assert response["Access-Control-Allow-Origin"] == ORIGIN
    assert "ETag" in response["Access-Control-Expose-Headers"]
    assert not response.has_header("Access-Control-Allow-Credentials")
    assert not program.get("/tickets", Origin="https://evil.example.com").has_header("Access-Control-Allow-Origin")
    preflight = Api().send("OPTIONS", "/tickets/1", Origin=ORIGIN, Access_Control_Request_Method="PATCH")
    assert "if-match" in preflight["Access-Control-Allow-Headers"]
    page = Client().get("/accounts/login/", headers={"Origin": ORIGIN})
    assert not page.has_header("Access-Control-Allow-Origin")


def test_errors_can_be_read_by_other_origins_too(settings):
    settings.CORS_ALLOWED_ORIGINS = [ORIGIN]
    response = Api().get("/tickets", Origin=ORIGIN)
    assert (response.status_code, response["Access-Control-Allow-Origin"]) == (401, ORIGIN)
