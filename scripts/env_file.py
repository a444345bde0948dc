"""The .env file of a local installation: made once, private, never in git."""

import os
import re
import secrets
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCAL_HOSTS = ("127.0.0.1", "localhost", "[::1]")
_EMPTY_KEY = re.compile(r"^SECRET_KEY=[ \t]*$", re.MULTILINE)


def path() -> Path | None:
    """Return where the file is: TMS_ENV_FILE, or .env beside manage.py; None when TMS_ENV_FILE is empty."""
    name = os.environ.get("TMS_ENV_FILE")
    if name == "":
        return None
    return Path(name) if name else ROOT / ".env"


def read(file: Path | None) -> dict[str, str]:
    """Return the file's variables, without those that are set to nothing; {} when there is no file."""
    if file is None or not file.is_file():
        return {}
    values: dict[str, str] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        if equals and not name.startswith("#"):
            values.setdefault(name.strip(), value.strip().strip("'\""))
    return {name: value for name, value in values.items() if value}


def setting(name: str, default: str = "") -> str:
    """Return a variable as Django will see it: the environment wins over the file."""
    return os.environ.get(name) or read(path()).get(name, default)


def write_private(file: Path, text: str, mode: int = 0o600) -> None:
    """Write a file that nobody else can read at any moment, and that is whole or absent after a crash.

    Raises:
        OSError: when it can't be written.

    """
    draft = file.with_name(f"{file.name}.{secrets.token_hex(4)}.new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            # The umask may have taken bits away that another account of a container needs.
            os.fchmod(stream.fileno(), mode)
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def ensure_local() -> bool:
    """Make sure that a SECRET_KEY exists for `make run`; return whether a configuration was written.

    A file that is there keeps everything in it; only a missing or empty SECRET_KEY is filled in.
    """
    file = path()
    if file is None:
        return False
    values = read(file)
    if values.get("SECRET_KEY") or (file.is_file() and os.environ.get("SECRET_KEY")):
        return False
    key = f"SECRET_KEY={secrets.token_urlsafe(50)}"
    if not file.is_file():
        write_private(file, _first_text(key))
        return True
    text = file.read_text(encoding="utf-8")
    filled, count = _EMPTY_KEY.subn(key, text, count=1)
    write_private(file, filled if count else f"{text.rstrip()}\n{key}\n".lstrip())
    return True


def _first_text(key: str) -> str:
    hosts = ",".join(LOCAL_HOSTS)
    return (
        "# Made by `make run` for this machine; docs/configuration.md explains each line. Keep it secret.\n"
        f"{key}\nTMS_LOCAL=1\nALLOWED_HOSTS={hosts}\n"
    )
