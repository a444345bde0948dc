"""Who was last seen at which ticket."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone


class TicketPresence(models.Model):
    """Somebody of the desk at a ticket. Written only by tickets.presence.services, and worth nothing a minute later."""

    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="presences")
    seen_at = models.DateTimeField(default=timezone.now)
    is_replying = models.BooleanField(default=False)

    objects: ClassVar[models.Manager[TicketPresence]]

    class Meta:
        constraints = (models.UniqueConstraint(fields=["ticket", "user"], name="presence_ticket_user"),)
        indexes = (models.Index(fields=["user", "seen_at"], name="presence_user_seen"),)

    def __str__(self) -> str:
        return f"#{self.ticket_id}: {self.user_id}"
