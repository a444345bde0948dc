"""What a ticket's page shows of its rating.

Load with ``{% load ratings %}``.
"""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from tickets import policies
from tickets.models import Ticket
from tickets.ratings.forms import RatingForm
from tickets.ratings.reading import rating_of

register = template.Library()


@register.inclusion_tag("tickets/ratings/_card.html", takes_context=True)
def ticket_rating(context: Context, ticket: Ticket) -> dict[str, Any]:
    """Show what was said of the ticket, and to its requester the form for it; nothing while there's neither."""
    request = context["request"]
    rating = rating_of(ticket)
    may_rate = policies.can_rate(request.user, ticket, rating)
    is_latest = rating is not None and policies.rates_this_resolution(ticket, rating)
    initial = {"text": rating.text} if rating and is_latest else {}
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "ticket": ticket,
        "rating": rating,
        "is_latest": is_latest,
        "is_mine": ticket.requester_id == request.user.pk,
        "form": RatingForm(initial=initial, auto_id="rating_%s") if may_rate else None,
    }
