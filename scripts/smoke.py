"""Tries `make run` as a newcomer would, twice, in a folder of its own: log in, write a ticket, kill it, find it again.

`python -m scripts.smoke FOLDER` uses FOLDER for the data and the configuration, and a free port. It needs .venv.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError, URLError

from scripts.console import fail, say

FIRST_START_SECONDS, SECOND_START_SECONDS = 180, 30
LOG_LINES = 30
EMAIL, PASSWORD = "jane.doe@example.com", "Hello123."
TITLE = "Smoke test: kept over a power cut"
STATIC_LINK = re.compile(r'(?:href|src)="(/static/[^"]+\.[0-9a-f]{12}\.(?:css|js))"')


class Person:
    """Somebody with a browser's cookies and no JavaScript."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.jar = CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def get(self, path: str) -> str:
        """Return the page at `path`; any status but 2xx stops the test."""
        with self.opener.open(urllib.request.Request(self.base + path), timeout=20) as answer:  # noqa: S310 - ours
            return str(answer.read().decode())

    def post(self, path: str, **fields: str) -> str:
        """Fill in the form at `path`, with its hidden fields, and return the page that follows."""
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', self.get(path)))
        body = urllib.parse.urlencode(hidden | fields).encode()
        request = urllib.request.Request(self.base + path, data=body, headers={"Referer": self.base + path})  # noqa: S310
        with self.opener.open(request, timeout=20) as answer:
            return str(answer.read().decode())


def main(folder: str) -> None:
    """Start twice, with a SIGKILL between, and stop at the first thing that's wrong."""
    data = Path(folder)
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True)
    port = _free_port()
    base = f"http://127.0.0.1:{port}"
    with _server(data, port, FIRST_START_SECONDS, signal.SIGKILL):
        _look_around(base)
        jane = _log_in(base)
        jane.post("/tickets/new/", title=TITLE, description="Written before the kill.", priority="low")
        _require(TITLE in jane.get("/tickets/"), "The new ticket isn't in the list.")
    with _server(data, port, SECOND_START_SECONDS, signal.SIGINT):
        _require(TITLE in _log_in(base).get("/tickets/"), "The second start lost the ticket.")
    _require_private(data)


def _look_around(base: str) -> None:
    visitor = Person(base)
    visitor.get("/healthz")
    visitor.get("/readyz")
    page = visitor.get("/accounts/login/")
    links = STATIC_LINK.findall(page)
    _require(bool(links), "The log-in page names no static files with a digest in their names.")
    for link in links:
        visitor.get(link)
    say(f"Health, readiness, log-in page and its {len(links)} static files answer.")


def _log_in(base: str) -> Person:
    person = Person(base)
    person.post("/accounts/login/", login=EMAIL, password=PASSWORD)
    _require("Jane Doe" in person.get("/tickets/"), f"{EMAIL} can't log in.")
    return person


@contextmanager
def _server(data: Path, port: int, seconds: int, ending: signal.Signals) -> Iterator[None]:
    """Run `make run`, wait until it answers, and end it, with everything it started, by `ending`."""
    environment = os.environ | {"DATA_DIR": str(data / "data"), "PORT": str(port)}
    environment["TMS_ENV_FILE"] = str(data / "env")
    log = data / "log"
    began = time.monotonic()
    with log.open("a") as output:
        server = subprocess.Popen(
            ["make", "run"],  # noqa: S607 - whichever make the person has
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait(server, port, seconds, log)
        say(f"make run answers after {time.monotonic() - began:.1f} s.")
        yield
    finally:
        os.killpg(server.pid, ending)
        status = server.wait(30)
    if ending == signal.SIGINT:
        _require("Traceback" not in log.read_text(), f"Ctrl-C isn't clean:\n{_tail(log)}")
        say(f"Ctrl-C ended it with status {status}.")


def _wait(server: "subprocess.Popen[bytes]", port: int, seconds: int, log: Path) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if server.poll() is not None:
            fail(f"make run ended by itself:\n{_tail(log)}")
        try:
            Person(f"http://127.0.0.1:{port}").get("/healthz")
        except HTTPError as error:
            fail(f"/healthz answers {error.code}:\n{_tail(log)}")
        except (URLError, OSError):
            time.sleep(0.1)
        else:
            return
    fail(f"make run doesn't answer after {seconds} s:\n{_tail(log)}")


def _tail(log: Path) -> str:
    return "\n".join(log.read_text().splitlines()[-LOG_LINES:])


def _require_private(data: Path) -> None:
    """Nobody else may read the configuration or the database (docs/security.md, row 31)."""
    for file in (data / "env", data / "data", data / "data" / "tms.sqlite3"):
        _require(not file.stat().st_mode & 0o077, f"{file} can be read by others.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _require(fine: bool, problem: str) -> None:
    if not fine:
        fail(problem)


if __name__ == "__main__":
    main(sys.argv[1])
