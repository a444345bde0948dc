"""What a merge gives to the ticket that goes on, besides comments: watchers and tags; and taking it back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

from accounts.actors import Actor
from accounts.models import User
from tickets.merging.models import Merge
from tickets.models import Ticket
from tickets.services.updates import write_changes
from tickets.sorting.names import TAGS_MAX
from tickets.sorting.tagging import tags_of
from tickets.watching.models import TicketWatcher
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


def take_back(merge: Merge, target: Ticket, *, actor: Actor, at: datetime) -> None:
    """Take from the target what a merge has given it, as far as it's still there and no other merge stands for it.

    What another one in force has brought too, or would have, stays until the last of them is undone.
    """
    watching = TicketWatcher.objects.filter(ticket=target, user__in=merge.moved.get("watchers", ()))
    leaving: dict[str, set[Any]] = {
        "tags": set(target.tags).intersection(merge.moved.get("tags", ())),
        "watchers": set(watching.values_list("user", flat=True)),
    }
    if any(leaving.values()):
        others = Merge.objects.in_force().filter(target=target).exclude(pk=merge.pk)
        _hand_on(leaving, list(others.order_by("pk")))
    _write_tags(target, set(target.tags) - leaving["tags"], actor, at)
    remove_watchers(target, leaving["watchers"], actor=actor, at=at)


def _hand_on(leaving: dict[str, set[Any]], others: list[Merge]) -> None:
    """Take out of `leaving` what other merges have brought too, or would have, and note that they did.

    The first of these merges whose source has a tag or watcher notes it in its `moved`: when that merge is undone, it's
    the next one's turn.
    """
    sources = [merge.source_id for merge in others]
    watchers: dict[int, set[int]] = defaultdict(set)
    rows = TicketWatcher.objects.filter(ticket__in=sources, user__in=leaving["watchers"])
    for source, user in rows.values_list("ticket", "user"):
        watchers[source].add(user)
    tags = tags_of(sources)
    for merge in others:
        for name, has in (("tags", tags.get(merge.source_id, ())), ("watchers", watchers[merge.source_id])):
            answers_for = merge.moved.get(name, [])
            stays = leaving[name].intersection([*answers_for, *has])
            leaving[name] -= stays
            merge.moved[name] = sorted(stays.union(answers_for))
            if stays:
                merge.save(update_fields=["moved"])


def _write_tags(target: Ticket, names: Collection[str], actor: Actor, at: datetime) -> None:
    old, new = target.tags, sorted(names)
    if new != old:
        write_changes(target, {"tags": (old, new)}, actor=actor, at=at)
