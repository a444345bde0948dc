"""The files of a ticket or comment, as pages show them. Load with ``{% load attachments %}``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.template import Context

from tickets import policies
from tickets.attachments.models import Attachment, read_files
from tickets.models import Comment, Ticket

register = template.Library()


@register.inclusion_tag("tickets/_files.html", takes_context=True)
def files_of_comment(context: Context, comment: Comment) -> dict[str, Any]:
    """Show the files of a comment that was read with them (`for_conversation`)."""
    return _shown(context, comment.attachments.all())


@register.inclusion_tag("tickets/_files.html", takes_context=True)
def files_of_ticket(context: Context, ticket: Ticket) -> dict[str, Any]:
    """Show the files that came with a ticket itself. One query, unless they were read with those of others."""
    return _shown(context, own_files(ticket))


@register.simple_tag
def own_files(ticket: Ticket) -> list[Attachment]:
    """Return the files that came with a ticket itself. One query, unless they were read with those of others."""
    if ticket.own_files is None and ticket.has_files:
        read_files([ticket])
    return ticket.own_files or []


def _shown(context: Context, attachments: Iterable[Attachment]) -> dict[str, Any]:
    actor = context["request"].user
    return {
        "files": [
            {"attachment": each, "may_delete": policies.can_delete_attachment(actor, each)} for each in attachments
        ]
    }
