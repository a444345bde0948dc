"""What the trash keeps of attached files: their bytes stay in the storage until their ticket is gone for good."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from django.db import transaction

from tickets.attachments import keeping
from tickets.attachments.models import Attachment
from tickets.trash.keeping import kept_values
from tickets.trash.models import TrashedTicket

ROWS = Attachment._meta.label_lower


@keeping.keeper
def of_trash(names: Collection[str]) -> Collection[str]:
    """Return those of some storage names that a deleted ticket needs to come back."""
    return kept_values(ROWS, "storage_name", names)


def forget(trashed: TrashedTicket) -> None:
    """Remove the bytes of a ticket that leaves the trash for good, once that is committed."""
    names = list(trashed.rows.filter(model=ROWS).values_list("values__storage_name", flat=True))
    if names:
        transaction.on_commit(partial(keeping.remove_unkept, names), robust=True)
