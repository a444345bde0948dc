"""What a webhook is told: plain values, as the API gives them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q

from accounts.actors import Actor
from accounts.models import User
from activity.audience import DESK_FIELDS, public_changes
from tickets.models import Category, Comment, Team, Ticket

# Where a body names people; elsewhere there are other things that have numbers, such as teams.
PLACES_OF_PEOPLE: tuple[tuple[str | int, ...], ...] = (
    ("actor",),
    ("ticket", "requester"),
    ("ticket", "assigned_agent"),
    ("comment", "commented_by"),
    ("changes", "assigned_agent", 0),
    ("changes", "assigned_agent", 1),
)


def event_of(event: str, key: str, at: datetime, actor: Actor | None, **about: Any) -> dict[str, Any]:
    """Return the body of a delivery.

    Args:
        event: what happened.
        key: the delivery's own.
        at: when.
        actor: who did it.
        about: what it's about, by name.
    """
    who = {"id": actor.pk, "name": actor.label} if actor is not None else None
    return {"id": key, "event": event, "created_at": at.isoformat(), "actor": who, **about}


def person(user: User | None) -> dict[str, Any] | None:
    """Return who somebody is."""
    return None if user is None else {"id": user.pk, "name": user.label, "email": user.email}


def shelf(row: Category | Team | None) -> dict[str, Any] | None:
    """Return a category or team."""
    return None if row is None else {"id": row.pk, "name": row.name}


def ticket_values(ticket: Ticket) -> dict[str, Any]:
    """Return a ticket as it is now."""
    return {
        "number": ticket.pk,
        "url": f"{settings.BASE_URL}{ticket.get_absolute_url()}",
        "title": ticket.title,
        "description": ticket.description,
        "status": ticket.status,
        "priority": ticket.priority,
        "requester": person(ticket.requester),
        "assigned_agent": person(ticket.assigned_agent),
        "category": shelf(ticket.category),
        "team": shelf(ticket.team),
        "tags": ticket.tags,
        "creation_date": ticket.creation_date.isoformat(),
        "updated_at": ticket.updated_at.isoformat(),
        "resolution_date": ticket.resolution_date.isoformat() if ticket.resolution_date else None,
        "version": ticket.version,
    }


def comment_values(comment: Comment) -> dict[str, Any]:
    """Return a comment as it is now."""
    return {
        "id": comment.pk,
        "url": f"{settings.BASE_URL}{comment.get_absolute_url()}",
        "description": comment.description,
        "is_internal": comment.is_internal,
        "commented_by": person(comment.commented_by),
        "creation_date": comment.creation_date.isoformat(),
        "edited_at": comment.edited_at.isoformat() if comment.edited_at else None,
    }


def naming(user: User) -> Q:
    """Return the condition that a delivery's body names somebody."""
    wanted = Q()
    for place in PLACES_OF_PEOPLE:
        wanted |= Q(**{f"payload__{'__'.join(map(str, place))}__id": user.pk})
    return wanted


def renamed(payload: dict[str, Any], user: User) -> dict[str, Any]:
    """Return a body in which somebody is called what they are called now."""
    now = {"name": user.label, "label": user.label, "email": user.email}
    new = deepcopy(payload)
    for place in PLACES_OF_PEOPLE:
        who = _at(new, place)
        if isinstance(who, dict) and who.get("id") == user.pk:
            who |= {name: value for name, value in now.items() if name in who}
    return new


def _at(value: Any, place: Iterable[str | int]) -> Any:
    """Return what stands at a place of a body; None where there's no such place."""
    for step in place:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def without_desk_fields(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Return a body without what is the desk's alone, for webhooks that aren't told of notes."""
    found = dict(payload)
    if "ticket" in found:
        found["ticket"] = {name: value for name, value in found["ticket"].items() if name not in DESK_FIELDS}
    if "changes" in found:
        found["changes"] = public_changes(found["changes"])
    return found
