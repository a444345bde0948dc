"""Watching tickets, and ceasing to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from accounts.actors import Actor
from accounts.models import User
from tickets import policies, signals
from tickets.models import Comment, Ticket
from tickets.services.reading import lock_ticket
from tickets.watching.mentions import mentioned
from tickets.watching.models import TicketWatcher
from tms_site.lib.permissions import require
from tms_site.lib.transactions import write_transaction


@write_transaction
def watch(*, actor: User, ticket_id: int, at: datetime | None = None) -> bool:
    """Let `actor` watch a ticket; returns whether they didn't yet.

    Raises:
        Ticket.DoesNotExist: there's no such ticket that the actor may see.
        PermissionDeniedError: the actor may not watch it.
    """
    ticket = lock_ticket(actor, ticket_id)
    require(policies.can_watch(actor, ticket))
    return _add(ticket, actor, actor, at or timezone.now())


@write_transaction
def unwatch(*, actor: User, ticket_id: int, at: datetime | None = None) -> bool:
    """Let `actor` watch a ticket no more; returns whether they did. Raises like `watch`."""
    ticket = lock_ticket(actor, ticket_id)
    require(policies.can_watch(actor, ticket))
    if not TicketWatcher.objects.filter(ticket=ticket, user=actor).delete()[0]:
        return False
    signals.watcher_removed.send(Ticket, ticket=ticket, user=actor, actor=actor, at=at or timezone.now())
    return True


def add_mentioned(*, actor: Actor, comment: Comment, at: datetime, before: str = "") -> list[User]:
    """Let those of the desk watch a ticket whom a comment of the desk names; returns the new ones.

    For receivers of the comment's signal: part of its transaction. What a requester writes names nobody, so that nobody
    finds out by it who works at the desk.

    Args:
        actor: who wrote or changed the text; naming oneself counts for nothing.
        comment: as it is now.
        at: when.
        before: what the comment said before. Who was named there has been told, and may have stopped watching.
    """
    if "@" not in comment.description or not policies.can_see_mentions(actor, comment):
        return []
    people = list(User.objects.assignable().values_list("pk", "username"))
    numbers = mentioned(comment.description, people) - mentioned(before, people) - {actor.pk}
    users = User.objects.filter(pk__in=numbers).order_by("pk") if numbers else []
    return add_watchers(comment.ticket, users, actor=actor, at=at)


def add_watchers(ticket: Ticket, users: Iterable[User], *, actor: Actor, at: datetime) -> list[User]:
    """Let people watch a ticket; returns those who didn't yet. For services that have locked the ticket."""
    return [user for user in users if _add(ticket, user, actor, at)]


def remove_watchers(ticket: Ticket, numbers: Iterable[int], *, actor: Actor, at: datetime) -> None:
    """Let people watch a ticket no more, as far as they do. For services that have locked the ticket."""
    rows = TicketWatcher.objects.filter(ticket=ticket, user__in=list(numbers)).select_related("user")
    for row in rows.order_by("user"):
        row.delete()
        signals.watcher_removed.send(Ticket, ticket=ticket, user=row.user, actor=actor, at=at)


def _add(ticket: Ticket, user: User, actor: Actor, at: datetime) -> bool:
    _watcher, is_new = TicketWatcher.objects.get_or_create(ticket=ticket, user=user, defaults={"since": at})
    if is_new:
        signals.watcher_added.send(Ticket, ticket=ticket, user=user, actor=actor, at=at)
    return is_new
