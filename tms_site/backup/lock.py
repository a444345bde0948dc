"""One restore at a time: the lock ends with the process that has it, so that a killed one can be run again at once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path

from django.db import InterfaceError, OperationalError, connection

from tms_site.backup.reading import RestoreError

# Of all databases of a server; a name may be as long as one of theirs, but not with something before it.
NAME = "CONCAT('tms_restore_', SHA1(LOWER(DATABASE())))"
# So long a server may need to end the last statement of somebody who was killed.
SECONDS = 5


@contextmanager
def held() -> Iterator[None]:
    """Keep other restores out of this database meanwhile.

    Raises:
        RestoreError: one runs already, or the folder of SQLite's database can't be looked into.
    """
    with _on_server() if connection.vendor == "mysql" else _on_folder():
        yield


@contextmanager
def _on_server() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT GET_LOCK({NAME}, {SECONDS}), IS_USED_LOCK({NAME})")
        got, owner = cursor.fetchone()
    if got != 1:
        raise RestoreError(
            f"Another restore into this database runs: connection {owner} of the server. Let it come to its end."
        )
    try:
        yield
    finally:
        # It's gone with a connection that broke.
        with suppress(OperationalError, InterfaceError), connection.cursor() as cursor:
            cursor.execute(f"SELECT RELEASE_LOCK({NAME})")


@contextmanager
def _on_folder() -> Iterator[None]:
    """Lock the folder rather than a file of its own: nothing is left there, whoever runs the next one as.

    SQLite's own file can't be: to close it once more would end SQLite's locks.
    """
    folder = Path(connection.settings_dict["NAME"]).resolve().parent
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise RestoreError(f"The folder {folder} can't be read: {error.strerror}.") from error
    try:
        flock(descriptor, LOCK_EX | LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise RestoreError(f"Another restore into {folder} runs. Let it come to its end.") from None
    try:
        yield
    finally:
        os.close(descriptor)
