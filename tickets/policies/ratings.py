"""Who may say how well a ticket was resolved."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.policies import DEACTIVATED
from tickets.policies.merging import unless_merged
from tms_site.lib.permissions import ALLOWED, Decision, Denied

if TYPE_CHECKING:
    from accounts.actors import Actor
    from tickets.models import Ticket
    from tickets.ratings.models import Rating

ONLY_REQUESTER = Denied(_("Only the person who asked can rate how a ticket was resolved."))
OWN_WORK = Denied(_("Nobody rates their own work."))
NOT_RESOLVED = Denied(_("A ticket can be rated once it's resolved."))


def can_rate(actor: Actor, ticket: Ticket, rating: Rating | None = None, *, now: datetime | None = None) -> Decision:
    """Rate one's own resolved ticket, and change that for a while. `rating` is what was said of it before."""
    if not actor.is_active:
        return DEACTIVATED
    if ticket.requester_id != actor.pk:
        return ONLY_REQUESTER
    if ticket.assigned_agent_id == actor.pk:
        return OWN_WORK
    if not ticket.is_resolved:
        return NOT_RESOLVED
    return unless_merged(ticket, _still_open(ticket, rating, now or timezone.now()))


def _still_open(ticket: Ticket, rating: Rating | None, now: datetime) -> Decision:
    if rating is None or not rates_this_resolution(ticket, rating):
        return ALLOWED
    if now - rating.rated_at <= timedelta(days=settings.RATING_DAYS):
        return ALLOWED
    return Denied(_("A rating can be changed for %(days)d days.") % {"days": settings.RATING_DAYS})


def rates_this_resolution(ticket: Ticket, rating: Rating) -> bool:
    """Tell whether a rating is about the present resolution: a ticket that is resolved again can be rated again."""
    return ticket.resolution_date is not None and rating.rated_at >= ticket.resolution_date
