"""What a ticket's page shows of those who watch it. Load with ``{% load watching %}``."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from tickets import policies
from tickets.models import Ticket

register = template.Library()


@register.inclusion_tag("tickets/watching/_card.html", takes_context=True)
def ticket_watchers(context: Context, ticket: Ticket) -> dict[str, Any]:
    """Show the desk how many watch a ticket, with the button to do so; nothing to others."""
    request = context["request"]
    return {"request": request, "ticket": ticket, "may_watch": policies.can_watch(request.user, ticket)}
