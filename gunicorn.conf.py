"""How gunicorn serves TMS, on a laptop as in a container; docs/configuration.md lists the variables."""

import os
import shutil
import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger

# Whatever the workers write, the embedded database above all, is nobody else's business. (gunicorn's own
# setting of this name is for its sockets only.)
os.umask(0o077)

HEALTH_PATHS = {"/healthz", "/readyz"}

_host = os.environ.get("HOST") or "127.0.0.1"
_shared_memory = Path("/dev/shm")  # noqa: S108 - gunicorn makes unnamed files in it
_local = os.environ.get("TMS_GREETING") is not None

wsgi_app = "tms_site.wsgi:application"
bind = f"[{_host}]:{os.environ.get('PORT') or 8000}" if ":" in _host else f"{_host}:{os.environ.get('PORT') or 8000}"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
threads = int(os.environ.get("WEB_THREADS") or 4)
worker_class = "gthread"
# Heartbeats on a disk can stall a healthy worker until the arbiter kills it; memory can't.
worker_tmp_dir = str(_shared_memory) if os.access(_shared_memory, os.W_OK) else None
timeout = 30
graceful_timeout = 20
keepalive = 5
# A worker that leaks is replaced before it matters, never all of them at once.
max_requests = 20_000
max_requests_jitter = 2_000
limit_request_line = 8190
limit_request_fields = 64
limit_request_field_size = 8190
# Nobody's X-Forwarded-Proto is believed unless the operator named the proxy.
forwarded_allow_ips = os.environ.get("TRUSTED_PROXIES", "")
control_socket_disable = True
proc_name = "tms"
loglevel = os.environ.get("GUNICORN_LOG_LEVEL") or "info"
errorlog = "-"
# As JSON, TMS itself writes a line for each request.
accesslog = None if _local or os.environ.get("LOG_FORMAT") == "json" else "-"
access_log_format = '%(h)s "%(m)s %(U)s" %(s)s %(B)s %(M)sms [%({x-request-id}o)s]'


class CompactLogger(Logger):  # type: ignore[misc] # gunicorn carries no types
    """An access log for people: no health probes, no query strings, no secret links, one line a request."""

    def access(self, resp: Any, req: Any, environ: dict[str, Any], request_time: timedelta) -> None:
        """Log one request unless a probe asked."""
        if environ.get("PATH_INFO") not in HEALTH_PATHS:
            super().access(resp, req, environ, request_time)

    def atoms(self, resp: Any, req: Any, environ: dict[str, Any], request_time: timedelta) -> dict[str, Any]:
        """Return the parts of the line, with the path as it was sent: a decoded one could begin a new line."""
        atoms: dict[str, Any] = super().atoms(resp, req, environ, request_time)
        path = str(environ.get("RAW_URI", "")).partition("?")[0]
        prefix, marker, _ = path.partition("/key/")
        atoms["U"] = f"{prefix}{marker}…" if marker else path
        return atoms


logger_class = CompactLogger


# Where the workers keep what /metrics adds up. This file is read again at each SIGHUP, when the variable is set:
# the number of the process in the name tells a folder of our own from one that the operator named.
_OWN = f"tms-metrics-{os.getpid()}-"
_figures = Path(os.environ.get("PROMETHEUS_MULTIPROC_DIR") or tempfile.mkdtemp(prefix=_OWN))
_figures.mkdir(parents=True, exist_ok=True)
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_figures)
_workers_of_the_outbox: list[subprocess.Popen[bytes]] = []


def when_ready(server: Arbiter) -> None:
    """Start the outbox's worker where it's wanted beside the server, and greet the person at the terminal."""
    if os.environ.get("TMS_WORKER") == "1":
        command = [sys.executable, "manage.py", "work", "--with-parent"]
        _workers_of_the_outbox.append(subprocess.Popen(command, cwd=Path(__file__).parent))  # noqa: S603 - our own
    greeting = os.environ.get("TMS_GREETING")
    if greeting:
        print(greeting, flush=True)


def child_exit(server: Arbiter, worker: Any) -> None:
    """Forget what a worker that has ended was in the middle of."""
    # Imported at the top, the package would decide before the folder is named that each process counts for itself.
    from prometheus_client.multiprocess import mark_process_dead  # noqa: PLC0415 - too early at the top

    mark_process_dead(worker.pid)  # type: ignore[no-untyped-call] # the package leaves it untyped


def on_exit(server: Arbiter) -> None:
    """Let the outbox's worker finish what it has in hand, and end; take the figures' files away."""
    for worker in _workers_of_the_outbox:
        worker.terminate()
    if _figures.name.startswith(_OWN):
        shutil.rmtree(_figures, ignore_errors=True)
        return
    for path in _figures.glob("*.db"):
        path.unlink(missing_ok=True)
