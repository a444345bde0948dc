"""Rating a resolved ticket."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from accounts.actors import Actor
from tickets import policies, signals
from tickets.figures.facts import month_of, reporting_day
from tickets.models import Ticket
from tickets.ratings.models import Rating
from tickets.services.reading import lock_ticket
from tms_site.lib.permissions import require
from tms_site.lib.text import clean_line
from tms_site.lib.transactions import write_transaction


@write_transaction
def rate_ticket(
    *, actor: Actor, ticket_id: int, value: str, text: str = "", at: datetime | None = None
) -> tuple[Rating, bool]:
    """Say how well a ticket was resolved, or say it anew. Returns the rating, and whether this changed anything.

    There's no version to lose an edit by: it's one person's word, and their last one counts. A ticket that was
    reopened and resolved again is rated anew, and the new rating takes the place of the old one.

    Raises:
        Ticket.DoesNotExist: there's no such ticket that the actor may see.
        PermissionDeniedError: it isn't theirs to rate, not resolved, or was rated too long ago.
        ValidationError: the value or the text is not valid.
    """
    ticket = lock_ticket(actor, ticket_id)
    old = Rating.objects.select_for_update().filter(ticket=ticket).first()
    now = at or timezone.now()
    require(policies.can_rate(actor, ticket, old, now=now))
    rating = Rating(ticket=ticket, pk=old.pk if old else None, value=value, text=clean_line(text))
    rating.rated_at = old.rated_at if old and policies.rates_this_resolution(ticket, old) else now
    rating.month = month_of(reporting_day(rating.rated_at))
    rating.agent_id, rating.team_id, rating.category_id = ticket.assigned_agent_id, ticket.team_id, ticket.category_id
    rating.clean_fields(exclude=("ticket", "agent", "team", "category"))
    changes = _changes(old, rating)
    if not changes:
        return rating, False
    rating.save()
    signals.ticket_rated.send(Ticket, ticket=ticket, rating=rating, changes=changes, actor=actor, at=now)
    return rating, True


def _changes(old: Rating | None, new: Rating) -> dict[str, tuple[str | None, str]]:
    """Return what is said anew; for a new resolution the value is told even if it's the same."""
    told = {"rating": (old.value if old else None, new.value), "rating_text": (old.text if old else "", new.text)}
    is_anew = old is None or old.rated_at != new.rated_at
    return {name: pair for name, pair in told.items() if pair[0] != pair[1] or (is_anew and name == "rating")}
