"""The log: one line for each message, with the request's id, whatever text came from outside.

docs/security.md, row 28.
"""

import io
import logging
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings

from tms_site.lib.request_id import (
    OneLineFormatter,
    RequestIdFilter,
    get_request_id,
    new_request_id,
    reset_request_id,
    set_request_id,
)

BREAKS = {
    "LF": "\n",
    "CR": "\r",
    "CRLF": "\r\n",
    "NEL": "\x85",
    "LS": "\u2028",
    "PS": "\u2029",
    "VT": "\x0b",
    "FF": "\x0c",
    "FS": "\x1c",
}
FORGED = "2026-01-01 00:00:00 INFO tms [-] Admin logged in"


@pytest.fixture
def log():
    """A logger that writes as the settings say, and what it wrote."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    line = settings.LOGGING["formatters"]["line"]
    handler.setFormatter(OneLineFormatter(line["format"], style=line["style"]))
    handler.addFilter(RequestIdFilter())
    logger = logging.getLogger("test.lines")
    logger.propagate = False
    logger.addHandler(handler)
    yield logger, written.getvalue
    logger.removeHandler(handler)


@pytest.mark.parametrize("name", BREAKS)
def test_a_line_break_in_a_name_stays_within_its_line(log, name):
    logger, written = log
    logger.warning("Failed log-in of %s", f"eve{BREAKS[name]}{FORGED}")
    assert len(written().splitlines()) == 1


@pytest.mark.parametrize("name", BREAKS)
def test_a_line_break_in_an_errors_text_cannot_begin_an_entry(log, name):
    logger, written = log
    try:
        raise ValueError(f"eve{BREAKS[name]}{FORGED}")  # noqa: TRY301 - an error like any other
    except ValueError:
        logger.exception("It failed")
    first, *trace = written().splitlines()
    assert first.endswith("It failed")
    assert "Traceback" in trace[0]
    assert all(line.startswith(" ") for line in trace)


def test_terminal_commands_are_written_as_signs(log):
    logger, written = log
    logger.warning("Failed log-in of %s", "\x1b[2Jeve\x07")
    assert "\x1b" not in written()
    assert "eve" in written()


def test_a_lone_surrogate_does_not_stop_the_log(log):
    logger, written = log
    logger.warning("Failed log-in of %s", "\ud800eve")
    written().encode()
    assert "eve" in written()


def test_each_line_carries_the_id_of_its_request(log):
    logger, written = log
    token = set_request_id("abc")
    logger.warning("inside")
    reset_request_id(token)
    logger.warning("outside")
    inside, outside = written().splitlines()
    assert "[abc]" in inside
    assert "[-]" in outside


def test_ids_are_unguessable_and_never_repeat():
    assert len({new_request_id() for _ in range(1000)}) == 1000
    assert len(new_request_id()) == 32


def test_requests_in_other_threads_have_their_own_id():
    token = set_request_id("mine")
    with ThreadPoolExecutor(1) as other:
        assert other.submit(get_request_id).result() == ""
    reset_request_id(token)
    assert get_request_id() == ""


def logged_line(**extra):
    record = logging.makeLogRecord({"name": "django.request", "levelname": "WARNING", "msg": "Refused"} | extra)
    RequestIdFilter().filter(record)
    return OneLineFormatter("[{request_id}] {message}", style="{").format(record)


def test_a_line_about_an_answer_carries_the_id_of_its_request_although_that_is_over(rf):
    assert logged_line(request=rf.get("/", TMS_REQUEST_ID="abc")) == "[abc] Refused"
    assert logged_line() == "[-] Refused"


@pytest.mark.parametrize(("status", "traced"), [(403, False), (500, True)])
def test_only_our_own_mistakes_leave_a_traceback(status, traced):
    try:
        int("a secret detail")
    except ValueError:
        line = logged_line(status_code=status, exc_info=sys.exc_info())
    assert ("Traceback" in line) is traced
