"""Splitting a conversation: a comment and all after it become a ticket of their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from accounts.actors import Actor
from tickets import policies, signals
from tickets.merging.services.moving import move, settle, touch
from tickets.models import Comment, Ticket
from tickets.querysets import CommentQuerySet
from tickets.services.agents import is_assignable
from tickets.services.reading import lock_ticket
from tickets.services.tickets import create_ticket
from tms_site.lib.permissions import require
from tms_site.lib.transactions import write_transaction


@dataclass(frozen=True)
class SplitResult:
    """The new ticket, and whether this call opened it or an earlier one with the same token."""

    ticket: Ticket
    created: bool


def from_here_on(comment: Comment) -> CommentQuerySet:
    """Return a comment and those after it on its ticket, in the order in which people read them."""
    later = Q(creation_date__gt=comment.creation_date) | Q(creation_date=comment.creation_date, pk__gte=comment.pk)
    comments: CommentQuerySet = Comment.objects.filter(later, ticket=comment.ticket_id)
    return comments.order_by("creation_date", "pk")


@write_transaction
def split_ticket(
    *,
    actor: Actor,
    ticket_id: int,
    comment_id: int,
    title: str,
    description: str,
    client_token: str | None = None,
    at: datetime | None = None,
) -> SplitResult:
    """Move a comment and all after it to a new ticket of the same requester.

    It has the priority and the agent of the old one. A requester who was deactivated stays its requester; an agent who
    has left the desk doesn't become its agent. Internal notes stay internal.

    Raises like `create_ticket`, and:

        Ticket.DoesNotExist, Comment.DoesNotExist: there's no such thing that the actor may see.
        PermissionDeniedError: the actor may not split the ticket.
    """
    ticket = lock_ticket(actor, ticket_id)
    require(policies.can_split(actor, ticket))
    now = at or timezone.now()
    agent = ticket.assigned_agent
    result = create_ticket(
        actor=actor,
        title=title,
        description=description,
        priority=ticket.priority,
        requester=ticket.requester,
        assigned_agent=agent if agent is not None and is_assignable(agent) else None,
        client_token=client_token,
        keeps_requester=True,
        at=now,
    )
    if not result.created:
        return SplitResult(result.ticket, created=False)
    first = Comment.objects.visible_to(actor).get(pk=comment_id, ticket=ticket)
    move(list(from_here_on(first).values_list("pk", flat=True)), ticket, result.ticket)
    settle(ticket, result.ticket, actor=actor, at=now)
    touch(ticket, now)
    signals.ticket_split.send(Ticket, ticket=ticket, new=result.ticket, actor=actor, at=now)
    return SplitResult(result.ticket, created=True)
