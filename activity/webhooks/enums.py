"""Words of webhooks."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.TextChoices):
    """What a webhook can be told of."""

    TICKET_CREATED = "ticket.created", _("A ticket was opened")
    TICKET_UPDATED = "ticket.updated", _("A ticket was changed")
    TICKET_DELETED = "ticket.deleted", _("A ticket was deleted")
    TICKET_RESTORED = "ticket.restored", _("A ticket was restored")
    COMMENT_CREATED = "comment.created", _("A comment was written")
    COMMENT_UPDATED = "comment.updated", _("A comment was edited")
    COMMENT_DELETED = "comment.deleted", _("A comment was deleted")


# What the button sends, whatever a webhook asked to be told of.
PING = "ping"


class DeliveryState(models.TextChoices):
    """How far a delivery has come."""

    WAITING = "waiting", _("Waiting")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Not sent")


NAME_MAX = 60
URL_MAX = 500
ANSWER_MAX = 500
