"""The stored files."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.files.storage import Storage


def names(of: Storage, folder: str = "") -> Iterator[str]:
    """Yield the name of each file in a storage, folder by folder."""
    try:
        folders, files = of.listdir(folder)
    except FileNotFoundError:
        return  # nothing was ever attached, or the folder's last file was removed at this very moment
    yield from (f"{folder}/{name}" if folder else name for name in sorted(files))
    for inner in sorted(folders):
        yield from names(of, f"{folder}/{inner}" if folder else inner)
