"""`make test`: the whole suite on SQLite, then the tests marked `mysql` on a server, where this machine has one.

The server is MySQL or MariaDB on 127.0.0.1:3306 with root and no password, or the one that TMS_MYSQL_URL names.
With TMS_REQUIRE=mysql its absence is a failure; otherwise those tests are skipped, with the reason.
"""

import argparse
import os
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

from scripts.console import say
from scripts.install import PYTHON, install, missing_build_packages

DEFAULT_URL = "mysql://root@127.0.0.1:3306/tms"
NO_TESTS_COLLECTED = 5
# The database of this shell; and without compiled files each worker and each program that tests start compiles anew.
FORGOTTEN = {"DATABASE_URL", "RDS_HOSTNAME", "PYTHONDONTWRITEBYTECODE"}


def main(arguments: list[str]) -> int:
    """Run both parts with pytest's `arguments` and return the exit status."""
    required = "mysql" in os.environ.get("TMS_REQUIRE", "").split(",")
    url = os.environ.get("TMS_MYSQL_URL") or DEFAULT_URL
    problem = _problem(url, required=required)
    status = _pytest(arguments, {})
    if status not in {0, NO_TESTS_COLLECTED}:
        return status
    if problem:
        say(f"The tests marked mysql were skipped: {problem}")
        return 1 if required else status
    say("The tests marked mysql, on the server:")
    more = ["--cov-append"] if any(argument.startswith("--cov") for argument in arguments) else []
    # A file's tests share what it takes longest to set up: twenty thousand tickets, two web servers behind nginx.
    few = [*one_for_each_core(arguments), *more, "--dist=loadfile", "-m", "mysql"]
    second = _pytest(few, {"DATABASE_URL": url})
    # A choice of tests (-k) may have some in one part only.
    return status if second == NO_TESTS_COLLECTED else second


def one_for_each_core(arguments: list[str]) -> list[str]:
    """Return the arguments with no more workers than cores: each fills a database, and the tests are few."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("-n")
    known, others = parser.parse_known_args(arguments)
    if known.n is None or not known.n.isdigit():
        return arguments
    return ["-n", str(min(int(known.n), os.cpu_count() or 1)), *others]


def _pytest(arguments: list[str], variables: dict[str, str]) -> int:
    environment = {name: value for name, value in os.environ.items() if name not in FORGOTTEN}
    return subprocess.run([PYTHON, "-m", "pytest", *arguments], check=False, env=environment | variables).returncode


def _problem(url: str, *, required: bool) -> str:
    """Return why the tests marked mysql can't run here, or ""."""
    parts = urlsplit(url)
    place = f"{parts.hostname}:{parts.port or 3306}"
    try:
        socket.create_connection((parts.hostname or "", parts.port or 3306), timeout=2).close()
    except OSError:
        return f"no server answers on {place}."
    if not required and missing_build_packages():
        return "mysqlclient can't be compiled here."
    install("mysql")
    # This process may run under a Python without Django: the one of .venv asks.
    ask = [str(PYTHON), str(Path(__file__).with_name("database_answers.py")), url]
    answer = subprocess.run(ask, check=False, capture_output=True, text=True)
    return "" if answer.returncode == 0 else f"the server on {place} doesn't let us in ({answer.stderr.strip()})."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
