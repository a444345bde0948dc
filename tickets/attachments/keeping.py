"""Which stored files are still spoken of, and the removal of those that aren't.

Bytes go only when nobody keeps them any more: no row, and nothing else that may bring a row back. What remembers rows
for later, such as a trash, says which files it needs: `@keeper` on a function that takes storage names and returns
those of them that it keeps.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import datetime

from django.core.files.storage import Storage

from tickets.attachments import files
from tickets.attachments.models import Attachment

Keeper = Callable[[Collection[str]], Collection[str]]

BATCH = 500
_keepers: list[Keeper] = []


def keeper(function: Keeper) -> Keeper:
    """Let a function say which of some stored files it still needs. It's asked inside a transaction or outside."""
    _keepers.append(function)
    return function


@keeper
def of_rows(names: Collection[str]) -> Collection[str]:
    """Return those that a row speaks of."""
    return Attachment.objects.filter(storage_name__in=names).values_list("storage_name", flat=True)


def kept(names: Collection[str]) -> set[str]:
    """Return those of some storage names that somebody still keeps."""
    return {name for keeps in _keepers for name in keeps(names)} if names else set()


def remove_unkept(names: Collection[str]) -> None:
    """Remove the bytes of files that nobody keeps."""
    files.remove(sorted(set(names) - kept(names)))


def orphans(older_than: datetime) -> Iterator[str]:
    """Yield the storage names of files, older than a moment, that nobody keeps.

    A file is there before its row is, and its request may be running: hence the age.
    """
    batch: set[str] = set()
    for name in _stored():
        batch.add(name)
        if len(batch) == BATCH:
            yield from _orphans_of(batch, older_than)
            batch = set()
    yield from _orphans_of(batch, older_than)


def _orphans_of(names: set[str], older_than: datetime) -> list[str]:
    storage = files.storage()
    return sorted(name for name in names - kept(names) if _written(storage, name) < older_than)


def _written(storage: Storage, name: str) -> datetime:
    # A preview may have been left alone.
    return storage.get_modified_time(name if storage.exists(name) else files.preview_name(name))


def _stored() -> Iterator[str]:
    """Yield the names of all files in the storage, also of those of which only the preview is left."""
    storage = files.storage()
    try:
        folders = sorted(storage.listdir("")[0])
    except FileNotFoundError:
        return  # nothing was ever attached
    for folder in folders:
        names = {name.removesuffix(files.PREVIEW) for name in storage.listdir(folder)[1]}
        yield from (f"{folder}/{name}" for name in sorted(names))
