"""`make run`, second half: prepare the database and the static files, then become gunicorn."""

import hashlib
import os
import sys
from io import StringIO
from pathlib import Path

import django
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.core.management.base import SystemCheckError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from scripts.console import STOPPED, fail, say

DEMO_ACCOUNTS = (
    ("SysAdmin", "admin@example.com"),
    ("Helpdesk Agent", "john.smith@example.com"),
    ("Requester", "jane.doe@example.com"),
)
DEMO_PASSWORD = "Hello123."  # noqa: S105 - the README prints it; `seed` uses it in local mode only
UNKNOWN_DATABASE = 1049  # MySQL's and MariaDB's number for it
ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Prepare, then replace this process by gunicorn, which greets once it listens."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tms_site.settings")
    # The database and the mails that it writes are nobody else's business.
    os.umask(0o077)
    try:
        django.setup()
        _prepare()
        greeting = _greeting()
    except (CommandError, SystemCheckError, ImproperlyConfigured) as error:
        fail(str(error))
    except DatabaseError as error:
        fail(f"The database {_database_name()} doesn't work: {error.args[-1] if error.args else error}{_advice(error)}")
    except KeyboardInterrupt:
        fail(STOPPED)
    os.environ["TMS_GREETING"] = greeting
    # The outbox is delivered beside the server, so that one command runs all of TMS.
    os.environ.setdefault("TMS_WORKER", "1")
    if settings.LOCAL_MODE:
        os.environ.setdefault("GUNICORN_LOG_LEVEL", "warning")
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", "tms_site.wsgi:application"])


def _advice(error: DatabaseError) -> str:
    if error.args[:1] != (UNKNOWN_DATABASE,):
        return ""
    return f". Make it: CREATE DATABASE {settings.DATABASES['default']['NAME']} CHARACTER SET utf8mb4;"


def _prepare() -> None:
    call_command("check", stdout=StringIO())
    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if waiting:
        say(f"Preparing the database ({waiting} migrations)…")
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    collect_static()
    if settings.LOCAL_MODE and not get_user_model().objects.exists():
        say("Loading the demo data…")
        call_command("seed", if_empty=True, stdout=StringIO())


def collect_static() -> None:
    """Collect and compress the static files, unless nothing about them changed since the last time."""
    root = Path(settings.STATIC_ROOT)
    stamp = root / ".collected"
    wanted = _static_fingerprint()
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    say("Collecting static files…")
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(wanted)


def _static_fingerprint() -> str:
    """Return a digest of the packages, the settings and our own static files."""
    digest = hashlib.sha256((ROOT / "requirements.txt").read_bytes() + repr(settings.STORAGES).encode())
    for file in sorted((ROOT / "static").rglob("*")):
        if file.is_file():
            digest.update(f"{file.relative_to(ROOT)}\0".encode() + file.read_bytes())
    return digest.hexdigest()


def _greeting() -> str:
    lines = ["", f"  TMS is at {settings.BASE_URL}", ""]
    accounts = _demo_accounts()
    if accounts:
        lines += [f"  Log in with the password {DEMO_PASSWORD} as"]
        lines += [f"    {email:<26}{role}" for role, email in accounts]
        lines += [""]
    return "\n".join([*lines, "  Ctrl-C stops it; your data stays.", ""])


def _demo_accounts() -> list[tuple[str, str]]:
    """Return the demo accounts that can be logged in to; none outside local mode or once their password is changed."""
    if not settings.LOCAL_MODE:
        return []
    users = get_user_model().objects.filter(is_active=True)
    by_email = {user.email: user for user in users.filter(email__in=[email for _, email in DEMO_ACCOUNTS])}
    return [
        (role, email)
        for role, email in DEMO_ACCOUNTS
        if email in by_email and by_email[email].check_password(DEMO_PASSWORD)
    ]


def _database_name() -> str:
    """Return where the database is, without its password."""
    config = settings.DATABASES["default"]
    return f"{config['NAME']} on {config['HOST']}" if config.get("HOST") else str(config["NAME"])


if __name__ == "__main__":
    main()
