"""Attaching a file to what is there already; files that come with a ticket or a comment are attached by its service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Count, Sum
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, actor_user
from accounts.models import User
from tickets import policies
from tickets.attachments.files import MOST_FILES, Upload
from tickets.attachments.models import Attachment
from tickets.attachments.services import are_those_of, attach, with_files
from tickets.models import Comment, Ticket
from tickets.services.reading import lock_comment, lock_ticket
from tms_site.lib.permissions import require
from tms_site.lib.text import size_in_words
from tms_site.lib.transactions import write_transaction


@dataclass(frozen=True)
class AttachResult:
    """The file, and whether this call attached it or an earlier one with the same client token."""

    attachment: Attachment
    created: bool


@with_files
@write_transaction
def add_attachment(
    *,
    actor: Actor,
    ticket_id: int,
    attachments: Sequence[Upload],
    comment_id: int | None = None,
    client_token: str | None = None,
    at: datetime | None = None,
) -> AttachResult:
    """Attach a file to a ticket, or to a comment on it. The limits are those of everything that's attached there.

    Args:
        actor: who attaches it; a user.
        ticket_id: to which ticket.
        attachments: the file, the only one: `with_files` knows files by this name.
        comment_id: to which of its comments; whoever reads that reads the file.
        client_token: names this submission; the same token of the same person again returns the first file.
        at: when it was attached, where that isn't now.

    Raises:
        Ticket.DoesNotExist, Comment.DoesNotExist: there's none that the actor may see.
        PermissionDeniedError: the actor may not attach anything there.
        ValidationError: the file isn't taken, or is too much.
    """
    [upload] = attachments
    ticket = lock_ticket(actor, ticket_id)
    comment = lock_comment(actor, ticket, comment_id) if comment_id is not None else None
    require(policies.can_attach(actor, ticket, comment))
    person = actor_user(actor)
    if person is None:
        raise ValidationError(_("Only people attach files."), code="no_author")
    earlier = _attachment_of_token(person, client_token)
    if earlier is not None:
        return AttachResult(earlier, created=False)
    _check_room(ticket, comment, upload)
    now = at or timezone.now()
    try:
        with transaction.atomic():
            [attachment] = attach(
                [upload], actor=actor, ticket=ticket, comment=comment, at=now, client_token=client_token
            )
    except IntegrityError:
        # The same submission came twice at once, to another ticket, and the other one was first.
        earlier = _attachment_of_token(person, client_token)
        if earlier is None:
            raise
        return AttachResult(earlier, created=False)
    if not attachment.is_internal:
        Ticket.objects.filter(pk=ticket.pk).update(updated_at=now)
    return AttachResult(attachment, created=True)


def is_that_file(attachment: Attachment, upload: Upload, *, ticket_id: int, comment_id: int | None) -> bool:
    """Tell whether a file was attached to this, with this name and content: whether what was sent again is the same."""
    there = (attachment.ticket_id, attachment.comment_id) == (ticket_id, comment_id)
    return there and are_those_of([upload], [attachment])


def _attachment_of_token(person: User, client_token: str | None) -> Attachment | None:
    if not client_token:
        return None
    return Attachment.objects.filter(uploaded_by=person, client_token=client_token).select_related("comment").first()


def _check_room(ticket: Ticket, comment: Comment | None, upload: Upload) -> None:
    """Refuse what would be more than one form may bring along; raises ValidationError. The ticket is locked."""
    present = Attachment.objects.filter(ticket=ticket, comment=comment)
    there = present.order_by().aggregate(count=Count("pk"), size=Sum("size"))
    if there["count"] >= MOST_FILES:
        raise ValidationError({"attachments": gettext("There are %(count)d files already.") % {"count": MOST_FILES}})
    total = (there["size"] or 0) + upload.size
    if total > settings.ATTACHMENT_MAX_COMMENT:
        words = gettext("Together with those that are there these files are %(size)s; %(limit)s is the most.")
        values = {"size": size_in_words(total), "limit": size_in_words(settings.ATTACHMENT_MAX_COMMENT)}
        raise ValidationError({"attachments": words % values})
