"""An export of everything that other systems, or another TMS, can use."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.utils import timezone

from tickets.attachments import files
from tms_site.backup.snapshot import snapshot
from tms_site.transfer.folders import FILES, FORMAT, MANIFEST
from tms_site.transfer.problems import TransferError
from tms_site.transfer.rows import ROWS, Options, utc
from tms_site.transfer.tables import TABLES

Tell = Callable[[str], None]

EVERY = 10_000


def default_source() -> str:
    """Return what this TMS is called in exports: the host of BASE_URL."""
    return urlsplit(settings.BASE_URL).hostname or "tms"


def export(folder: Path, options: Options, source: str, tell: Tell) -> dict[str, Any]:
    """Write everything to a folder that only this account may read; returns the manifest.

    It's written beside `folder` first and gets its name when it's whole; what a killed run leaves has another name, and
    no manifest. Others may write meanwhile: what they do after the beginning isn't in it.

    Args:
        folder: where to; it must not exist yet, or be empty.
        options: what to take along.
        source: what this TMS is called in the manifest.
        tell: is told what is being done.

    Raises:
        TransferError: there's something already, or it can't be written.
    """
    if folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
        raise TransferError(f"{folder} isn't an empty folder. Give another name.")
    try:
        # Only its owner may enter it.
        unfinished = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".unfinished", dir=folder.parent))
    except OSError as error:
        raise TransferError(f"{folder} can't be written: {error.strerror or error}.") from error
    try:
        manifest = _write(unfinished, options, source, tell)
        unfinished.rename(folder)
    except OSError as error:
        raise TransferError(f"{folder} can't be written: {error.strerror or error}.") from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return manifest


def _write(folder: Path, options: Options, source: str, tell: Tell) -> dict[str, Any]:
    manifest: dict[str, Any] = {"format": FORMAT, "source": source, "made_at": utc(timezone.now()), "tables": {}}
    with _one_moment() as alias:
        for name in TABLES:
            rows = ROWS[name](alias, options)
            if name == "attachments":
                rows = _with_files(folder, rows)
            manifest["tables"][name] = _write_table(folder / f"{name}.jsonl", name, rows, tell)
    manifest["files"] = manifest["tables"]["attachments"]["rows"]
    with _create(folder / MANIFEST) as stream:
        stream.write(json.dumps(manifest, indent=1).encode())
    return manifest


@contextmanager
def _one_moment() -> Iterator[str]:
    """Give the name of a connection that sees one moment; within a transaction it's the one of that."""
    if connection.in_atomic_block:
        yield "default"
        return
    with snapshot() as alias:
        yield alias


def _create(path: Path) -> IO[bytes]:
    """Create a file that only this account may read; raises FileExistsError."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _write_table(path: Path, name: str, rows: Iterator[dict[str, Any]], tell: Tell) -> dict[str, Any]:
    digest, count = hashlib.sha256(), 0
    with _create(path) as stream:
        for row in rows:
            line = f"{json.dumps(row, ensure_ascii=False)}\n".encode()
            digest.update(line)
            stream.write(line)
            count += 1
            if count % EVERY == 0:
                tell(f"  {count:,} {name} so far")
    if count:
        tell(f"{count:,} {name}")
    return {"rows": count, "sha256": digest.hexdigest()}


def _with_files(folder: Path, rows: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Write the bytes of each attachment; one whose bytes went with its row meanwhile is left out."""
    (folder / FILES).mkdir(mode=0o700)
    for row in rows:
        stored = row.pop("storage_name")
        try:
            source = files.storage().open(stored)
        except FileNotFoundError:
            continue
        with source, _create(folder / row["file"]) as target:
            shutil.copyfileobj(source, target)
        yield row
