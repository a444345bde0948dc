"""What a ticket's page tells its requester.

Load with ``{% load mine %}``.
"""

from __future__ import annotations

from django import template
from django.template import Context

from tickets.mine.words import next_step
from tickets.models import Ticket

register = template.Library()


@register.simple_tag(takes_context=True)
def what_happens_next(context: Context, ticket: Ticket) -> str:
    """Return what happens next with the visitor's own ticket; nothing for anybody else's."""
    return next_step(ticket, context["request"].user)
