"""Saying that one is at a ticket. Nothing is logged: it's no change, and forgotten a minute later."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import User
from tickets import policies
from tickets.models import Ticket
from tickets.presence.models import TicketPresence
from tickets.presence.reading import WRITTEN_EVERY, Scene
from tms_site.lib.permissions import require
from tms_site.lib.transactions import write_transaction

FORGOTTEN = timedelta(hours=1)


def is_stale(scene: Scene, *, is_replying: bool, now: datetime) -> bool:
    """Tell whether what's written of somebody has to be written anew: most polls write nothing."""
    own = scene.own
    return own is None or own.is_replying != is_replying or own.seen_at < now - WRITTEN_EVERY


@write_transaction
def note_present(*, actor: User, ticket_id: int, is_replying: bool, at: datetime | None = None) -> None:
    """Write that `actor`, of the desk, is at a ticket.

    Raises:
        Ticket.DoesNotExist: there's no such ticket that the actor may see.
        PermissionDeniedError: whoever asks for help isn't shown, and so isn't noted.
    """
    require(policies.can_see_presence(actor, Ticket()))
    now = at or timezone.now()
    values = {"seen_at": now, "is_replying": is_replying}
    if TicketPresence.objects.filter(ticket=ticket_id, user=actor).update(**values):
        return
    if not Ticket.objects.visible_to(actor).filter(pk=ticket_id).exists():
        raise Ticket.DoesNotExist
    # So the table never holds more than what people opened lately.
    TicketPresence.objects.filter(user=actor, seen_at__lt=now - FORGOTTEN).delete()
    TicketPresence.objects.update_or_create(ticket_id=ticket_id, user=actor, defaults=values)
