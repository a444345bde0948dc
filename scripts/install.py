"""Makes .venv and installs the pinned packages into it, once for each version of a requirements file.

`python3 -m scripts.install base dev` installs requirements.txt and requirements-dev.txt; a name with a
question mark (`mysql?`) is left out where it can't be compiled.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.console import end_progress, fail, progress, say

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
MADE_AT = VENV / ".made-at"
FILES = {"base": "requirements.txt", "mysql": "requirements-mysql.txt", "dev": "requirements-dev.txt"}
VENV_ADVICE = "Python's venv module is incomplete. On Debian: apt-get install python3-venv"


def install(*names: str) -> None:
    """Install the requirements files of `names` ("base", "mysql", "dev"; with "?": where it can be compiled).

    Raises:
        SystemExit: with one clear line, when something can't be installed.

    """
    with _one_at_a_time():
        _make_venv()
        for name in names:
            optional = name.endswith("?")
            if not (optional and missing_build_packages()):
                _install_file(name.rstrip("?"))


def missing_build_packages() -> list[str]:
    """Return the Debian packages that compiling mysqlclient needs and this machine seems to lack."""
    headers = Path(sysconfig.get_path("include")) / "Python.h"
    found = {
        "build-essential": shutil.which("cc") or shutil.which("gcc"),
        "default-libmysqlclient-dev": _has_client_library(),
        "pkg-config": shutil.which("pkg-config"),
        "python3-dev": headers.is_file(),
    }
    return [package for package, present in found.items() if not present]


def _has_client_library() -> bool:
    if shutil.which("mysql_config") or shutil.which("mariadb_config"):
        return True
    tool = shutil.which("pkg-config")
    names = ("mysqlclient", "mariadb", "libmariadb")
    return bool(tool) and any(subprocess.run([str(tool), "--exists", n], check=False).returncode == 0 for n in names)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Let `make run` and `make test` in two terminals wait for each other instead of installing over each other."""
    with Path(__file__).open(encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Waiting for another `make` that installs packages…")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make_venv() -> None:
    if works(VENV):
        return
    say("Making .venv…")
    make_way(VENV)
    made = subprocess.run([sys.executable, "-m", "venv", VENV], check=False, capture_output=True, text=True)
    if made.returncode == 0:
        MADE_AT.write_text(str(VENV))
        return
    make_way(VENV)
    output = made.stdout + made.stderr
    fail(VENV_ADVICE if "ensurepip" in output or "No module named venv" in output else f"No .venv: {output.strip()}")


def make_way(venv: Path) -> None:
    """Remove an environment; of one that is a link only the link, as what it leads to is somebody else's."""
    if venv.is_symlink():
        venv.unlink()
    else:
        shutil.rmtree(venv, ignore_errors=True)


def works(venv: Path) -> bool:
    """Return whether an environment has an interpreter and pip, where it was made: a move breaks its commands."""
    made_at = venv / MADE_AT.name
    if made_at.is_file() and made_at.read_text() not in {str(venv), str(venv.resolve())}:
        return False
    python = venv / PYTHON.relative_to(VENV)
    return (
        python.exists()
        and subprocess.run([python, "-c", "import pip"], check=False, capture_output=True).returncode == 0
    )


def _stamp(name: str) -> Path:
    return VENV / f".installed-{name}"


def _wanted(name: str) -> str:
    """Return what the stamp of an installed file holds: it changes with the file and with the interpreter."""
    content = (ROOT / FILES[name]).read_bytes()
    return hashlib.sha256(content + os.fsencode(PYTHON.resolve())).hexdigest()


def _install_file(name: str) -> None:
    wanted, stamp = _wanted(name), _stamp(name)
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    total = sum(1 for line in (ROOT / FILES[name]).read_text().splitlines() if line[:1].isalnum())
    say(f"Installing packages from {FILES[name]}; the first time takes a minute…")
    output = _pip(name, total)
    if output:
        fail(_explanation(name, output))
    stamp.write_text(wanted)


def _pip(name: str, total: int) -> str:
    """Run pip for one file, counting the packages on a terminal; return its output if it failed, else "".

    Nothing is compiled in advance: Python compiles what it imports, which is one file in five.
    """
    command = [
        str(PYTHON),
        "-m",
        "pip",
        "install",
        "--require-hashes",
        "--no-deps",
        "--no-compile",
        "--no-input",
        "--progress-bar",
        "off",
    ]
    command += ["--disable-pip-version-check", "--root-user-action", "ignore", "-r", str(ROOT / FILES[name])]
    pip = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    lines: list[str] = []
    seen = 0
    for line in pip.stdout or ():
        lines.append(line)
        if line.startswith(("Collecting ", "Requirement already satisfied")):
            seen += 1
            progress(f"  {min(seen, total)} of {total}")
        elif line.startswith(("Installing", "Building")):
            progress(f"  {line.strip()[:70]}")
    end_progress()
    return "" if pip.wait() == 0 else "".join(lines)


def _explanation(name: str, output: str) -> str:
    if name == "mysql" and "hash" not in output.lower():
        packages = missing_build_packages() or ["default-libmysqlclient-dev", "build-essential", "pkg-config"]
        return (
            "mysqlclient, which MySQL and MariaDB need, could not be compiled. "
            f"On Debian: apt-get install {' '.join(packages)}"
        )
    tail = "\n".join(line for line in output.strip().splitlines()[-15:])
    return f"{tail}\nThe packages of {FILES[name]} could not be installed; pip's last lines are above."


if __name__ == "__main__":
    install(*sys.argv[1:])
