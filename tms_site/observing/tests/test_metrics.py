"""Figures of TMS at work are there for this machine and for who has the token, and for nobody else."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from datetime import timedelta
from http.client import HTTPConnection

import pytest
from django.test import Client
from django.utils import timezone

from activity.outbox.models import OutboxMessage
from tms_site.environment import BASE_DIR
from tms_site.observing.metrics import FOLDER
from tms_site.tests.programs import MAKE_THE_TABLES

pytestmark = pytest.mark.django_db


def figures(**kwargs):
    response = Client(**kwargs).get("/metrics")
    assert response.status_code == 200
    return response.content.decode()


def value(name, **labels):
    wanted = {f'{key}="{label}"' for key, label in labels.items()}
    for line in figures().splitlines():
        found = re.fullmatch(rf"{name}(?:{{(.*)}})? (\S+)", line)
        if found and wanted <= set((found[1] or "").split(",")):
            return float(found[2])
    return 0.0


def test_requests_are_counted_by_the_name_of_their_address(client_for, requester):
    client = client_for(requester)
    labels = {"view": "tickets:detail", "method": "GET", "status": "404"}
    before = value("tms_requests_total", **labels)
    client.get("/tickets/987654/")
    client.get("/tickets/987655/")
    assert value("tms_requests_total", **labels) == before + 2
    assert value("tms_request_seconds_count", view="tickets:detail") >= 2
    assert value("tms_request_queries_sum", view="tickets:detail") >= 2


def test_what_visitors_make_up_makes_no_figures_of_its_own(anonymous):
    anonymous.get("/nowhere/at/all/")
    anonymous.generic("BREW", "/tickets/")
    shown = figures()
    assert "nowhere" not in shown
    assert "BREW" not in shown
    assert value("tms_requests_total", view="none", status="404") >= 1


def test_log_ins_are_counted_by_outcome(requester):
    before = value("tms_logins_total", outcome="success"), value("tms_logins_total", outcome="failure")
    Client().post("/accounts/login/", {"login": requester.email, "password": "wrong"})
    Client().post("/accounts/login/", {"login": requester.email, "password": "Hello123."})
    after = value("tms_logins_total", outcome="success"), value("tms_logins_total", outcome="failure")
    assert after == (before[0] + 1, before[1] + 1)


def test_the_outbox_shows_how_much_waits_and_for_how_long():
    now = timezone.now()
    OutboxMessage.objects.create(kind="x", payload={}, available_at=now - timedelta(minutes=2))
    OutboxMessage.objects.create(kind="x", payload={}, available_at=now + timedelta(minutes=2))
    OutboxMessage.objects.create(kind="x", payload={}, is_dead=True)
    assert value("tms_outbox_waiting") == 2
    assert value("tms_outbox_dead") == 1
    assert 120 <= value("tms_outbox_due_seconds") < 180


def test_from_elsewhere_there_is_nothing_here(settings):
    elsewhere = {"REMOTE_ADDR": "203.0.113.9"}
    assert Client(**elsewhere).get("/metrics").status_code == 404
    assert Client(REMOTE_ADDR="no address").get("/metrics").status_code == 404
    settings.METRICS_TOKEN = "0123456789"
    assert Client(**elsewhere).get("/metrics").status_code == 404
    for wrong in ("Bearer 012345678", "Basic 0123456789", "Bearer", "Bearer \u00e4"):
        assert Client(**elsewhere, HTTP_AUTHORIZATION=wrong).get("/metrics").status_code == 404
    assert Client(**elsewhere, HTTP_AUTHORIZATION="Bearer 0123456789").get("/metrics").status_code == 200


@pytest.mark.parametrize("header", ["HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_FORWARDED"])
def test_a_proxy_on_this_machine_does_not_open_it_to_the_world(header):
    assert Client(**{header: "203.0.113.9"}).get("/metrics").status_code == 404


def test_an_empty_token_opens_nothing(settings):
    settings.METRICS_TOKEN = ""
    client = Client(REMOTE_ADDR="203.0.113.9", HTTP_AUTHORIZATION="Bearer ")
    assert client.get("/metrics").status_code == 404


@pytest.mark.parametrize("file", ["alerts.yml", "dashboard.json"])
def test_the_examples_for_monitors_name_figures_that_there_are(file):
    named = set(re.findall(r"tms_[a-z_]+", (BASE_DIR / "deploy" / "monitoring" / file).read_text()))
    assert len(named) >= 4
    # Figures with labels show themselves once they're counted.
    Client().get("/nowhere/")
    Client().post("/accounts/login/", {"login": "nobody@example.com", "password": "wrong"})
    shown = set(re.findall(r"^(tms_[a-z_]+)", figures(), re.MULTILINE))
    assert named <= shown


@pytest.fixture
def environment(tmp_path, migrated_file):
    """What a server runs with where the operator has named no folder for figures."""
    values = {name: value for name, value in os.environ.items() if name != FOLDER} | {
        "TMS_ENV_FILE": "", "TMS_LOCAL": "1", "TMS_GREETING": "", "SECRET_KEY": "for-figures-" + "f" * 50,
        "DATA_DIR": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path}/tms.sqlite3", "HOST": "127.0.0.1",
        "WEB_CONCURRENCY": "1", "DEBUG": "1", "TMPDIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "tms_site.settings",
    }  # fmt: skip
    if migrated_file:
        shutil.copy(migrated_file, tmp_path / "tms.sqlite3")
    making = [sys.executable, "manage.py", "shell", "--no-imports", "-c", MAKE_THE_TABLES]
    subprocess.run(making, cwd=BASE_DIR, env=values, check=True)  # noqa: S603 - our own command
    return values


@contextmanager
def gunicorn(environment):
    """Serve; gives what asks for a page of the server, and ends it afterwards."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn"]
    server = subprocess.Popen(command, cwd=BASE_DIR, env=environment | {"PORT": str(port)})  # noqa: S603 - our own

    def ask(path):
        with closing(HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
            connection.request("GET", path)
            return connection.getresponse().read().decode()

    try:
        for _attempt in range(600):
            try:
                ask("/healthz")
                break
            except ConnectionRefusedError:
                time.sleep(0.1)
        yield ask
    finally:
        server.terminate()
        server.wait(30)


def test_a_server_counts_its_requests_where_nobody_named_a_folder_for_figures(environment):
    with gunicorn(environment) as ask:
        ask("/nowhere/")
        shown = ask("/metrics")
    assert re.search(r'^tms_requests_total{.*view="none".*} 1\.0$', shown, re.MULTILINE), shown
    assert "tms_request_seconds_bucket" in shown
