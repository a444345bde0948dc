"""Reading a backup through before anything is emptied for it: whether it's whole, and whether all fits its models."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from io import TextIOWrapper
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile, ZipInfo

from django.contrib.auth import get_user_model
from django.core.exceptions import SuspiciousOperation, ValidationError
from django.core.files.utils import validate_file_name
from django.db.models import Model

from tms_site.backup import rows, state
from tms_site.backup.manifests import ManifestError, check_manifest
from tms_site.backup.saving import MANIFEST

Tell = Callable[[str], None]
# After so many rows it says how far it is.
EVERY = 100_000
FILES = "files/"
CHUNK = 1 << 20
# What a damaged or a strange archive may come to: bytes that were changed, a cut end, a password, an unknown packing.
UNREADABLE = (BadZipFile, zlib.error, EOFError, OSError, KeyError, ValueError, NotImplementedError, RuntimeError)
# What a line may come to that isn't a row.
NO_ROW = (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError, ValidationError)


class RestoreError(Exception):
    """The backup can't be put back; the text says why in one line."""


class _UnfitError(Exception):
    """Something about a file is wrong; the text goes on where the file was named, without a full stop."""


def open_backup(path: Path, tell: Tell) -> tuple[ZipFile, dict[str, Any]]:
    """Return a backup and its manifest, after reading all of it once: what's wrong with it is known before it's needed.

    Args:
        path: the file.
        tell: is told what is being done.

    Raises:
        RestoreError: it's no backup, a damaged or an odd one, or one of a newer release.
    """
    try:
        archive = ZipFile(path)
    except FileNotFoundError:
        raise RestoreError(f"There is no file {path}.") from None
    except UNREADABLE as error:
        raise RestoreError(_unreadable(path, error)) from error
    try:
        return archive, _checked(archive, tell)
    except (_UnfitError, ManifestError) as error:
        reason = RestoreError(f"{path} {error}.")
    except UNREADABLE as error:
        reason = RestoreError(_unreadable(path, error))
    archive.close()
    raise reason


def lines_of(archive: ZipFile, name: str) -> Generator[str]:
    """Yield a model's rows as lines."""
    with archive.open(_place(name)) as stream:
        yield from TextIOWrapper(stream, "utf-8", newline="\n")


def files_of(archive: ZipFile) -> list[tuple[str, ZipInfo]]:
    """Return each stored file's name and its entry; folders, which other programs write too, aren't any."""
    entries = [info for info in archive.infolist() if info.filename.startswith(FILES) and not info.is_dir()]
    return [(info.filename.removeprefix(FILES), info) for info in entries]


def _place(name: str) -> str:
    return f"rows/{name}.jsonl"


def _unreadable(path: Path, error: Exception) -> str:
    text = str(error) or type(error).__name__
    return f"{path} is no backup of TMS, or a damaged one: {' '.join(text.split()).rstrip('.')}."


def _checked(archive: ZipFile, tell: Tell) -> dict[str, Any]:
    manifest: dict[str, Any] = check_manifest(json.loads(archive.read(MANIFEST)))
    migrations = [(app, name) for app, name in manifest["migrations"]]
    newer = state.unknown(migrations)
    if newer:
        app, name = newer[0]
        raise _UnfitError(f"comes from a newer release: this one doesn't know {app}.{name}. Upgrade first")
    tell("Reading the backup through, before anything is emptied …")
    models = {rows.name_of(model): model for model in rows.saved_models(state.models_after(migrations))}
    people = rows.name_of(get_user_model())
    if people not in models or people not in manifest["models"]:
        raise _UnfitError(f"is incomplete: it has no {people}")
    for name, about in manifest["models"].items():
        if _place(name) not in archive.NameToInfo:
            raise _UnfitError(f"is incomplete: {_place(name)} is missing")
        # Of what this release has thrown away nothing is put back.
        if name in models:
            with closing(lines_of(archive, name)) as lines:
                _check_rows(lines, models[name], about, tell)
    _check_files(archive, manifest["files"])
    return manifest


def _check_rows(lines: Iterator[str], model: type[Model], about: dict[str, Any], tell: Tell) -> None:
    name, count = rows.name_of(model), 0
    missing = [field.attname for field in rows.saved_fields(model) if field.attname not in about["columns"]]
    if missing:
        raise _UnfitError(f"is incomplete: {_place(name)} has no {missing[0]}")
    for line in lines:
        count += 1
        try:
            rows.check(model, about["columns"], line)
        except NO_ROW as error:
            raise _UnfitError(f"is damaged: line {count} of {_place(name)} is no row of {name}") from error
        if count % EVERY == 0:
            tell(f"  {count:,} of {about['rows']:,} rows of {name} read")
    if count != about["rows"]:
        raise _UnfitError(f"is damaged: {_place(name)} has {count} rows instead of {about['rows']}")


def _check_files(archive: ZipFile, number: int) -> None:
    found = files_of(archive)
    if len(found) != number:
        raise _UnfitError(f"is damaged: it has {len(found)} files instead of {number}")
    for name, info in found:
        try:
            validate_file_name(name, allow_relative_path=True)
        except SuspiciousOperation as error:
            raise _UnfitError(f"has a file of a name that can't be: {name!r}") from error
        with archive.open(info) as stream:
            while stream.read(CHUNK):
                pass  # its end is where the checksum is compared
