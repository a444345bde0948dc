"""What was done to many tickets at once, row by row. Written only by tickets.bulk.services."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tickets.enums import TITLE_MAX
from tms_site.lib.fields import CLIENT_TOKEN_MAX
from tms_site.lib.submissions import SubmissionField

LABEL_MAX = 200
REASON_MAX = 300


class Outcome(models.TextChoices):
    """What became of a row."""

    DONE = "done", _("Done")
    UNCHANGED = "unchanged", _("Was so already")
    CHANGED_MEANWHILE = "changed", _("Skipped: somebody changed it meanwhile")
    REFUSED = "refused", _("Refused")
    GONE = "gone", _("Gone")
    UNDONE = "undone", _("Undone")
    NOT_UNDONE = "not_undone", _("Done, not undone: somebody changed it since")
    REFUSED_UNDO = "refused_undo", _("Done, not undone")


# Those whose change still stands: undoing may be tried.
STANDING = (Outcome.DONE, Outcome.NOT_UNDONE, Outcome.REFUSED_UNDO)


class BulkRowQuerySet(models.QuerySet["BulkRow"]):
    """What became of tickets."""

    def standing(self) -> Self:
        """Rows whose change stands and can be undone: not those that were deleted."""
        return self.filter(outcome__in=STANDING, version__isnull=False)


class BulkRun(models.Model):
    """One change of many tickets."""

    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="bulk_runs")
    client_token = SubmissionField(max_length=CLIENT_TOKEN_MAX)
    created_at = models.DateTimeField()
    action = models.CharField(max_length=20)
    # In words, as it was when it was done.
    label = models.CharField(max_length=LABEL_MAX)

    objects: ClassVar[models.Manager[BulkRun]] = models.Manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["actor", "client_token"], name="bulk_actor_token"),)

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        """Return the address of its results."""
        return reverse("tickets:bulk_result", args=[self.pk])


class BulkRow(models.Model):
    """What became of one ticket. No foreign key: the result tells of it when it's gone."""

    run = models.ForeignKey(BulkRun, models.CASCADE, related_name="rows")
    number = models.BigIntegerField()
    title = models.CharField(max_length=TITLE_MAX)
    outcome = models.CharField(max_length=20, choices=Outcome)
    reason = models.CharField(max_length=REASON_MAX, blank=True)
    # What the change replaced, and the version that it led to: undo goes back from there only.
    old: models.JSONField[dict[str, Any]] = models.JSONField(default=dict)
    version = models.PositiveIntegerField(null=True)

    objects: ClassVar[models.Manager[BulkRow]] = BulkRowQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["run", "number"], name="bulk_row"),)

    def __str__(self) -> str:
        return f"#{self.number}: {self.outcome}"
