"""Files on tickets and comments. Written only by tickets.attachments.services."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tickets.attachments.names import NAME_MAX
from tickets.attachments.querysets import AttachmentQuerySet
from tms_site.lib.fields import CLIENT_TOKEN_MAX
from tms_site.lib.submissions import SubmissionField

if TYPE_CHECKING:
    from tickets.models import Ticket


class Attachment(models.Model):
    """A file that somebody attached to a ticket, or to a comment on it, which says who may read it."""

    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="attachments")
    # None: it came with the ticket itself.
    comment = models.ForeignKey("tickets.Comment", models.CASCADE, null=True, related_name="attachments")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="attachments")
    creation_date = models.DateTimeField(_("attached"), default=timezone.now)
    name = models.CharField(_("name"), max_length=NAME_MAX)
    # Where its bytes lie in the storage "attachments"; says nothing of what they are.
    storage_name = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    # By its extension, from an allow-list (tickets.attachments.kinds).
    content_type = models.CharField(max_length=100)
    # Of pictures that have a preview.
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    # Of one that came by itself; those of a form are named by what they came with.
    client_token = SubmissionField(max_length=CLIENT_TOKEN_MAX, null=True, editable=False)

    objects: ClassVar[models.Manager[Attachment]] = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=["uploaded_by", "client_token"], name="attachment_author_token"),)
        # Those of comments are read by the index of that foreign key.
        indexes = (models.Index(fields=["ticket", "comment", "id"], name="attachment_ticket_comment"),)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address that it's downloaded from."""
        return reverse("tickets:attachment", args=[self.ticket_id, self.pk])

    @property
    def is_internal(self) -> bool:
        """Whether only the desk may know of it: as its comment is."""
        return self.comment is not None and self.comment.is_internal

    @property
    def has_preview(self) -> bool:
        """Whether it's a picture that is shown small."""
        return self.width is not None


def read_files(tickets: Collection[Ticket]) -> None:
    """Give tickets the files that came with themselves: one query for all of them."""
    found: dict[int, list[Attachment]] = {ticket.pk: [] for ticket in tickets}
    by_number = {ticket.pk: ticket for ticket in tickets}
    if found:
        for attachment in Attachment.objects.filter(ticket__in=found, comment=None):
            # What one may do to it is asked of its ticket.
            attachment.ticket = by_number[attachment.ticket_id]
            found[attachment.ticket_id].append(attachment)
    for ticket in tickets:
        ticket.own_files = found[ticket.pk]
