"""Links. Imported by tickets.models; written only by tickets.links.services."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tickets.links.kinds import LinkKind

if TYPE_CHECKING:
    from tickets.models import Ticket


class LinkQuerySet(models.QuerySet["TicketLink"]):
    """Named, chainable reads of links."""

    def of(self, ticket: Ticket) -> Self:
        """The links of a ticket, at whichever end it stands; each end by its own index."""
        return self.filter(source=ticket).union(self.filter(target=ticket), all=True)


class TicketLink(models.Model):
    """That one ticket has to do with another. There's at most one of a kind between two tickets."""

    source = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="links_to")
    target = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="links_from")
    kind = models.CharField(_("link"), max_length=20, choices=LinkKind)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager[TicketLink]] = LinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        constraints = (models.UniqueConstraint(fields=["source", "target", "kind"], name="ticket_link"),)

    def __str__(self) -> str:
        return f"#{self.source_id} {LinkKind(self.kind).label} #{self.target_id}"
