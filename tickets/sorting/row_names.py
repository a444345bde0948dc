"""The names that the rows of a list show, all read by one query."""

from __future__ import annotations

from collections.abc import Collection
from enum import IntEnum, auto
from typing import Any

from django.db.models import CharField, IntegerField, Manager, QuerySet, Value

from accounts.models import User
from tickets.sorting.models import Category, Team, TicketTag


class Kind(IntEnum):
    """What a name belongs to."""

    PERSON = auto()
    CATEGORY = auto()
    TEAM = auto()
    TAG = auto()


_NOTHING = Value("", CharField())
# Where the names are, which column of theirs is found by which ones of tickets, and what is read of them.
_SOURCES: dict[Kind, tuple[Manager[Any], str, tuple[str, ...], tuple[Any, Any]]] = {
    Kind.PERSON: (User.objects, "pk", ("requester_id", "assigned_agent_id"), ("username", "email")),
    Kind.CATEGORY: (Category.objects, "pk", ("category_id",), ("name", _NOTHING)),
    Kind.TEAM: (Team.objects, "pk", ("team_id",), ("name", _NOTHING)),
    Kind.TAG: (TicketTag.objects, "ticket_id", ("pk",), ("tag__name", _NOTHING)),
}


def row_names(tickets: Collection[Any], kinds: Collection[Kind]) -> list[tuple[Kind, int, str, str]]:
    """Return kind, number, name and e-mail address of all that these tickets name; one query, however many there are.

    Args:
        tickets: rows with the columns of tickets.
        kinds: which names; those of tags come with the numbers of their tickets.
    """
    arms = [arm for kind in sorted(kinds) if (arm := _arm(kind, tickets)) is not None]
    if not arms:
        return []
    rows = arms[0].union(*arms[1:], all=True)
    return [(Kind(kind), number, name, email) for kind, number, name, email in rows]


def _arm(kind: Kind, tickets: Collection[Any]) -> QuerySet[Any, Any] | None:
    all_rows, key, columns, shown = _SOURCES[kind]
    wanted = {number for ticket in tickets for column in columns if (number := getattr(ticket, column)) is not None}
    if not wanted:
        return None
    rows = all_rows.filter(**{f"{key}__in": wanted}).order_by()
    return rows.values_list(Value(kind, IntegerField()), key, *shown)
