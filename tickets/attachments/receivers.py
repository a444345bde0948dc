"""What happens to the bytes of a file whose row is gone, however it went: by itself, with its comment or its ticket."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete

from tickets.attachments import keeping
from tickets.attachments.models import Attachment


def connect() -> None:
    """Connect the receivers, once."""
    post_delete.connect(on_row_deleted, sender=Attachment, dispatch_uid="tickets.attachments.on_row_deleted")


def on_row_deleted(sender: object, *, instance: Attachment, **kwargs: Any) -> None:
    """Remove the bytes once the deletion is committed; what fails is left to clean_attachments."""
    transaction.on_commit(partial(keeping.remove_unkept, [instance.storage_name]), robust=True)
