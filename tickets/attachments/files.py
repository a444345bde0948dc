"""The bytes of files: checked, digested and put into the storage, before any row speaks of them."""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage, storages
from django.utils.translation import gettext

from tickets.attachments import kinds
from tickets.attachments.images import Allowance, preview_of
from tickets.attachments.names import display_name
from tms_site.lib.text import size_in_words

logger = logging.getLogger(__name__)


def _failures() -> tuple[type[Exception], ...]:
    # The packages of requirements-s3.txt are there only where files lie in a bucket.
    if find_spec("botocore") is None:
        return (OSError,)
    of_s3 = import_module("botocore.exceptions")
    return (OSError, of_s3.BotoCoreError, of_s3.ClientError)


# What a storage raises when it doesn't do what it's asked.
FAILURES = _failures()
MOST_FILES = 20
PREVIEW = ".preview"
NAME_BYTES = 16


@dataclass(frozen=True)
class StoredFile:
    """A file that lies in the storage, as its row will describe it. Without a preview it has no width and height."""

    storage_name: str
    name: str
    size: int
    sha256: str
    content_type: str
    width: int | None = None
    height: int | None = None


@dataclass
class Upload:
    """A file that somebody sent. `stored` is set once it's in the storage (tickets.attachments.services.with_files)."""

    file: File[Any]
    stored: StoredFile | None = None
    name: str = field(init=False)

    def __post_init__(self) -> None:
        self.name = display_name(self.file.name or "")

    @property
    def size(self) -> int:
        """How many bytes were sent."""
        return self.file.size


def storage() -> Storage:
    """Return where the bytes are: a folder that nobody serves, or a bucket."""
    return storages["attachments"]


def preview_name(storage_name: str) -> str:
    """Return the name under which the preview of a file is stored."""
    return storage_name + PREVIEW


def check(uploads: Sequence[Upload]) -> None:
    """Refuse files that are too large, too many, empty or of a kind that isn't taken; raises ValidationError."""
    problems = [problem for upload in uploads if (problem := _problem_of(upload))]
    total = sum(upload.size for upload in uploads)
    if not problems and total > settings.ATTACHMENT_MAX_COMMENT:
        problems.append(
            gettext("Together these files are %(size)s; %(limit)s is the most.")
            % {"size": size_in_words(total), "limit": size_in_words(settings.ATTACHMENT_MAX_COMMENT)}
        )
    if len(uploads) > MOST_FILES:
        problems.append(gettext("Attach at most %(count)d files at a time.") % {"count": MOST_FILES})
    if problems:
        raise ValidationError([ValidationError(problem, code="refused_file") for problem in problems])


def _problem_of(upload: Upload) -> str:
    kind = kinds.extension(upload.name)
    values = {"name": upload.name, "kind": kind, "limit": size_in_words(settings.ATTACHMENT_MAX_FILE)}
    if not kinds.is_allowed(upload.name):
        if not kind:
            return gettext("“%(name)s” has no ending that says what it is, such as .pdf.") % values
        return gettext("“%(name)s”: files that end in .%(kind)s aren't taken.") % values
    if not upload.size:
        return gettext("“%(name)s” is empty.") % values
    if upload.size > settings.ATTACHMENT_MAX_FILE:
        return gettext("“%(name)s” is larger than %(limit)s.") % values
    return ""


def store(upload: Upload, allowance: Allowance | None = None) -> StoredFile:
    """Put a file into the storage, with its preview if it's a picture, and return what is known of it.

    Args:
        upload: the file.
        allowance: what may be decoded for previews of the files that were sent together; one file's if it's alone.
    """
    name = new_storage_name()
    source = upload.file
    source.seek(0)
    sha256, size = _digest(source)
    source.seek(0)
    preview = preview_of(source, allowance or Allowance()) if kinds.is_picture(upload.name) else None
    # Wrapped, so that a storage copies it: a transaction that's tried again may need it once more.
    storage().save(name, File(source, name=name))
    if preview is not None:
        storage().save(preview_name(name), ContentFile(preview.data))
    return StoredFile(
        storage_name=name,
        name=upload.name,
        size=size,
        sha256=sha256,
        content_type=kinds.content_type(upload.name),
        width=preview.width if preview else None,
        height=preview.height if preview else None,
    )


def new_storage_name() -> str:
    """Return a name that nobody can guess and that says nothing, in one of 256 folders."""
    name = secrets.token_hex(NAME_BYTES)
    return f"{name[:2]}/{name}"


def _digest(source: IO[bytes] | File[Any]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(File.DEFAULT_CHUNK_SIZE):
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size


def digest_of(storage_name: str) -> tuple[str, int] | None:
    """Return SHA-256 and size of what is stored under a name; None when nothing is."""
    try:
        with storage().open(storage_name) as source:
            return _digest(source)
    except FileNotFoundError:
        return None


def remove(storage_names: Iterable[str]) -> None:
    """Remove files and their previews. What can't be removed now stays for `manage.py clean_attachments`."""
    for name in storage_names:
        for each in (name, preview_name(name)):
            try:
                storage().delete(each)
            except FAILURES:
                logger.exception("An attached file could not be removed")
