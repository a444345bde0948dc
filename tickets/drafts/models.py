"""What is written and not sent yet."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from tickets.enums import DESCRIPTION_MAX, TITLE_MAX
from tms_site.lib.fields import CLIENT_TOKEN_MAX
from tms_site.lib.submissions import SubmissionField
from tms_site.lib.text import validate_text


class Draft(models.Model):
    """A comment, or a new ticket, that its author hasn't sent yet. Nobody else ever reads it.

    Written only by tickets.drafts.services.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts")
    # None: it's going to be a ticket of its own.
    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, null=True, related_name="drafts")
    # The same, as something that can be unique: no engine takes two NULLs for the same.
    place = models.GeneratedField(
        expression=Coalesce(F("ticket"), 0), output_field=models.BigIntegerField(), db_persist=True
    )
    title = models.CharField(max_length=TITLE_MAX, blank=True, validators=[validate_text])
    text = models.TextField(blank=True, validators=[validate_text, MaxLengthValidator(DESCRIPTION_MAX)])
    # A note never comes back as a reply.
    is_internal = models.BooleanField(default=False)
    # Names the submission of the form that it was written in: what is sent with it ends the draft.
    client_token = SubmissionField(max_length=CLIENT_TOKEN_MAX, blank=True)
    updated_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager[Draft]]

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "place"], name="draft_user_place"),)
        indexes = (models.Index(fields=["user", "updated_at"], name="draft_user_updated"),)

    def __str__(self) -> str:
        return f"#{self.place}: {self.user_id}"
