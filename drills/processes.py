"""TMS's processes, as an operator's supervisor keeps them: what has ended is started again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from benchmarks.servers import ROOT, free_port, is_ready

START_SECONDS = 60
PAUSE = 0.1
# Three commands in one process, which needs a second to start.
PREPARE = """
from django.core.management import call_command
for command in ("migrate", "createcachetable", "seed"):
    call_command(command, verbosity=0)
"""


class Tms:
    """One database's TMS: its commands, web servers and worker.

    Args:
        url: the database.
        folder: for its data and logs.
        variables: further environment variables.
    """

    def __init__(self, url: str, folder: Path, **variables: str) -> None:
        self._folder = folder
        self._environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "drills.settings",
            "DATABASE_URL": url,
            "DATA_DIR": str(folder / "data"),
            # Who is killed cleans nothing up: what they leave goes with the folder.
            "TMPDIR": str(folder),
            **variables,
        }
        self._started: list[Process] = []

    def manage(self, *arguments: str) -> str:
        """Run a command of manage.py and return what it says; raises SystemExit when it fails."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=self._environment,
            check=False,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
        )
        if done.returncode:
            raise SystemExit(f"manage.py {arguments[0]} failed:\n{done.stdout}{done.stderr}")
        return done.stdout

    def script(self, code: str) -> str:
        """Run some Python inside of TMS and return what it prints; raises like `manage`."""
        return self.manage("shell", "--no-imports", "-c", code)

    def prepare(self) -> None:
        """Make the tables and the demo organisation."""
        self.script(PREPARE)

    def web(self, workers: int = 2) -> Web:
        """Start a web server with so many worker processes."""
        web = Web(self._environment, self._folder / "logs", workers)
        self._started.append(web)
        return web

    def worker(self) -> Process:
        """Start a worker of the outbox."""
        worker = Process([sys.executable, "manage.py", "work"], self._environment, self._folder / "logs", "worker")
        self._started.append(worker)
        return worker

    def stop(self) -> None:
        """End all that was started, the others too when one won't."""
        with ExitStack() as ends:
            for process in self._started:
                ends.callback(process.stop)


class Process:
    """A process in a group of its own, with its log."""

    def __init__(self, command: list[str], environment: dict[str, str], logs: Path, name: str) -> None:
        logs.mkdir(exist_ok=True)
        self._command, self._environment, self._log = command, environment, logs / f"{name}.log"
        self.start()

    def start(self) -> None:
        """Start it, again when it has ended."""
        with self._log.open("a") as log:
            self._process = subprocess.Popen(
                self._command, cwd=ROOT, env=self._environment, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self) -> None:
        """Kill it with all its children, without a word, and start it again."""
        self.end()
        self.start()

    def end(self) -> None:
        """Kill it with all its children, without a word."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        """End it in good order."""
        self._process.terminate()
        self._process.wait(timeout=START_SECONDS)


class Web(Process):
    """A gunicorn whose workers have 2 threads."""

    def __init__(self, environment: dict[str, str], logs: Path, workers: int) -> None:
        self.port = free_port()
        listen = {"HOST": "127.0.0.1", "PORT": str(self.port), "WEB_CONCURRENCY": str(workers), "WEB_THREADS": "2"}
        command = [sys.executable, "-m", "gunicorn"]
        super().__init__(command, environment | listen | {"TMS_GREETING": ""}, logs, f"web-{self.port}")

    def kill_one_worker(self) -> None:
        """Kill one of its two worker processes; the arbiter starts another one."""
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
        if children:
            os.kill(int(children[0]), signal.SIGKILL)

    def wait(self) -> None:
        """Return once it's ready; raises SystemExit when it isn't in a minute."""
        end = time.monotonic() + START_SECONDS
        while not is_ready(self.port):
            if time.monotonic() > end:
                raise SystemExit(f"gunicorn isn't ready; {self._log} may say why.")
            time.sleep(PAUSE)
