"""Ratings. Imported by tickets.models; written only by tickets.ratings.services."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tickets.enums import RATING_TEXT_MAX, RatingValue
from tms_site.lib.text import validate_text


class Rating(models.Model):
    """What the requester of a resolved ticket says of it: one for each ticket, about its latest resolution."""

    ticket = models.OneToOneField("tickets.Ticket", models.CASCADE, related_name="rating")
    value = models.CharField(_("rating"), max_length=10, choices=RatingValue)
    text = models.CharField(_("in your words"), max_length=RATING_TEXT_MAX, blank=True, validators=[validate_text])
    # When this resolution was first rated: from then on the rating can be changed for RATING_DAYS.
    rated_at = models.DateTimeField()
    # What the dashboard adds up, as it was at that moment: the month of the reporting zone, whose work it was, and
    # what it was about.
    month = models.DateField()
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    team = models.ForeignKey("tickets.Team", models.PROTECT, null=True, related_name="+")
    category = models.ForeignKey("tickets.Category", models.PROTECT, null=True, related_name="+")

    objects: ClassVar[models.Manager[Rating]] = models.Manager()

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        indexes = (
            # The dashboard reads the sums of its months from here alone.
            models.Index(fields=["month", "agent", "team", "category", "value"], name="rating_sums"),
            models.Index(fields=["value", "ticket"], name="rating_value"),
        )

    def __str__(self) -> str:
        return f"#{self.ticket_id}: {self.get_value_display()}"
