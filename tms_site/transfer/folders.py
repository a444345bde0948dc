"""An export as a whole: a folder with its tables, its files, and a manifest that says what belongs to it."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path, PurePosixPath
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File

from tickets.attachments import files
from tickets.attachments.files import StoredFile, Upload
from tms_site.transfer.problems import FieldError, TransferError
from tms_site.transfer.tables import TABLES
from tms_site.transfer.values import Values, shown

FORMAT = 1
MANIFEST = "manifest.json"
MANIFEST_MAX = 1 << 20
FILES = "files"
CHUNK = 1 << 20


def open_folder(folder: Path) -> dict[str, Any]:
    """Return the manifest of an export, after a look at whether its tables are what it says.

    Raises:
        TransferError: it's no export, a part of one, or a changed one.
    """
    try:
        with open_beneath(folder, MANIFEST) as stream:
            manifest = json.loads(stream.read(MANIFEST_MAX))
        told = {name: (about["rows"], about["sha256"]) for name, about in manifest["tables"].items()}
    except FileNotFoundError:
        raise TransferError(f"{folder} has no {MANIFEST}: it's no export of TMS, or only a part of one.") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise TransferError(f"{folder}/{MANIFEST} can't be read: {error}.") from error
    if manifest.get("format") != FORMAT:
        raise TransferError(f"{folder} has the format {manifest.get('format')}; this release reads {FORMAT}.")
    unknown = sorted(told.keys() - TABLES.keys())
    if unknown:
        raise TransferError(f"{folder} has a table that this release doesn't know: {unknown[0]}.")
    for name, wanted in told.items():
        if _rows_and_digest(folder, name) != wanted:
            raise TransferError(f"{folder}/{name}.jsonl isn't what the manifest says: it was changed, or cut off.")
    return manifest  # type: ignore[no-any-return] # what JSON gives


def _rows_and_digest(folder: Path, table: str) -> tuple[int, str]:
    digest, rows = hashlib.sha256(), 0
    try:
        with open_beneath(folder, f"{table}.jsonl") as stream:
            while chunk := stream.read(CHUNK):
                digest.update(chunk)
                rows += chunk.count(b"\n")
    except OSError as error:
        raise TransferError(f"{folder}/{table}.jsonl can't be read: {error.strerror or error}.") from error
    return rows, digest.hexdigest()


@contextmanager
def open_beneath(folder: Path, name: str) -> Iterator[BufferedReader]:
    """Open a file by its path within a folder, and no other one: no step out of it, no link on the way.

    Raises:
        ValueError: the path leads elsewhere.
        OSError: there's no such file, or a link.
    """
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts or any(each in name for each in "\\\0"):
        raise ValueError(f"{shown(name)} isn't a path within the folder")
    at = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in parts[:-1]:
            inner = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=at)
            os.close(at)
            at = inner
        # What isn't a file, such as a pipe, must not keep us waiting.
        descriptor = os.open(parts[-1], os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=at)
    finally:
        os.close(at)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise ValueError(f"{shown(name)} isn't a file")
    with os.fdopen(descriptor, "rb") as stream:
        yield stream


def take(folder: Path | None, values: Values, *, dry_run: bool) -> StoredFile | None:
    """Put the bytes of an attachment into the storage; in a dry run only look at them.

    Args:
        folder: where the files are.
        values: those of its line.
        dry_run: store nothing.

    Raises:
        FieldError: it isn't there, isn't what the line says, or of a kind or size that isn't taken.
    """
    if folder is None:
        raise FieldError("file", "say with --files where the files are")
    try:
        with open_beneath(folder, values["file"]) as stream:
            upload = Upload(File(stream, values["name"]))
            files.check([upload])
            _compare(stream, upload.size, values)
            return None if dry_run else files.store(upload)
    except ValidationError as error:
        raise FieldError("file", " ".join(error.messages)) from error
    except ValueError as error:
        raise FieldError("file", str(error)) from error
    except OSError as error:
        reason = "there's no such file" if isinstance(error, FileNotFoundError) else error.strerror or error
        raise FieldError("file", f"{shown(values['file'])}: {reason}") from error


def _compare(stream: BufferedReader, size: int, values: Values) -> None:
    if values["size"] is not None and values["size"] != size:
        raise FieldError("size", f"the file has {size:,} bytes")
    if values["sha256"] and hashlib.file_digest(stream, "sha256").hexdigest() != values["sha256"].lower():
        raise FieldError("sha256", "the file is another one")
