"""Words of the ticket domain."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """Where a ticket stands. The order is that of a ticket's life."""

    OPEN = "open", _("Open")
    IN_PROGRESS = "in_progress", _("In progress")
    WAITING = "waiting", _("Waiting")
    RESOLVED = "resolved", _("Resolved")


class Priority(models.TextChoices):
    """How soon a ticket matters, least first."""

    LOW = "low", _("Low")
    MEDIUM = "medium", _("Medium")
    HIGH = "high", _("High")
    URGENT = "urgent", _("Urgent")


class RatingValue(models.TextChoices):
    """What a requester says of how their ticket was resolved."""

    GOOD = "good", _("Good")
    BAD = "bad", _("Bad")


# Ranks are what lists sort by: "high" must not stand before "low" because of its letter.
STATUS_RANKS = {status.value: rank for rank, status in enumerate(Status, start=1)}
PRIORITY_RANKS = {priority.value: rank for rank, priority in enumerate(Priority, start=1)}

UNRESOLVED = tuple(status for status in Status if status is not Status.RESOLVED)

TITLE_MAX = 255
DESCRIPTION_MAX = 100_000
VIEW_NAME_MAX = 60
RATING_TEXT_MAX = 500
PARAMETERS_MAX = 1000
