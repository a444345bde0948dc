"""What the trash keeps. Its models are imported by tickets.models; written only by tickets.trash."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tickets.enums import TITLE_MAX
from tickets.policies.trash import can_see_trash

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.actors import Actor

LABEL_MAX = 100


class TrashedTicketQuerySet(models.QuerySet["TrashedTicket"]):
    """Named, chainable reads of the trash."""

    def visible_to(self, actor: Actor) -> Self:
        """What `actor` may see of it: all or nothing."""
        return self if can_see_trash(actor) else self.none()

    def for_list(self) -> Self:
        """What a list shows."""
        people = [f"{person}__{column}" for person in ("requester", "deleted_by") for column in NAME_COLUMNS]
        own = [field.name for field in self.model._meta.concrete_fields]
        return self.select_related("requester", "deleted_by").only(*own, *people)

    def due(self, before: datetime) -> Self:
        """What was deleted before a moment."""
        return self.filter(deleted_at__lt=before)


NAME_COLUMNS = ("id", "username", "email")


class TrashedTicket(models.Model):
    """A deleted ticket: what the trash shows of it. Its number is its id, and will be again."""

    number = models.BigIntegerField(_("number"), primary_key=True)
    title = models.CharField(_("title"), max_length=TITLE_MAX)
    requester = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="trashed_tickets")
    creation_date = models.DateTimeField(_("created"))
    comment_count = models.PositiveIntegerField(_("comments"))
    deleted_at = models.DateTimeField(_("deleted"))
    # Nobody: TMS itself, or somebody who is gone.
    deleted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects: ClassVar[models.Manager[TrashedTicket]] = TrashedTicketQuerySet.as_manager()

    class Meta:
        verbose_name = _("deleted ticket")
        verbose_name_plural = _("deleted tickets")
        indexes = (models.Index(fields=["deleted_at", "number"], name="trashed_deleted"),)

    def __str__(self) -> str:
        return f"#{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        """Return the address of its page in the trash."""
        return reverse("tickets:trashed", args=[self.number])

    @property
    def kept_until(self) -> datetime:
        """Until when it can be restored."""
        return self.deleted_at + timedelta(days=settings.TRASH_DAYS)


class TrashedRow(models.Model):
    """One row of a deleted ticket, its own or of what belonged to it."""

    ticket = models.ForeignKey(TrashedTicket, models.CASCADE, related_name="rows")
    # As `app.model`, so that what a later version of TMS doesn't know any more does no harm.
    model = models.CharField(max_length=LABEL_MAX)
    row_id = models.BigIntegerField()
    # By the names of the columns.
    values: models.JSONField[dict[str, Any]] = models.JSONField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["ticket", "model", "row_id"], name="trashed_row"),)
        indexes = (models.Index(fields=["model", "id"], name="trashed_model"),)

    def __str__(self) -> str:
        return f"{self.model} {self.row_id}"


class TrashedPerson(models.Model):
    """Somebody whom a row of a deleted ticket names. It keeps the account from being deleted meanwhile."""

    ticket = models.ForeignKey(TrashedTicket, models.CASCADE, related_name="people")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["ticket", "user"], name="trashed_person"),)

    def __str__(self) -> str:
        return f"#{self.ticket_id}: {self.user_id}"
