"""The outbox."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.utils import timezone

KIND_MAX = 40
LEASE_MAX = 36
ERROR_MAX = 500


class OutboxQuerySet(models.QuerySet["OutboxMessage"]):
    """Named, chainable reads of the outbox."""

    def waiting(self) -> Self:
        """What hasn't been given up."""
        return self.filter(is_dead=False)

    def dead(self) -> Self:
        """What was tried in vain often enough."""
        return self.filter(is_dead=True)

    def due(self, now: datetime) -> Self:
        """What a worker may take up, longest waiting first: neither put off nor leased to another worker."""
        return self.waiting().filter(available_at__lte=now).order_by("available_at", "pk")


class OutboxMessage(models.Model):
    """One thing to be done outside. It's gone once it's done. Written only by activity.outbox.services.

    `available_at` says both until when it's put off and until when it's leased: a worker that was killed doesn't
    give it back, but from then on another one may take it up.
    """

    kind = models.CharField(max_length=KIND_MAX)
    payload: models.JSONField[dict[str, Any]] = models.JSONField()
    created_at = models.DateTimeField(default=timezone.now)
    available_at = models.DateTimeField(default=timezone.now)
    # How often a worker took it up; it names a lease together with `lease`.
    attempts = models.PositiveIntegerField(default=0)
    lease = models.CharField(max_length=LEASE_MAX, null=True)
    is_dead = models.BooleanField(default=False)
    last_error = models.CharField(max_length=ERROR_MAX, blank=True)

    objects: ClassVar[models.Manager[OutboxMessage]] = OutboxQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["is_dead", "available_at", "id"], name="outbox_due"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
