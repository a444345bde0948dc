"""The names of what tickets have numbers of: people, categories, teams; and for the desk their tags."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, IntegerField, QuerySet, Value

from accounts.actors import Actor
from accounts.models import User
from tickets import policies
from tickets.models import Category, Team, Ticket, TicketTag

_PERSON, _CATEGORY, _TEAM, _TAG = range(4)
_NOTHING = Value("", CharField())


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
    rows = _arms(tickets, tags=bool(policies.can_see_tags(actor)))
    found: dict[int, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for kind, number, name, other in rows[0].union(*rows[1:], all=True) if rows else ():
        found[kind][number].append(name or other)
    people, categories, teams = (
        {number: names[0] for number, names in found[kind].items()} for kind in (_PERSON, _CATEGORY, _TEAM)
    )
    tags = {number: sorted(names) for number, names in found[_TAG].items()}
    return Names(people, categories, teams, tags if policies.can_see_tags(actor) else None)


def names_of(actor: Actor, ticket: Ticket) -> Names:
    """Return the names of one ticket that was loaded with them; for the desk one query, that of its tags."""
    people: tuple[User | None, ...] = (ticket.requester, ticket.assigned_agent)
    return Names(
        people={someone.pk: someone.label for someone in people if someone is not None},
        categories={ticket.category.pk: ticket.category.name} if ticket.category else {},
        teams={ticket.team.pk: ticket.team.name} if ticket.team else {},
        tags={ticket.pk: ticket.tags} if policies.can_see_tags(actor) else None,
    )


def _arms(tickets: Collection[Any], *, tags: bool) -> list[QuerySet[Any, Any]]:
    def numbers(*columns: str) -> set[int]:
        return {number for ticket in tickets for column in columns if (number := getattr(ticket, column)) is not None}

    def arm(kind: int, rows: Any, wanted: set[int], *columns: Any) -> list[QuerySet[Any, Any]]:
        return [rows.order_by().values_list(Value(kind, IntegerField()), *columns)] if wanted else []

    people, categories, teams = numbers("requester_id", "assigned_agent_id"), numbers("category_id"), numbers("team_id")
    shown = numbers("pk") if tags else set()
    return [
        *arm(_PERSON, User.objects.filter(pk__in=people), people, "pk", "username", "email"),
        *arm(_CATEGORY, Category.objects.filter(pk__in=categories), categories, "pk", "name", _NOTHING),
        *arm(_TEAM, Team.objects.filter(pk__in=teams), teams, "pk", "name", _NOTHING),
        *arm(_TAG, TicketTag.objects.filter(ticket__in=shown), shown, "ticket_id", "tag__name", _NOTHING),
    ]
