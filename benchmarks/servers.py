"""gunicorn as TMS runs it, once for each database."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from contextlib import closing
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parent.parent
WORKERS, THREADS = 2, 2
START_SECONDS = 30


def size_label(size: int) -> str:
    """Return a number of tickets as the names of databases have it: 1k, 100k, 1m."""
    for unit, letter in ((1_000_000, "m"), (1_000, "k")):
        if size >= unit and size % unit == 0:
            return f"{size // unit}{letter}"
    return str(size)


def database_url(base: str, size: int | None) -> str:
    """Return the address of the database for so many tickets: the base's name with the size behind it."""
    if size is None:
        return base
    parts = urlsplit(base)
    folder, _, name = parts.path.rpartition("/")
    stem, dot, suffix = name.partition(".")
    path = f"{folder}/{stem}_{size_label(size)}{dot}{suffix}"
    return (
        urlunsplit((parts.scheme, parts.netloc, path, parts.query, parts.fragment))
        if parts.netloc
        else (f"{parts.scheme}://{path}")
    )


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def is_ready(port: int) -> bool:
    """Return whether the TMS that listens on a port says that it's ready."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == HTTPStatus.OK
        except OSError:
            return False


class Server:
    """A gunicorn with 2 workers of 2 threads.

    Args:
        url: the address of its database.
        log: where its messages go.
    """

    def __init__(self, url: str, log: Path) -> None:
        self.port = free_port()
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
            "DATABASE_URL": url,
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "WEB_CONCURRENCY": str(WORKERS),
            "WEB_THREADS": str(THREADS),
            # As `make run` serves: without a line for each request.
            "TMS_GREETING": "",
        }
        self._log = log.open("w")
        command = [sys.executable, "-m", "gunicorn"]
        self._process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=self._log, stderr=self._log)

    def wait(self) -> None:
        """Return once it answers; raises SystemExit when it doesn't."""
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self._process.poll() is None:
            if is_ready(self.port):
                return
            time.sleep(0.1)
        raise SystemExit(f"gunicorn doesn't answer; {self._log.name} may say why.")

    def memory(self) -> list[float]:
        """Return the resident memory of each worker in MiB; empty where the system doesn't tell."""
        workers = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        if not workers.exists():
            return []
        return [_resident(pid) for pid in workers.read_text().split()]

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait(timeout=START_SECONDS)
        self._log.close()


def _resident(pid: str) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:"))
