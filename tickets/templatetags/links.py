"""What a ticket's page shows of its links, and of what can be done at once.

Load with ``{% load links %}``.
"""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from tickets import policies
from tickets.links.forms import LinkForm
from tickets.links.reading import links_of
from tickets.models import Ticket
from tickets.services import resolved_before

register = template.Library()


@register.inclusion_tag("tickets/links/_card.html", takes_context=True)
def ticket_links(context: Context, ticket: Ticket) -> dict[str, Any]:
    """Show the links of a ticket that the visitor may see, and for those who may, the form for a new one."""
    request = context["request"]
    may_link = policies.can_link(request.user, ticket)
    return {
        "request": request,
        "ticket": ticket,
        "links": links_of(ticket, request.user),
        "may_link": may_link,
        "link_form": LinkForm(auto_id="link_%s") if may_link else None,
    }


@register.inclusion_tag("tickets/_resolve_again.html", takes_context=True)
def resolve_again(context: Context, ticket: Ticket) -> dict[str, Any]:
    """Show the button that resolves a ticket again, if its requester's comment has just reopened it."""
    return {"request": context["request"], "ticket": ticket, "resolved_before": resolved_before(ticket)}
