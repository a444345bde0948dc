"""What the log hears of ratings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import Signal
from django.utils.translation import gettext

from accounts.actors import Actor
from activity.enums import ActivityType, TargetType
from activity.receivers.targets import Receiver
from activity.sentences import changes_as_json
from activity.services import Entry, Target, record
from tickets import signals
from tickets.models import Ticket
from tickets.ratings.models import Rating


def on_ticket_rated(
    sender: object,
    *,
    ticket: Ticket,
    rating: Rating,
    changes: dict[str, tuple[Any, Any]],
    actor: Actor,
    at: datetime,
    **kwargs: Any,
) -> None:
    """Write what the requester says of a ticket, and what they said before."""
    target = Target(TargetType.RATING, ticket.pk, str(ticket), ticket_id=ticket.pk)
    values = {"number": ticket.pk, "value": rating.get_value_display()}
    details = gettext("Rated ticket #%(number)d: %(value)s.") % values
    record(Entry(ActivityType.UPDATE, target, details, at, actor, changes=changes_as_json(changes)))


RECEIVERS: dict[Signal, Receiver] = {signals.ticket_rated: on_ticket_rated}
