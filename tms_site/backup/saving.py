"""Writing a backup."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.apps import apps
from django.db import connection
from django.utils import timezone

from tickets.attachments import files as attached
from tickets.attachments.models import Attachment
from tms_site.backup import files, rows, state
from tms_site.backup.snapshot import snapshot

FORMAT = 1
MANIFEST = "manifest.json"

Tell = Callable[[str], None]


def save(path: Path, tell: Tell) -> dict[str, Any]:
    """Write everything to a file that only this account may read; returns the manifest.

    It's written beside `path` first, under a name that nobody else has, and gets its own when it's whole; what a killed
    run leaves keeps the other one. People may write meanwhile: what they do after the beginning isn't in it.

    Args:
        path: the file; it must not exist yet.
        tell: is told what is being done.

    Raises:
        FileExistsError: somebody else has made a file of that name; it stays as it is.
        OSError: it can't be written.
        UnreadableError: an attached file can't be read.
    """
    # Only its owner may read it.
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".unfinished", dir=path.parent)
    unfinished = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream, ZipFile(stream, "w", ZIP_DEFLATED, compresslevel=3) as archive:
            manifest = _write(archive, tell)
            archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
        _give_name(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
    return manifest


def _give_name(unfinished: Path, path: Path) -> None:
    """Give a whole file its name, unless there's one of that name; raises FileExistsError then."""
    try:
        os.link(unfinished, path)
    except FileExistsError:
        raise
    except OSError:
        _take_name(unfinished, path)


def _take_name(unfinished: Path, path: Path) -> None:
    """Do the same where a file can't have two names, as on FAT and many a network's disk.

    The name is taken with an empty file first; should that be all that a kill leaves, `restore` knows it for no backup.
    """
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        unfinished.replace(path)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _write(archive: ZipFile, tell: Tell) -> dict[str, Any]:
    with snapshot() as alias:
        manifest: dict[str, Any] = {
            "format": FORMAT,
            "made_at": timezone.now().isoformat(),
            "engine": connection.vendor,
            "migrations": state.applied(alias),
            "next_numbers": state.next_numbers(alias),
            "models": {},
        }
        for model in rows.saved_models(apps):
            manifest["models"][rows.name_of(model)] = _write_rows(archive, model, alias, tell)
        wanted = set(rows.rows_of(Attachment, alias).values_list("storage_name", flat=True))
    written = _write_files(archive, tell)
    manifest["files"] = len(written)
    # Their rows were removed since the beginning, and the files with them.
    manifest["vanished"] = sorted(wanted - written)
    return manifest


def _write_rows(archive: ZipFile, model: Any, alias: str, tell: Tell) -> dict[str, Any]:
    name, count = rows.name_of(model), 0
    with archive.open(f"rows/{name}.jsonl", "w", force_zip64=True) as stream:
        for batch in rows.batches(model, alias):
            stream.write("".join(f"{line}\n" for line in batch).encode())
            count += len(batch)
            if count % (rows.BATCH * 50) == 0:
                tell(f"  {count:,} rows of {name} so far")
    if count:
        tell(f"{count:,} rows of {name}")
    return {"columns": [field.attname for field in rows.saved_fields(model)], "rows": count}


def _write_files(archive: ZipFile, tell: Tell) -> set[str]:
    written: set[str] = set()
    storage = attached.storage()
    for name in files.names(storage):
        content = files.chunks(storage, name)
        try:
            first = next(content, b"")
        except FileNotFoundError:
            continue  # removed at this very moment, with its row
        # Most are pictures and archives, which get no smaller.
        info = ZipInfo(f"files/{name}")
        info.compress_type = ZIP_STORED
        with archive.open(info, "w", force_zip64=True) as target:
            target.writelines(chain((first,), content))
        written.add(name)
    tell(f"{len(written):,} files")
    return written
