"""Health, and the pages for when something goes wrong (docs/security.md, row 28)."""

import logging
import re
import socket
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from activity.policies import can_see_log
from tickets.factories import TicketFactory
from tickets.models import Ticket
from tms_site.backup import mark
from tms_site.tests.urls_broken import SECRET

TRACES = ("Traceback", "File &quot;", 'File "', "Exception", "Error at", "/site-packages/", "tms_site.", "DEBUG = True")


def visitor(**kwargs):
    return Client(raise_request_exception=False, **kwargs)


def logged_in(user, **kwargs):
    client = visitor(**kwargs)
    client.force_login(user)
    return client


def unused_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextmanager
def database_away(tmp_path):
    """Let the connection lead to a file that can't be opened, or to a port where nobody answers."""
    present = dict(connection.settings_dict)
    connection.close()
    try:
        if connection.vendor == "sqlite":
            connection.settings_dict["NAME"] = str(tmp_path / "gone" / "tms.sqlite3")
        else:
            connection.settings_dict.update(HOST="127.0.0.1", PORT=str(unused_port()))
        yield
    finally:
        connection.close()
        connection.settings_dict.update(present)


def assert_explains_itself(response, status):
    html = response.content.decode()
    assert response.status_code == status
    assert response["Content-Type"].startswith("text/html")
    assert "<h1" in html
    assert re.search(r"<title>\s*\S", html)
    assert "css/tms" in html
    request_id = response["X-Request-ID"]
    assert re.fullmatch(r"[0-9a-f]{32}", request_id)
    assert request_id in html
    assert re.search(r"<(a|button)\b", html)
    assert not [trace for trace in TRACES if trace in html]


def test_healthz_says_that_the_process_is_alive(db):
    response = visitor().get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")


def test_readyz_says_that_database_and_migrations_are_fine(db):
    response = visitor().get("/readyz")
    assert (response.status_code, response.content) == (200, b"ready\n")


def test_readyz_refuses_while_a_migration_is_missing(db):
    MigrationRecorder.Migration.objects.filter(app="tickets").delete()
    response = visitor().get("/readyz")
    assert (response.status_code, response.content) == (503, b"migrations pending\n")


@pytest.mark.django_db(transaction=True)
def test_readyz_refuses_while_a_restore_is_not_at_its_end():
    mark.put()
    response = visitor().get("/readyz")
    mark.take_away()
    assert (response.status_code, response.content) == (503, b"restore unfinished\n")
    assert visitor().get("/readyz").status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_health_answers_reading_only(db, path, method):
    assert getattr(visitor(), method)(path).status_code == 405


@pytest.mark.django_db(transaction=True)
def test_while_the_database_is_away_people_are_told_so_and_afterwards_all_goes_on(requester, tmp_path):
    ticket = TicketFactory(requester=requester)
    client, stranger = logged_in(requester), visitor()
    page = f"/tickets/{ticket.pk}/"
    assert client.get(page).status_code == 200
    with database_away(tmp_path):
        assert stranger.get("/healthz").status_code == 200
        ready = stranger.get("/readyz")
        assert (ready.status_code, ready.content) == (503, b"database unavailable\n")
        for response in (
            client.get(page),
            client.get("/tickets/"),
            client.post("/tickets/new/", {"title": "Lost?", "description": "No", "priority": "low"}),
            stranger.post("/accounts/login/", {"login": "jane.doe@example.com", "password": "Hello123."}),
            client.get("/admin/"),
        ):
            assert_explains_itself(response, 503)
            assert int(response["Retry-After"]) > 0
    assert client.get(page).status_code == 200
    assert client.get("/readyz").status_code == 200
    assert Ticket.objects.count() == 1


def test_a_database_that_goes_away_before_the_session_is_saved_is_no_bad_request(requester):
    client = logged_in(requester)

    def gone(execute, sql, *args):
        if sql.startswith("UPDATE") and "django_session" in sql:
            raise OperationalError(2006, "Server has gone away")
        return execute(sql, *args)

    with connection.execute_wrapper(gone):
        response = client.post("/tickets/new/", {"title": "Lost?", "description": "No", "priority": "low"})
    assert_explains_itself(response, 503)


def test_a_session_that_was_ended_meanwhile_is_no_outage(requester):
    client = logged_in(requester)

    def ended(execute, sql, *args):
        if sql.startswith("UPDATE") and "django_session" in sql:
            execute("DELETE FROM django_session", None, *args[1:])
        return execute(sql, *args)

    with connection.execute_wrapper(ended):
        response = client.post("/tickets/new/", {"title": "Lost?", "description": "No", "priority": "low"})
    assert_explains_itself(response, 400)


def test_while_the_cache_is_away_people_are_told_so_and_afterwards_all_goes_on(db, settings):
    pytest.importorskip("redis", reason="needs the redis package of requirements-mysql.txt")
    present = settings.CACHES
    address = f"redis://127.0.0.1:{unused_port()}/0"
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": address}}
    # Log-in asks the cache how often it was tried.
    answer = visitor().post("/accounts/login/", {"login": "jane.doe@example.com", "password": "no-such-password"})
    ready = visitor().get("/readyz")
    settings.CACHES = present

    assert_explains_itself(answer, 503)
    assert int(answer["Retry-After"]) > 0
    assert ready.status_code == 503
    assert visitor().get("/readyz").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_the_reason_why_the_database_is_away_is_in_the_log_only(tmp_path, caplog):
    with database_away(tmp_path):
        response = visitor().get("/readyz")
    assert "OperationalError" in caplog.text
    assert "OperationalError" not in response.content.decode()


@pytest.mark.urls("tms_site.tests.urls_broken")
class TestErrorPages:
    """Every error page is styled, says what to do, shows the request's id and no internals."""

    def test_an_unexpected_error(self, db, caplog):
        response = visitor().post("/broken/", {"password": "s3cret-typed"})
        assert_explains_itself(response, 500)
        assert SECRET not in response.content.decode()
        assert SECRET in caplog.text
        assert "s3cret-typed" not in caplog.text

    def test_an_unexpected_error_is_logged_with_the_id_that_the_page_shows(self, db):
        records = []
        handler = logging.Handler()
        handler.emit = records.append
        console = logging.getLogger().handlers
        filters = [each for known in console for each in known.filters]
        assert filters
        handler.filters = filters
        logging.getLogger().addHandler(handler)
        try:
            response = visitor().get("/broken/")
        finally:
            logging.getLogger().removeHandler(handler)
        assert {record.request_id for record in records} == {response["X-Request-ID"]}

    def test_an_unexpected_error_for_somebody_who_is_logged_in(self, requester):
        assert_explains_itself(logged_in(requester).get("/broken/"), 500)

    def test_a_database_that_leaves_in_the_middle(self, db):
        response = visitor().get("/away/")
        assert_explains_itself(response, 503)
        assert SECRET not in response.content.decode()
        assert response["Retry-After"]

    def test_a_refusal_of_django_itself(self, db):
        response = visitor().get("/forbidden/")
        assert_explains_itself(response, 403)
        assert SECRET not in response.content.decode()


def test_a_forbidden_page_says_why(requester):
    response = logged_in(requester).get("/activity/")
    assert_explains_itself(response, 403)
    assert str(can_see_log(requester).reason) in response.content.decode()


@pytest.mark.parametrize("path", ["/nowhere/", "/tickets/999999/", "/tickets/abc/", "/tickets/-1/", "/static/none.css"])
def test_what_does_not_exist(requester, path):
    assert_explains_itself(logged_in(requester).get(path), 404)


def test_what_does_not_exist_for_visitors(db):
    assert_explains_itself(visitor().get("/nowhere/"), 404)


@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "a b", "testserver:80:80", ""])
def test_a_host_that_is_not_ours(db, host):
    response = visitor().get("/accounts/login/", headers={"host": host})
    assert_explains_itself(response, 400)


def test_a_wrong_method(requester):
    response = logged_in(requester).put("/permissions/")
    assert_explains_itself(response, 405)
    assert response["Allow"]


@pytest.mark.parametrize("as_text", [True, False])
def test_too_large_a_body(requester, settings, as_text):
    size = settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1
    data = f"description={'x' * size}" if as_text else {"description": "x" * size}
    kind = {"content_type": "application/x-www-form-urlencoded"} if as_text else {}
    response = logged_in(requester).post("/tickets/new/", data, **kind)
    assert_explains_itself(response, 413)
    assert not Ticket.objects.exists()


def test_too_many_fields(requester, settings):
    fields = {f"field{number}": "x" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}
    assert_explains_itself(logged_in(requester).post("/tickets/new/", fields), 413)
    assert not Ticket.objects.exists()


def test_too_large_a_file(requester, settings):
    from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: PLC0415 - only here

    file = SimpleUploadedFile("x.bin", b"x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE * 4))
    response = logged_in(requester).post("/tickets/new/", {"title": "a", "description": "b", "file": file})
    assert response.status_code in {302, 413, 422}


def test_a_form_without_its_token(requester):
    response = logged_in(requester, enforce_csrf_checks=True).post("/tickets/new/", {"title": "a"})
    assert_explains_itself(response, 403)
    assert not Ticket.objects.exists()


@pytest.mark.usefixtures("fresh_limits")
def test_too_many_tries(requester):
    client = visitor()
    for _attempt in range(60):
        response = client.post("/accounts/password/reset/", {"email": requester.email})
        if response.status_code == 429:
            break
    assert_explains_itself(response, 429)
    assert int(response["Retry-After"]) > 0


def test_each_response_has_an_id_of_its_own_and_takes_none_from_outside(db):
    first, second = (visitor().get("/healthz", headers={"x-request-id": "forged"})["X-Request-ID"] for _ in range(2))
    assert first != second
    assert "forged" not in {first, second}
