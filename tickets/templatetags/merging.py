"""What pages show of merged tickets.

Load with ``{% load merging %}``.
"""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from tickets import policies
from tickets.attachments.models import read_files
from tickets.merging.models import Merge
from tickets.models import Ticket

register = template.Library()

# Of the tickets that are part of one; whoever merges hundreds finds the rest in its timeline.
SHOWN_MAX = 20


@register.inclusion_tag("tickets/merging/_merged.html", takes_context=True)
def merged_tickets(context: Context, ticket: Ticket) -> dict[str, Any]:
    """Show which tickets are part of this one, or which one this is a part of."""
    request = context["request"]
    goes_on = None
    if ticket.merged_into_id is not None:
        goes_on = Ticket.objects.visible_to(request.user).filter(pk=ticket.merged_into_id).only("title").first()
    shown = _merges_into(ticket) if ticket.has_merges else []
    for merge in shown:
        merge.source.merged_into = ticket
    read_files([ticket, *(merge.source for merge in shown)] if shown else [])
    return {
        "request": request,
        "ticket": ticket,
        "goes_on": goes_on,
        "merges": shown,
        "may_undo": policies.can_merge(request.user, ticket),
    }


def _merges_into(ticket: Ticket) -> list[Merge]:
    merges = Merge.objects.in_force().filter(target=ticket).select_related("source", "source__requester")
    return list(merges.order_by("pk")[:SHOWN_MAX])
