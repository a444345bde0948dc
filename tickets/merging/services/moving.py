"""Moving comments from ticket to ticket, with what hangs on them, so that figures and index stay exact."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from accounts.actors import Actor
from tickets import signals
from tickets.models import Comment, Ticket
from tickets.services.first_response import settle_first_response
from tickets.trash.rows import all_rows, foreign_keys, models_of_tickets
from tms_site.lib.batches import in_parts

# A comment's id, and the number of the ticket that it was moved from before, if any.
Moved = list[tuple[int, int | None]]


def comments_of(ticket: Ticket) -> Moved:
    """Return all comments of a ticket as `moved_from` remembers them."""
    return list(Comment.objects.filter(ticket=ticket).order_by("pk").values_list("pk", "moved_from"))


def move(comments: Iterable[int], source: Ticket, target: Ticket) -> None:
    """Move comments. Each remembers the first ticket that it stood on."""
    for part in in_parts(comments):
        rows = Comment.objects.filter(pk__in=part)
        rows.filter(moved_from__isnull=True).update(moved_from=source.pk)
        rows.update(ticket=target)
        _take_along(part, target)


def move_back(comments: Moved, source: Ticket) -> None:
    """Move comments back to the ticket that they came from, as they were before."""
    for part in in_parts(comments):
        numbers = [pk for pk, _before in part]
        Comment.objects.filter(pk__in=numbers).update(ticket=source, moved_from=None)
        for pk, before in part:
            if before is not None:
                Comment.objects.filter(pk=pk).update(moved_from=before)
        _take_along(numbers, source)


def _take_along(comments: list[int], target: Ticket) -> None:
    """Let what belongs to comments, and names their ticket besides, name the right one."""
    for model in models_of_tickets():
        keys = {key.remote_field.model: key.name for key in foreign_keys(model)}
        if model is not Comment and Comment in keys and Ticket in keys:
            all_rows(model).filter(**{f"{keys[Comment]}__in": comments}).update(**{keys[Ticket]: target})


def settle(source: Ticket, target: Ticket, *, actor: Actor, at: datetime) -> None:
    """Bring up to date what depends on which comments stand on two tickets: first responses, the index."""
    for ticket in (source, target):
        settle_first_response(ticket, actor=actor, at=at)
    signals.comments_moved.send(Comment, source=source, target=target, actor=actor, at=at)


def touch(ticket: Ticket, at: datetime) -> None:
    """Note that a ticket's conversation changed."""
    Ticket.objects.filter(pk=ticket.pk).update(updated_at=at)
    ticket.updated_at = at
