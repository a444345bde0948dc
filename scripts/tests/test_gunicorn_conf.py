"""How gunicorn serves: where, whom it believes, what it logs (docs/security.md, row 28) and what it leaves behind."""

import runpy
import tempfile
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from gunicorn.config import Config

CONFIGURATION = Path(__file__).resolve().parents[2] / "gunicorn.conf.py"
MOMENT = timedelta(milliseconds=12)
RESPONSE = SimpleNamespace(status="200 OK", sent=10, headers=[])


FIGURES = "PROMETHEUS_MULTIPROC_DIR"


@pytest.fixture
def configuration(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv(FIGURES, str(tmp_path / "figures"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for name in ("HOST", "PORT", "TRUSTED_PROXIES", "WEB_CONCURRENCY", "WEB_THREADS", "TMS_GREETING"):
        monkeypatch.delenv(name, raising=False)
    return lambda: runpy.run_path(str(CONFIGURATION))


def logged_path(configuration, uri: str) -> str:
    logger = configuration()["logger_class"](Config())
    environ = {"REQUEST_METHOD": "GET", "RAW_URI": uri, "SERVER_PROTOCOL": "HTTP/1.1", "PATH_INFO": "/decoded\n"}
    return logger.atoms(RESPONSE, SimpleNamespace(headers=[]), environ, MOMENT)["U"]


def test_the_log_has_no_query_strings(configuration):
    assert logged_path(configuration, "/tickets/?q=salary") == "/tickets/"


def test_the_log_has_no_links_that_reset_a_password(configuration):
    assert logged_path(configuration, "/accounts/password/reset/key/3-abc-def/") == "/accounts/password/reset/key/…"


def test_an_encoded_line_break_stays_encoded(configuration):
    assert logged_path(configuration, "/a%0aforged") == "/a%0aforged"


def test_no_proxy_is_believed_unless_one_is_named(configuration, monkeypatch):
    assert configuration()["forwarded_allow_ips"] == ""

    monkeypatch.setenv("TRUSTED_PROXIES", "192.0.2.1")
    assert configuration()["forwarded_allow_ips"] == "192.0.2.1"


def test_the_address_comes_from_the_environment(configuration, monkeypatch):
    assert configuration()["bind"] == "127.0.0.1:8000"

    monkeypatch.setenv("HOST", "::1")
    monkeypatch.setenv("PORT", "8001")
    assert configuration()["bind"] == "[::1]:8001"


def test_a_folder_for_figures_that_the_operator_names_is_made_and_stays_without_the_figures(configuration, tmp_path):
    folder = tmp_path / "figures"
    server = configuration()
    (folder / "counter_1.db").touch()
    (folder / "theirs.txt").touch()
    server["on_exit"](None)
    assert [path.name for path in folder.iterdir()] == ["theirs.txt"]
    configuration()["on_exit"](None)
    assert [path.name for path in tmp_path.iterdir()] == ["figures"]


def test_a_folder_for_figures_that_nobody_named_goes_with_the_server(configuration, monkeypatch, tmp_path):
    monkeypatch.delenv(FIGURES)
    configuration()
    (folder,) = tmp_path.iterdir()
    (folder / "counter_1.db").touch()
    # A server that's told to read its configuration again keeps its folder.
    server = configuration()
    assert list(tmp_path.iterdir()) == [folder]
    server["on_exit"](None)
    assert list(tmp_path.iterdir()) == []
