"""Databases of the drills' own: a SQLite file, and a MariaDB server that may be killed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Protocol

from benchmarks.servers import free_port

START_SECONDS = 60
PAUSE = 0.1


class Database(Protocol):
    """Where the drill's rows lie."""

    name: str
    url: str

    def kill(self) -> None:
        """End its process as a power cut would, and start it again. Only where it has one."""

    def stop(self) -> None:
        """End it in good order."""


class Sqlite:
    """A file: it has no process but those that use it."""

    name = "SQLite"

    def __init__(self, folder: Path) -> None:
        self.url = f"sqlite:///{folder / 'tms.sqlite3'}"

    def kill(self) -> None:
        """Do nothing."""

    def stop(self) -> None:
        """Do nothing."""


class MariaDB:
    """A server of Debian's package, in a folder of its own.

    Raises:
        SystemExit: there is no mariadbd on this machine, or it doesn't start.
    """

    name = "MariaDB"

    def __init__(self, folder: Path) -> None:
        self._folder, self._port = folder / "mariadb", free_port()
        program = shutil.which("mariadbd") or shutil.which("mariadbd", path="/usr/sbin")
        install = shutil.which("mariadb-install-db")
        if program is None or install is None:
            raise SystemExit("The drill on MariaDB needs Debian's package mariadb-server.")
        self._program = program
        self._account = ["--user=mysql"] if os.geteuid() == 0 else []
        self._folder.mkdir()
        if self._account:
            shutil.chown(self._folder, "mysql")
        options = ["--no-defaults", *self._account, f"--datadir={self._folder / 'data'}"]
        more = ["--auth-root-authentication-method=normal", "--skip-test-db"]
        # Its account may not write where the drill's may.
        self._environment = os.environ | {"TMPDIR": str(self._folder)}
        command = [install, *options, *more]
        quiet = subprocess.DEVNULL
        subprocess.run(command, check=True, env=self._environment, stdout=quiet, stderr=quiet)
        self._start()
        self._run_sql("CREATE DATABASE tms CHARACTER SET utf8mb4")
        self.url = f"mysql://root@127.0.0.1:{self._port}/tms"

    def _start(self) -> None:
        places = [f"--datadir={self._folder / 'data'}", f"--socket={self._folder / 'socket'}"]
        listen = ["--bind-address=127.0.0.1", f"--port={self._port}", f"--pid-file={self._folder / 'pid'}"]
        with (self._folder.parent / "mariadb.log").open("a") as log:
            command = [self._program, "--no-defaults", *self._account, *places, *listen]
            self._process = subprocess.Popen(command, env=self._environment, stdout=log, stderr=log)
        end = time.monotonic() + START_SECONDS
        while not self._answers():
            if time.monotonic() > end or self._process.poll() is not None:
                self._process.kill()
                raise SystemExit(f"MariaDB doesn't start; {log.name} may say why.")
            time.sleep(PAUSE)

    def _answers(self) -> bool:
        import MySQLdb  # noqa: PLC0415 - there is none where only SQLite is drilled

        try:
            self._run_sql("SELECT 1")
        except MySQLdb.Error:
            return False
        return True

    def _run_sql(self, statement: str) -> None:
        import MySQLdb  # noqa: PLC0415 - as above

        connection = MySQLdb.connect(host="127.0.0.1", port=self._port, user="root", connect_timeout=2)
        connection.query(statement)
        connection.close()

    def kill(self) -> None:
        """End the server as a power cut would, and start it again: it recovers from its log."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        self._start()

    def stop(self) -> None:
        """End the server in good order."""
        self._process.terminate()
        self._process.wait(timeout=START_SECONDS)
