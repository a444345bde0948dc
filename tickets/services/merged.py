"""What a ticket that was merged into another one says to those who still write to it."""

from __future__ import annotations

from django.utils.translation import gettext

from accounts.actors import Actor
from tickets.models import Ticket
from tms_site.lib.errors import ServiceError


def refuse_merged(ticket: Ticket, actor: Actor) -> None:
    """Raise ServiceError for a comment on a merged ticket, and say where it goes on to those who may see that.

    It's not sent on by itself: who reads it there may be others than those whom it was written for.
    """
    if ticket.merged_into_id is None:
        return
    if Ticket.objects.visible_to(actor).filter(pk=ticket.merged_into_id).exists():
        text = gettext("This ticket was merged into #%(number)d meanwhile. Your text isn't sent: send it there.")
        raise ServiceError(text % {"number": ticket.merged_into_id})
    raise ServiceError(gettext("This ticket was merged into another one meanwhile. Your text isn't sent."))
