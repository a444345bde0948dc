"""The names of what tickets have numbers of: people, categories, teams; and for the desk their tags."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from accounts.actors import Actor
from accounts.models import User
from tickets import policies
from tickets.models import Ticket
from tickets.sorting.row_names import Kind, row_names


@dataclass(frozen=True)
class Names:
    """Names by number; `tags` by the ticket's, and None for those who see no tags."""

    people: dict[int, str] = field(default_factory=dict)
    categories: dict[int, str] = field(default_factory=dict)
    teams: dict[int, str] = field(default_factory=dict)
    tags: dict[int, list[str]] | None = None


def names_for(actor: Actor, tickets: Collection[Any]) -> Names:
    """Return the names that a list shows; one query, however many tickets there are.

    Args:
        actor: who looks.
        tickets: rows with the columns of tickets.
    """
    sees_tags = bool(policies.can_see_tags(actor))
    found: dict[Kind, dict[int, list[str]]] = {kind: defaultdict(list) for kind in Kind}
    for kind, number, name, email in row_names(tickets, [kind for kind in Kind if sees_tags or kind is not Kind.TAG]):
        found[kind][number].append(name or email)
    people, categories, teams = (
        {number: names[0] for number, names in found[kind].items()} for kind in (Kind.PERSON, Kind.CATEGORY, Kind.TEAM)
    )
    tags = {number: sorted(names) for number, names in found[Kind.TAG].items()}
    return Names(people, categories, teams, tags if sees_tags else None)


def names_of(actor: Actor, ticket: Ticket) -> Names:
    """Return the names of one ticket that was loaded with them; for the desk one query, that of its tags."""
    people: tuple[User | None, ...] = (ticket.requester, ticket.assigned_agent)
    return Names(
        people={someone.pk: someone.label for someone in people if someone is not None},
        categories={ticket.category.pk: ticket.category.name} if ticket.category else {},
        teams={ticket.team.pk: ticket.team.name} if ticket.team else {},
        tags={ticket.pk: ticket.tags} if policies.can_see_tags(actor) else None,
    )
