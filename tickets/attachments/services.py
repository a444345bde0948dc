"""Attaching files, and taking them away."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.core.exceptions import ValidationError
from django.db import DatabaseError, InterfaceError
from django.utils import timezone

from accounts.actors import Actor, actor_user
from tickets import policies, signals
from tickets.attachments import files, keeping
from tickets.attachments.files import StoredFile, Upload
from tickets.attachments.images import Allowance
from tickets.attachments.models import Attachment
from tms_site.lib.permissions import require
from tms_site.lib.transactions import write_transaction

P = ParamSpec("P")
R = TypeVar("R")

__all__ = ["note_attachment_opened", "remove_attachment"]


def with_files(function: Callable[P, R]) -> Callable[P, R]:
    """Put the files of a service's argument `attachments` into the storage before its transaction begins.

    So no lock is held while bytes travel, and a transaction that's tried again finds them there. Those that no row
    speaks of afterwards are removed: the transaction failed, or the same form had been sent before.
    """

    @wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        given: Any = kwargs.get("attachments", ())
        # A service that calls another one has stored them already.
        uploads = [upload for upload in given if upload.stored is None]
        if not uploads:
            return function(*args, **kwargs)
        _check(uploads)
        allowance = Allowance()
        try:
            for upload in uploads:
                upload.stored = files.store(upload, allowance)
            return function(*args, **kwargs)
        finally:
            _remove_unkept(upload.stored for upload in uploads)

    return wrapper


def _check(uploads: Sequence[Upload]) -> None:
    try:
        files.check(uploads)
    except ValidationError as error:
        raise ValidationError({"attachments": error}) from error


def _remove_unkept(stored: Iterable[StoredFile | None]) -> None:
    try:
        keeping.remove_unkept([file.storage_name for file in stored if file is not None])
    except (DatabaseError, InterfaceError):
        # Nobody can say whether there's a row now: clean_attachments will look again.
        return


def attach(
    uploads: Sequence[Upload],
    *,
    actor: Actor,
    ticket: Any,
    comment: Any = None,
    at: datetime,
    client_token: str | None = None,
) -> list[Attachment]:
    """Write a row for each file that `with_files` has stored, and return them. For services, in their transaction.

    `client_token` names the submission of a single file that comes by itself.
    """
    attached = []
    for upload in uploads:
        stored = upload.stored
        if stored is None:
            raise RuntimeError("A service that attaches files is decorated with `with_files`.")
        attachment = Attachment.objects.create(
            ticket=ticket,
            comment=comment,
            uploaded_by=actor_user(actor) or ticket.requester,
            creation_date=at,
            client_token=client_token or None,
            **{name: getattr(stored, name) for name in StoredFile.__dataclass_fields__},
        )
        signals.attachment_created.send(Attachment, attachment=attachment, actor=actor, at=at)
        attached.append(attachment)
    return attached


def are_those_of(uploads: Sequence[Upload], attachments: Iterable[Attachment]) -> bool:
    """Tell whether these files are the ones that were attached: whether a form that was sent again is the same."""
    sent = sorted((upload.name, upload.stored.sha256) for upload in uploads if upload.stored is not None)
    return sent == sorted((attachment.name, attachment.sha256) for attachment in attachments)


def note_attachment_opened(*, actor: Actor, attachment: Attachment, at: datetime | None = None) -> None:
    """Tell that `actor` opened a file that they may see. No transaction, as in tickets.services.noting."""
    signals.attachment_opened.send(Attachment, attachment=attachment, actor=actor, at=at or timezone.now())


@write_transaction
def remove_attachment(*, actor: Actor, ticket_id: int, attachment_id: int, at: datetime | None = None) -> None:
    """Remove a file from its ticket or comment; its bytes go after the commit.

    Raises:
        Attachment.DoesNotExist: there's no such file on that ticket that the actor may see.
        PermissionDeniedError: the actor may not remove it.
    """
    visible = Attachment.objects.visible_to(actor)
    attachment = visible.select_for_update().get(pk=attachment_id, ticket=ticket_id)
    require(policies.can_delete_attachment(actor, attachment))
    signals.attachment_deleted.send(Attachment, attachment=attachment, actor=actor, at=at or timezone.now())
    attachment.delete()
