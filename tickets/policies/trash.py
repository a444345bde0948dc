"""Who may do what to deleted tickets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone
from django.utils.translation import ngettext

from accounts.policies import sysadmin
from tms_site.lib.permissions import ALLOWED, Decision, Denied

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.actors import Actor
    from tickets.trash.models import TrashedTicket


def can_see_trash(actor: Actor) -> Decision:
    """See which tickets were deleted."""
    return sysadmin(actor)


def can_restore(actor: Actor, trashed: TrashedTicket, *, now: datetime | None = None) -> Decision:
    """Bring a deleted ticket back, for TRASH_DAYS."""
    may_see = can_see_trash(actor)
    if not may_see:
        return may_see
    if (now or timezone.now()) <= trashed.kept_until:
        return ALLOWED
    days = settings.TRASH_DAYS
    text = ngettext(
        "This ticket was deleted more than %(days)d day ago: that's too long ago to restore it.",
        "This ticket was deleted more than %(days)d days ago: that's too long ago to restore it.",
        days,
    )
    return Denied(text % {"days": days})


def can_empty_trash(actor: Actor) -> Decision:
    """Remove deleted tickets for good."""
    return sysadmin(actor)
