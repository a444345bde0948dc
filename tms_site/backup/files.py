"""The stored files."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.files.storage import Storage

from tickets.attachments.files import FAILURES

CHUNK = 1 << 20


class UnreadableError(Exception):
    """The storage doesn't give out what's in it; the text says what, and why, in one line."""


def names(of: Storage, folder: str = "") -> Iterator[str]:
    """Yield the name of each file in a storage, folder by folder.

    Raises:
        UnreadableError: a folder can't be read.
    """
    try:
        folders, files = of.listdir(folder)
    except FileNotFoundError:
        return  # nothing was ever attached, or the folder's last file was removed at this very moment
    except FAILURES as error:
        what = f"folder {folder} of attached files" if folder else "storage of attachments"
        raise _unreadable(what, error) from error
    yield from (f"{folder}/{name}" if folder else name for name in sorted(files))
    for inner in sorted(folders):
        yield from names(of, f"{folder}/{inner}" if folder else inner)


def chunks(of: Storage, name: str) -> Iterator[bytes]:
    """Yield a file's content, some at a time.

    Raises:
        FileNotFoundError: there's none.
        UnreadableError: it can't be read.
    """
    try:
        with of.open(name) as source:
            while chunk := source.read(CHUNK):
                yield chunk
    except FileNotFoundError:
        raise
    except FAILURES as error:
        raise _unreadable(f"attached file {name}", error) from error


def _unreadable(what: str, error: Exception) -> UnreadableError:
    reason = " ".join(str(getattr(error, "strerror", None) or error).split()).rstrip(".")
    return UnreadableError(f"The {what} can't be read: {reason}.")
