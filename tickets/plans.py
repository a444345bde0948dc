"""Which index serves a list: the one of its rarest condition, in its order (Ticket.Meta.indexes)."""

from __future__ import annotations

from dataclasses import dataclass

from tickets.querysets import TicketQuerySet
from tms_site.lib.index_hint import force_index

# What the indexes call the columns that lists are sorted by.
ORDERS = {
    "creation_date": "created",
    "updated_at": "updated",
    "priority_rank": "priority",
    "status_rank": "status",
    "title": "title",
}


@dataclass(frozen=True)
class Conditions:
    """What is known of a list's rows.

    Args:
        of_requester: all are one person's.
        of_agent: all are assigned to one agent, or to nobody.
        of_team: all are one team's, or no team's.
        of_category: all are of one category, or of none.
        status: there's a condition on the status.
        priority: there's one on the priority.
        live: the statuses are such that `is_unresolved` is the same for all.
        unresolved: it's 1 for all.
        halved: `is_unresolved` alone says which statuses are meant.
        others: there are conditions that other indexes may serve better.
        of_dates: the only conditions that other indexes may serve better are dates.
        rare_date: all have a date (created, updated, resolved) that few tickets have: few enough to be sorted.
        resolved_lately: all were resolved within some days: few enough to be sorted, whatever the order.
    """

    of_requester: bool = False
    of_agent: bool = False
    of_team: bool = False
    of_category: bool = False
    status: bool = False
    priority: bool = False
    live: bool = False
    unresolved: bool = False
    halved: bool = False
    others: bool = False
    of_dates: bool = False
    rare_date: str = ""
    resolved_lately: bool = False


def index_for(known: Conditions, column: str) -> str:
    """Return the name of the index that reads such a list in the order of `column`; empty: the database chooses."""
    if known.resolved_lately and not known.of_requester:
        return "ticket_resolved"
    if known.rare_date or known.others:
        return f"ticket_{known.rare_date}" if known.rare_date else ""
    order = ORDERS[column]
    if known.of_requester:
        return "ticket_requester_live" if known.unresolved and order == "updated" else f"ticket_requester_{order}"
    if known.of_agent:
        live = known.unresolved and order in ("created", "updated")
        return f"ticket_agent_live_{order}" if live else f"ticket_agent_{order}"
    if known.of_team or known.of_category:
        return _index_of_shelf(known, order)
    return f"ticket_live_{order}" if known.live and order != "status" else f"ticket_{order}"


def _index_of_shelf(known: Conditions, order: str) -> str:
    if order == "title":
        # Seldom asked for, and the longest index of all: the database sorts them, or walks the titles.
        return ""
    if known.of_team:
        live = known.unresolved and order in ("created", "updated")
        return f"ticket_team_live_{order}" if live else f"ticket_team_{order}"
    return "ticket_category_live" if known.unresolved and order == "updated" else f"ticket_category_{order}"


def index_for_count(known: Conditions) -> str:
    """Return the name of the index that counts such a list (TicketQuerySet.counted_with), without its rows if it can.

    Empty: the database chooses.
    """
    if known.resolved_lately and not known.of_requester:
        return "ticket_resolved"
    if known.others:
        return ""
    families = (
        (known.of_requester, "ticket_requester", "ticket_requester_live"),
        (known.of_agent, "ticket_agent", "ticket_agent_live_updated"),
        (known.of_team, "ticket_team", "ticket_team_live_updated"),
        (known.of_category, "ticket_category", "ticket_category_live"),
    )
    for is_one, family, live in families:
        if is_one:
            return _index_of_one(known, family, live)
    if known.halved:
        return "ticket_live_priority"
    return "ticket_priority" if known.priority and not known.status else "ticket_status_priority"


def _index_of_one(known: Conditions, family: str, live: str) -> str:
    if known.priority:
        return f"{family}_priority"
    return live if known.halved else f"{family}_status"


def in_order(tickets: TicketQuerySet, known: Conditions, column: str) -> TicketQuerySet:
    """Return the query, to be read from the index that has its order.

    SQLite must be told too: once it has statistics, it would rather sort all that are open and high.
    """
    return force_index(tickets, index_for(known, column), also_sqlite=True)
