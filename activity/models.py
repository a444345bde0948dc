"""The activity log."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from activity.enums import ActivityType, TargetType
from activity.outbox import models as outbox_models  # noqa: F401 - Django finds an application's models only here
from activity.querysets import ActivityQuerySet
from activity.webhooks import models as webhook_models  # noqa: F401 - likewise

LABEL_MAX = 300


class ActivityLog(models.Model):
    """One thing that somebody did. Written only by activity.services, never changed afterwards.

    It refers to what it's about by type, id and label, without foreign keys: what is deleted stays in the log.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="activity", verbose_name=_("user")
    )
    user_label = models.CharField(_("user"), max_length=LABEL_MAX)
    activity_type = models.CharField(_("activity"), max_length=20, choices=ActivityType)
    activity_date = models.DateTimeField(_("date"))
    details = models.TextField(_("details"))
    target_type = models.CharField(_("target"), max_length=20, choices=TargetType)
    target_id = models.BigIntegerField(null=True)
    target_label = models.CharField(_("target"), max_length=LABEL_MAX)
    # The ticket that the entry belongs to, also where its target is a comment.
    ticket_id = models.BigIntegerField(_("ticket"), null=True)
    # Another one that it's about as much: two tickets were linked, or comments moved between them.
    other_ticket_id = models.BigIntegerField(_("other ticket"), null=True)
    changes: models.JSONField[dict[str, Any]] = models.JSONField(_("changes"), default=dict)
    request_id = models.CharField(_("request"), max_length=64)
    # Two views at the same moment make one entry (activity.services.record_read).
    dedupe_key = models.CharField(max_length=100, null=True, unique=True)
    # Who meets it in its ticket's timeline (activity.audience).
    in_timeline = models.BooleanField(default=False)
    for_desk = models.BooleanField(default=False)
    seal = models.CharField(max_length=64)

    objects: ClassVar[models.Manager[ActivityLog]] = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activity log")
        indexes = (
            models.Index(fields=["user", "id"], name="activity_user"),
            models.Index(fields=["activity_type", "id"], name="activity_type"),
            models.Index(fields=["ticket_id", "id"], name="activity_ticket"),
            # A timeline reads a page of its own rows, however often the ticket was looked at and commented on.
            models.Index(fields=["ticket_id", "in_timeline", "activity_date", "id"], name="activity_timeline"),
            models.Index(
                fields=["other_ticket_id", "in_timeline", "activity_date", "id"], name="activity_other_timeline"
            ),
            models.Index(fields=["activity_date", "id"], name="activity_date"),
            models.Index(fields=["target_type", "target_id", "activity_type", "id"], name="activity_target"),
            models.Index(
                fields=["user", "activity_type", "target_type", "target_id", "activity_date"], name="activity_reads"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user_label}: {self.details}"
