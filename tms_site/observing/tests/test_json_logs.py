"""With LOG_FORMAT=json each request is one line of JSON, which tells nothing that people typed or keep secret."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from tms_site.environment import BASE_DIR
from tms_site.tests.programs import MAKE_JANE

# Asks for some pages as a person would, in a process of its own that logs as JSON.
ASK = (
    MAKE_JANE
    + """
import logging
from django.test import Client
client = Client(headers={"host": "127.0.0.1"}, raise_request_exception=False)
client.post("/accounts/login/", {"login": "jane.doe@example.com", "password": "Hello123."})
client.get("/tickets/?q=Zeppelin")
client.get("/accounts/password/reset/key/1-hush/")
client.get("/healthz")
logging.getLogger("tms").warning("two\\nlines")
try:
    1 / 0
except ZeroDivisionError:
    logging.getLogger("tms").exception("failed")
"""
)


@pytest.fixture(scope="module")
def lines(tmp_path_factory, migrated_file):
    data = tmp_path_factory.mktemp("json")
    if migrated_file:
        shutil.copy(migrated_file, data / "tms.sqlite3")
    environment = os.environ | {
        "TMS_ENV_FILE": "", "TMS_LOCAL": "1", "DEBUG": "1", "SECRET_KEY": "for-json-" + "j" * 50, "LOG_FORMAT": "json",
        "ALLOWED_HOSTS": "127.0.0.1", "DATA_DIR": str(data), "DATABASE_URL": f"sqlite:///{data}/tms.sqlite3",
        "DJANGO_SETTINGS_MODULE": "tms_site.settings",
    }  # fmt: skip
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", ASK]
    done = subprocess.run(command, cwd=BASE_DIR, env=environment, check=True, capture_output=True, text=True)  # noqa: S603 - our own command
    return [json.loads(line) for line in done.stderr.splitlines()]


def requests(lines):
    return {line["request"]: line for line in lines if line["event"] == "request_finished"}


def test_each_request_is_a_line_with_what_it_took_and_whose_it_was(lines):
    asked = requests(lines)["GET /tickets/"]
    assert (asked["code"], asked["view"], asked["level"]) == (200, "tickets:list", "info")
    assert asked["queries"] > 3
    assert asked["duration_ms"] > 0
    assert len(asked["request_id"]) == 32
    assert isinstance(asked["user_id"], int)
    assert requests(lines)["POST /accounts/login/"]["request_id"] != asked["request_id"]


def test_nothing_that_was_typed_and_no_secret_is_in_it(lines):
    whole = json.dumps(lines)
    for secret in ("Zeppelin", "1-hush", "Hello123.", "jane.doe"):
        assert secret not in whole
    assert "GET /accounts/password/reset/key/…" in requests(lines)


def test_probes_leave_no_lines(lines):
    assert "GET /healthz" not in requests(lines)


def test_a_message_of_two_lines_stays_one(lines):
    assert [line["event"] for line in lines if line["logger"] == "tms"] == ["two\nlines", "failed"]
    assert "ZeroDivisionError" in lines[-1]["exception"]
