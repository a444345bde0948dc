"""What stands around the database: configuration, cache, disk, mail, outbox, files."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.cache import cache
from django.core.checks import ERROR, run_checks
from django.core.mail import get_connection
from django.db import connection
from django.utils import timezone

from activity.outbox.models import OutboxMessage
from tms_site.doctor.findings import Finding, fine, problem, warning

CONFIGURATION, CACHE, DISK, MAIL, OUTBOX, FILES = "configuration", "cache", "disk", "mail", "outbox", "files"
GIBIBYTE = 1 << 30
LEAST_FREE, LITTLE_FREE = 1 * GIBIBYTE, 5 * GIBIBYTE
LATE = timedelta(minutes=5)


def configuration() -> Iterator[Finding]:
    """Say what Django's own checks find, those for a deployment too unless this is somebody's own machine."""
    found = run_checks(include_deployment_checks=not settings.LOCAL_MODE, databases=["default"])
    for message in found:
        if message.is_silenced():
            continue
        text = f"{message.id}: {str(message.msg).splitlines()[0]}"
        make = problem if message.level >= ERROR else warning
        yield make(CONFIGURATION, text, str(message.hint or "See docs/configuration.md."))
    if settings.DEBUG:
        yield problem(CONFIGURATION, "DEBUG is on", "Set DEBUG=0: its pages show settings to everybody.")
    if not found and not settings.DEBUG:
        yield fine(CONFIGURATION, "local mode" if settings.LOCAL_MODE else "fit for a server")


def shared_cache() -> Iterator[Finding]:
    """Say whether what's put into the cache comes out again: rate limits are counted in it."""
    if lacking := _missing_cache_tables():
        yield problem(CACHE, f"has no table {lacking[0]}", "Run `manage.py createcachetable`.")
        return
    key, value = f"doctor:{uuid4()}", str(uuid4())
    cache.set(key, value, 30)
    kept = cache.get(key)
    cache.delete(key)
    where = "Redis" if settings.REDIS_URL else "the database"
    if kept == value:
        yield fine(CACHE, f"in {where}")
    else:
        yield problem(CACHE, f"{where} forgets what it's given", "Without it, rate limits don't hold. Look at its log.")


def _missing_cache_tables() -> list[str]:
    tables = {each["LOCATION"] for each in settings.CACHES.values() if each["BACKEND"].endswith(".DatabaseCache")}
    return sorted(tables - set(connection.introspection.table_names()))


def disk() -> Iterator[Finding]:
    """Say how much room there is: for attached files, and for SQLite's database where that lies on another disk."""
    folders = [Path(settings.DATA_DIR)]
    if connection.vendor == "sqlite":
        folders.append(Path(connection.settings_dict["NAME"]).resolve().parent)
    yield from map(_room, {folder.stat().st_dev: folder for folder in reversed(folders)}.values())


def _room(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    text = f"{free / GIBIBYTE:.1f} GiB free for {folder}"
    if free < LEAST_FREE:
        return problem(DISK, text, "Make room: when it's full, nothing can be written any more.")
    if free < LITTLE_FREE:
        return warning(DISK, text, "Make room before it's full.")
    return fine(DISK, text)


def mail() -> Iterator[Finding]:
    """Say whether the mail server takes a connection; nothing is sent."""
    backend = settings.EMAIL_BACKEND.rsplit(".", 2)[-2]
    if backend != "smtp":
        yield fine(MAIL, f"goes to {backend}, not to a server")
        return
    try:
        server = get_connection(timeout=10)
        server.open()
        server.close()
    except OSError as error:
        where = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
        yield problem(MAIL, f"{where} doesn't take it: {error}", "Nobody gets links to set a password. See EMAIL_URL.")
    else:
        yield fine(MAIL, f"{settings.EMAIL_HOST} answers")


def outbox() -> Iterator[Finding]:
    """Say whether what is to happen outside happens."""
    now = timezone.now()
    oldest = OutboxMessage.objects.due(now).first()
    dead = OutboxMessage.objects.dead().count()
    if oldest is not None and now - oldest.available_at > LATE:
        minutes = (now - oldest.available_at).total_seconds() / 60
        yield problem(OUTBOX, f"has waited for {minutes:.0f} minutes", "Is `manage.py work` running?")
    elif dead:
        yield warning(OUTBOX, f"{dead} given up after many tries", "See the deliveries at /webhooks/.")
    else:
        yield fine(OUTBOX, "nothing waits that shouldn't")


def files() -> Iterator[Finding]:
    """Say whether others on this machine could read what is stored, and whether static files were collected."""
    private = [Path(settings.DATA_DIR), Path(settings.DATABASES["default"]["NAME"])]
    for path in private:
        if path.is_absolute() and path.exists() and path.stat().st_mode & 0o007:
            yield problem(FILES, f"everybody on this machine may read {path}", f"chmod o-rwx {path}")
            return
    if not settings.DEBUG and not (Path(settings.STATIC_ROOT) / "staticfiles.json").is_file():
        yield problem(FILES, "static files aren't collected: pages have no style", "Run `manage.py collectstatic`.")
    else:
        yield fine(FILES, "private, and static files collected")
