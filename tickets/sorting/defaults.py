"""What a category brings along: a team and a priority, where nobody has chosen others."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from tickets.enums import Priority
from tickets.sorting.models import Category, Team

if TYPE_CHECKING:
    from tickets.models import Ticket


def default_team(category: Category | None) -> Team | None:
    """Return the team that a category's tickets begin with; none for one that isn't active any more."""
    team = category.default_team if category else None
    return team if team is not None and team.is_active else None


def default_priority(category: Category | None) -> str:
    """Return the priority that a category's tickets begin with."""
    return (category.default_priority if category else "") or Priority.MEDIUM.value


def defaults_after(ticket: Ticket, changes: Mapping[str, Any], *, chosen: Collection[str]) -> dict[str, Any]:
    """Return what else changes when a ticket is moved to another category.

    While nobody works on it, the ticket goes to the team of its new category, unless somebody has given it to another
    team than its old category's, or says in the same breath which one it is (`chosen`: the fields that somebody has
    changed, not all that a form sends). Its priority stays: by now people rely on it.
    """
    if "category" not in changes or "team" in chosen:
        return {}
    team = default_team(changes["category"])
    agent = changes.get("assigned_agent", ticket.assigned_agent)
    by_default = ticket.team is None or ticket.team == default_team(ticket.category)
    return {"team": team} if team is not None and agent is None and by_default else {}
