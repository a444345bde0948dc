import os
import socket

import pytest

from scripts import run


@pytest.fixture
def no_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMS_ENV_FILE", "")
    for name in ("DATABASE_URL", "RDS_HOSTNAME", "REDIS_URL", "ALLOWED_HOSTS", "BASE_URL"):
        monkeypatch.setenv(name, "")


@pytest.mark.parametrize("text", ["", "abc", "0", "65536", "-1", "8000 ", "٣", "9" * 5000])
def test_an_impossible_port_is_refused_in_one_line(text):
    with pytest.raises(SystemExit, match=r"^PORT is .*; it takes a number from 1 to 65535\.$"):
        run.port_number(text)


def test_a_taken_port_is_named_with_the_way_out(monkeypatch):
    monkeypatch.setattr(run, "PATIENCE_SECONDS", 0)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(SystemExit, match=f"^Port {port} on 127.0.0.1 is taken .*make run PORT={port + 1}$"):
            run.require_free("127.0.0.1", port)


@pytest.mark.usefixtures("no_configuration")
@pytest.mark.parametrize(
    ("name", "value", "files"),
    [
        ("DATABASE_URL", "", ["base"]),
        ("DATABASE_URL", "sqlite:////tmp/x", ["base"]),
        ("DATABASE_URL", "mysql://root@127.0.0.1/tms", ["base", "mysql"]),
        ("RDS_HOSTNAME", "db.example.com", ["base", "mysql"]),
        ("REDIS_URL", "redis://127.0.0.1", ["base", "mysql"]),
    ],
)
def test_the_driver_of_a_server_is_installed_only_when_one_is_configured(monkeypatch, name, value, files):
    monkeypatch.setenv(name, value)

    assert run.wanted_packages() == files


@pytest.mark.usefixtures("no_configuration")
@pytest.mark.parametrize(
    ("host", "name", "url"),
    [
        ("192.0.2.7", "192.0.2.7", "http://192.0.2.7:8000"),
        ("::1", "[::1]", "http://[::1]:8000"),
        (run.EVERYWHERE[0], socket.gethostname(), f"http://{socket.gethostname()}:8000"),
    ],
)
def test_the_site_answers_to_the_address_that_it_is_served_on(monkeypatch, host, name, url):
    monkeypatch.setenv("ALLOWED_HOSTS", "tickets.example.com")

    run.announce_hosts(host, 8000)

    assert "tickets.example.com" in os.environ["ALLOWED_HOSTS"].split(",")
    assert name in os.environ["ALLOWED_HOSTS"].split(",")
    assert os.environ["BASE_URL"] == url
