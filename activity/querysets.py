"""Which entries of the log one reads, by name."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from activity.enums import ActivityType, TargetType
from activity.policies import can_see_log

if TYPE_CHECKING:
    from accounts.actors import Actor
    from accounts.models import User
    from activity.models import ActivityLog
    from tickets.models import Ticket


class ActivityQuerySet(models.QuerySet["ActivityLog"]):
    """Named, chainable reads of the log."""

    def visible_to(self, actor: Actor) -> Self:
        """Entries that `actor` may read in the log itself: all or none."""
        return self if can_see_log(actor) else self.none()

    def for_list(self) -> Self:
        """Only what a list shows: not the changes, which may hold whole descriptions."""
        return self.defer("changes", "seal", "dedupe_key")

    def timeline_of(self, ticket: Ticket) -> Self:
        """What the timeline of a ticket tells the desk of it beside the comments: its changes, what was removed.

        That the requester opened the ticket isn't told: its description says so; that somebody else did it for them is.
        """
        opened = Q(target_type=TargetType.TICKET, activity_type=ActivityType.CREATE, user=ticket.requester_id)
        return self.filter(ticket_id=ticket.pk, in_timeline=True).exclude(opened)

    def timeline_from_others(self, ticket: Ticket) -> Self:
        """What it tells of other tickets that has to do with this one as much: how they were linked."""
        return self.filter(other_ticket_id=ticket.pk, in_timeline=True)

    def for_timeline(self) -> Self:
        """Only what a timeline shows."""
        return self.defer("seal", "dedupe_key", "details")

    def before(self, moment: datetime) -> Self:
        """Entries older than `moment`."""
        return self.filter(activity_date__lt=moment)

    def purges(self) -> Self:
        """What was written about purges of the log, in order."""
        return self.filter(target_type=TargetType.ACTIVITY, activity_type=ActivityType.DELETE).order_by("pk")

    def purgeable(self, before: datetime, user: User | None) -> Self:
        """What a purge takes away: what's older, of everybody or of one person, but never the word of a purge."""
        old = self.before(before).exclude(target_type=TargetType.ACTIVITY)
        return old if user is None else old.filter(user=user)
