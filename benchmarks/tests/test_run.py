"""`make bench`, once and small, with real servers."""

import json
import os
import shutil
from contextlib import closing
from dataclasses import replace

import pytest

from benchmarks.client import BadAnswerError, Client, Seat
from benchmarks.pages import PAGES, Desk, Targets, page
from benchmarks.run import Amount, run
from benchmarks.servers import database_url, size_label

# One row of each kind; logging in has a test of its own below, as a real password takes a server half a second.
FEW = ("bare", "list", "api_list", "deep", "ticket_many", "comment", "status", "create")


@pytest.fixture
def apart(monkeypatch, tmp_path, migrated_file):
    """An environment in which the servers write to a folder of this test only, and find their tables there."""
    if migrated_file:
        shutil.copy(migrated_file, tmp_path / "tms_600.sqlite3")
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("BENCH_UNCOMPRESSED", "1")
    monkeypatch.setenv("REDIS_URL", "")
    for name in list(os.environ):
        if name.startswith(("COV_", "RDS_")):
            monkeypatch.delenv(name)
    return tmp_path


def test_a_small_round_measures_every_page_and_leaves_nothing_behind(apart):
    url = f"sqlite:///{apart}/tms.sqlite3"
    lines = []
    report = run(
        url, [600], Amount(1, 1, 2, clients=2), folder=apart, pages=[page(key) for key in FEW], say=lines.append
    )
    assert [row.page for row in report.rows] == list(FEW)
    bare = report.rows[0]
    assert (bare.size, bare.one.requests, bare.eight.requests, bare.queries) == (600, 1, 2, 1)
    assert bare.plain > bare.wire > 1_000
    assert len(report.memory[600]) in (0, 2)
    text = "\n".join(report.lines())
    assert "| list, first page | 600 |" in text
    assert "“Page 1,000” is page 12, the last one, at 600 tickets." in text
    assert "| list to bare at 600 tickets |" in text
    assert json.loads(json.dumps(report.as_json()))["rows"][0]["page"] == "bare"
    assert any("Reading, round 1 of 1" in line for line in lines)


def test_the_names_of_databases_say_how_many_tickets_they_have():
    assert [size_label(size) for size in (600, 1_000, 100_000, 1_000_000)] == ["600", "1k", "100k", "1m"]
    assert database_url("mysql://root@127.0.0.1:3306/tms", 1_000) == "mysql://root@127.0.0.1:3306/tms_1k"
    assert database_url("sqlite:////var/tms.sqlite3", 100_000) == "sqlite:////var/tms_100k.sqlite3"
    assert database_url("sqlite:////var/tms.sqlite3", None) == "sqlite:////var/tms.sqlite3"


def test_each_page_has_a_name_of_its_own():
    assert len({each.key for each in PAGES}) == len({each.title for each in PAGES}) == len(PAGES)


def test_a_log_in_that_fails_is_not_measured(live_server, agent):
    with closing(Client(live_server.thread.port)) as client:
        with pytest.raises(BadAnswerError, match="logging in was answered with"):
            client.log_in(agent.email, "wrong")
        client.log_in(agent.email, "Hello123.")


def test_a_program_logs_in_with_the_password_of_the_agent(live_server, agent):
    texts, numbers = ("cursor", "marker", "token"), ("cursor_page", "few", "many", "longest")
    nothing = dict.fromkeys(texts, "") | dict.fromkeys(numbers, 0)
    targets = Targets(email=agent.email, password="Hello123.", desks=[], **nothing)
    with closing(Client(live_server.thread.port)) as client:
        assert Seat(client, Desk(targets, [])).ask(page("api_token")).status == 200
        wrong = Desk(replace(targets, password="wrong"), [])
        with pytest.raises(BadAnswerError, match="API: log in was answered with"):
            Seat(client, wrong).ask(page("api_token"))
