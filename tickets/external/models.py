"""Keys of other systems. Imported by tickets.models; written only by tms_site.transfer."""

from __future__ import annotations

import hashlib
from typing import ClassVar

from django.db import models

SOURCE_MAX = 100
KIND_MAX = 20
KEY_MAX = 200


def key_digest(source: str, kind: str, key: str) -> str:
    """Return what is unique about a key: engines disagree on when two texts are one, digests don't."""
    return hashlib.sha256(f"{source}\0{kind}\0{key}".encode()).hexdigest()


class ExternalKey(models.Model):
    """By what another system knows a row. It stays when the row is deleted, so that no import brings that back."""

    source = models.CharField(max_length=SOURCE_MAX)
    # The table of the import: tickets, comments, …
    kind = models.CharField(max_length=KIND_MAX)
    key = models.CharField(max_length=KEY_MAX)
    digest = models.CharField(max_length=64, unique=True)
    row_id = models.BigIntegerField()
    # When its import began: the same key twice in one import is a mistake in the file.
    imported_at = models.DateTimeField()

    objects: ClassVar[models.Manager[ExternalKey]] = models.Manager()

    def __str__(self) -> str:
        return f"{self.source} {self.kind} {self.key}"
