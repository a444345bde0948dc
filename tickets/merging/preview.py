"""What a merge or a split will do, said before it's done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from accounts.actors import Actor
from accounts.models import User
from tickets.merging.services.merge import check_mergeable, check_numbers
from tickets.models import Comment, Ticket


@dataclass(frozen=True)
class Source:
    """One ticket that will become part of another."""

    ticket: Ticket
    replies: int
    notes: int


@dataclass(frozen=True)
class MergePreview:
    """What will happen to which tickets. `others`: the requesters of sources who aren't the target's."""

    target: Ticket
    sources: list[Source]
    others: list[User]


def preview_merge(actor: Actor, target_id: int, source_ids: Iterable[int]) -> MergePreview:
    """Return what a merge will do. Two queries.

    Raises:
        ServiceError: a ticket isn't there, is the target itself, or was merged before.
    """
    numbers = sorted(set(source_ids))
    check_numbers(numbers, target_id)
    wanted = Ticket.objects.visible_to(actor).filter(pk__in=[target_id, *numbers])
    tickets = {ticket.pk: ticket for ticket in wanted.select_related("requester").defer("description")}
    check_mergeable(numbers, target_id, tickets)
    counts = {
        row["ticket"]: row
        for row in Comment.objects.filter(ticket__in=numbers)
        .values("ticket")
        .annotate(replies=Count("pk", filter=Q(is_internal=False)), notes=Count("pk", filter=Q(is_internal=True)))
        .order_by()
    }
    nothing = {"replies": 0, "notes": 0}
    found = [counts.get(number, nothing) for number in numbers]
    sources = [
        Source(tickets[number], row["replies"], row["notes"]) for number, row in zip(numbers, found, strict=True)
    ]
    target = tickets[target_id]
    people = {source.ticket.requester_id: source.ticket.requester for source in sources}
    people.pop(target.requester_id, None)
    return MergePreview(target, sources, list(people.values()))
