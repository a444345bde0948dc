"""How services read the rows that they are about to change."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils.dateparse import parse_datetime

from accounts.actors import Actor
from accounts.models import User
from tickets.models import Category, Comment, CommentRevision, Team, Ticket, TicketRevision
from tms_site.lib.batches import in_parts
from tms_site.lib.edits import same

# The fields of a ticket that people change, each with a version's worth of history.
TRACKED_FIELDS = (
    "title",
    "description",
    "category",
    "priority",
    "status",
    "team",
    "assigned_agent",
    "resolution_date",
    "tags",
)
# Those that hold a row of another table, by its number in revisions.
_ROWS: dict[str, type[Model]] = {"assigned_agent": User, "category": Category, "team": Team}


def lock_ticket(actor: Actor, ticket_id: int) -> Ticket:
    """Return the ticket, locked where the engine can; raises Ticket.DoesNotExist for what the actor may not see."""
    return Ticket.objects.visible_to(actor).select_for_update().get(pk=ticket_id)


def lock_tickets(actor: Actor, ticket_ids: Iterable[int]) -> dict[int, Ticket]:
    """Return those of these tickets that the actor may see, locked where the engine can.

    Always in the order of their numbers, so that two who lock the same ones never wait for each other.
    """
    tickets = Ticket.objects.visible_to(actor).select_for_update().filter(pk__in=set(ticket_ids)).order_by("pk")
    return {ticket.pk: ticket for ticket in tickets}


def lock_tickets_of(
    actor: Actor, agents: Collection[int], ticket_ids: Iterable[int], *, resolved_too: bool = False
) -> Iterator[Ticket]:
    """Yield those of some tickets that these agents still work on, locked, in the order of their numbers.

    Whoever has listed an agent's tickets looks again by this: what was given to somebody else, resolved or deleted
    meanwhile isn't theirs to give away any more.

    Args:
        actor: who gives them away; what they may not see is left out.
        agents: the numbers of the agents.
        ticket_ids: the tickets that were theirs.
        resolved_too: whether resolved tickets are meant as well.
    """
    for part in in_parts(sorted(ticket_ids)):
        for ticket in lock_tickets(actor, part).values():
            if ticket.assigned_agent_id in agents and (resolved_too or not ticket.is_resolved):
                yield ticket


def lock_comment(actor: Actor, ticket: Ticket, comment_id: int) -> Comment:
    """Return the comment of that ticket, locked where the engine can; raises Comment.DoesNotExist.

    The ticket has been locked by the running transaction: what's made of the whole conversation, such as its document
    in the search index, is made by one at a time.
    """
    # Its author is read on their own: a join would lock that row too.
    comment = Comment.objects.visible_to(actor).select_for_update().get(pk=comment_id, ticket=ticket)
    comment.ticket = ticket
    return comment


def current_values(ticket: Ticket) -> dict[str, Any]:
    """Return the values of the tracked fields; agent, category and team as rows or None, tags as sorted names."""
    return {name: getattr(ticket, name) for name in TRACKED_FIELDS}


def to_json(value: Any) -> Any:
    """Return a tracked value as JSON can hold it."""
    if isinstance(value, Model):
        return value.pk
    return value.isoformat() if isinstance(value, datetime) else value


def from_json(name: str, value: Any) -> Any:
    """Return a tracked value from its JSON; a row that no longer exists as None."""
    if value is None:
        return None
    if name in _ROWS:
        return _ROWS[name]._meta.base_manager.filter(pk=value).first()
    return parse_datetime(value) if name == "resolution_date" else value


def ticket_values_at(ticket: Ticket, version: int | None) -> dict[str, Any]:
    """Return what the tracked fields held at `version`; None and the present version mean now.

    Without a complete history back to `version` the result is empty: nothing is known of the base then.
    """
    values = current_values(ticket)
    if version is None or version == ticket.version:
        return values
    revisions = TicketRevision.objects.filter(ticket=ticket, version__gte=version).order_by("-version")
    return _rewound(values, revisions, ticket.version - version)


def changed_since(ticket: Ticket, version: int) -> set[str]:
    """Return the tracked fields that hold other values than at `version`; empty when that isn't known."""
    before = ticket_values_at(ticket, version)
    return {name for name, value in current_values(ticket).items() if name in before and not same(before[name], value)}


def comment_values_at(comment: Comment, version: int | None) -> dict[str, Any]:
    """Return what the comment said at `version`; see `ticket_values_at`."""
    values: dict[str, Any] = {"description": comment.description, "is_internal": comment.is_internal}
    if version is None or version == comment.version:
        return values
    revisions = CommentRevision.objects.filter(comment=comment, version__gte=version).order_by("-version")
    return _rewound(values, revisions, comment.version - version)


def _rewound(
    values: dict[str, Any], revisions: Iterable[TicketRevision | CommentRevision], steps: int
) -> dict[str, Any]:
    found = list(revisions)
    if steps < 1 or len(found) != steps:
        return {}
    before: Mapping[str, Any]
    for revision in found:
        before = revision.values
        values |= {name: from_json(name, value) for name, value in before.items()}
    return values
