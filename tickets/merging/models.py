"""What was merged into what. Imported by tickets.models; written only by tickets.merging.services."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tickets.enums import Status
from tms_site.lib.fields import CLIENT_TOKEN_MAX
from tms_site.lib.submissions import SubmissionField


class MergeQuerySet(models.QuerySet["Merge"]):
    """Named, chainable reads of merges."""

    def in_force(self) -> Self:
        """Those that weren't undone."""
        return self.filter(undone_at__isnull=True)


class Merge(models.Model):
    """That one ticket became part of another: with what it takes to undo that exactly."""

    source = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="merges_into")
    target = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="merges_from")
    merged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    merged_at = models.DateTimeField(_("merged"), default=timezone.now)
    undone_at = models.DateTimeField(null=True)
    client_token = SubmissionField(max_length=CLIENT_TOKEN_MAX, null=True)
    # What the source was before.
    status = models.CharField(max_length=20, choices=Status)
    resolution_date = models.DateTimeField(null=True)
    # What moved: the comments as [id, the number that each was moved from before], and the tags and watchers that this
    # merge has brought. When another merge is undone that had brought them first, they're noted here instead, if this
    # one's source has them too (services/along.py).
    moved: models.JSONField[dict[str, Any]] = models.JSONField(default=dict)

    objects: ClassVar[models.Manager[Merge]] = MergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        constraints = (models.UniqueConstraint(fields=["merged_by", "client_token", "source"], name="merge_token"),)

    def __str__(self) -> str:
        return f"#{self.source_id} → #{self.target_id}"
