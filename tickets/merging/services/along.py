"""What a merge gives to the ticket that goes on, besides comments: watchers and tags; and taking it back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from accounts.actors import Actor
from accounts.models import User
from tickets.models import Ticket
from tickets.services.updates import write_changes
from tickets.sorting.names import TAGS_MAX
from tickets.watching.services import add_watchers, remove_watchers


def give_along(source: Ticket, target: Ticket, *, actor: Actor, at: datetime) -> dict[str, Any]:
    """Let the target have the source's watchers and tags too; returns what was new, for `take_back`.

    The source keeps its own. Tags beyond the most that a ticket can have stay away.
    """
    room = TAGS_MAX - len(target.tags)
    tags = sorted(set(source.tags) - set(target.tags))[: max(room, 0)]
    _write_tags(target, {*target.tags, *tags}, actor, at)
    watchers = list(User.objects.filter(watched_tickets__ticket=source).order_by("pk"))
    return {"tags": tags, "watchers": [user.pk for user in add_watchers(target, watchers, actor=actor, at=at)]}


def take_back(moved: dict[str, Any], target: Ticket, *, actor: Actor, at: datetime) -> None:
    """Take from the target what a merge has given it, as far as it's still there."""
    _write_tags(target, set(target.tags) - set(moved.get("tags", ())), actor, at)
    remove_watchers(target, moved.get("watchers", ()), actor=actor, at=at)


def _write_tags(target: Ticket, names: Collection[str], actor: Actor, at: datetime) -> None:
    old, new = target.tags, sorted(names)
    if new != old:
        write_changes(target, {"tags": (old, new)}, actor=actor, at=at)
