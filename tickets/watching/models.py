"""Who watches which ticket."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone


class TicketWatcher(models.Model):
    """Somebody of the desk who watches a ticket. Written only by tickets.watching.services."""

    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="watchers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="watched_tickets")
    since = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager[TicketWatcher]]

    class Meta:
        # In this order it also finds what somebody watches.
        constraints = (models.UniqueConstraint(fields=["user", "ticket"], name="watcher_user_ticket"),)

    def __str__(self) -> str:
        return f"#{self.ticket_id}: {self.user_id}"
