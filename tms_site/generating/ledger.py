"""Rows of the activity log, as `activity` would have written them: its sentences, its changes, its seals."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from random import Random
from typing import Any, NamedTuple

from accounts.actors import SYSTEM
from activity import sentences
from activity.audience import audience_of
from activity.enums import ActivityType, TargetType
from activity.models import LABEL_MAX
from activity.seals import Sealer, sealed_text
from activity.services import read_key
from tms_site.generating.lives import Change, Comment, Ticket, as_logged
from tms_site.generating.people import Person
from tms_site.generating.plan import Row
from tms_site.generating.shelves import Shelf
from tms_site.generating.times import column, moment

CREATE, UPDATE, READ = ActivityType.CREATE.value, ActivityType.UPDATE.value, ActivityType.READ.value
TICKET, COMMENT, USER = TargetType.TICKET.value, TargetType.COMMENT.value, TargetType.USER.value
# The order in which a ticket's fields stand in an entry: that of tickets.services.
FIELDS = {
    "title": "title",
    "description": "description",
    "priority": "priority",
    "status": "status",
    "agent": "assigned_agent",
    "resolved_at": "resolution_date",
    "tags": "tags",
}
ORDER = {name: place for place, name in enumerate(FIELDS)}


def pairs(change: Change) -> list[tuple[str, str, Any, Any]]:
    """Return what changed as (name in a life, name of the field, old, new), in the order of the log."""
    return [(name, FIELDS[name], old, new) for name, old, new in sorted(change.values, key=lambda it: ORDER[it[0]])]


def _new_clause(key: str, name: str, old: Any, new: Any) -> str:
    return sentences.change_sentences({name: [as_logged(key, old), as_logged(key, new)]})[0]


# The same changes occur again and again, and their sentences cost more than all the rest of an entry.
_clause = lru_cache(maxsize=4096)(_new_clause)
REPEATED = frozenset({"status", "priority", "agent"})


class About(NamedTuple):
    """Which ticket an entry is about, what it was called then, and when."""

    ticket: int
    label: str
    at: int


class Ledger:
    """Builds the rows of the log, numbered from `first_id`, in the order in which they are asked for."""

    def __init__(self, random: Random, first_id: int) -> None:
        self._random = random
        self._next = first_id
        self._sealer = Sealer()

    def user_created(self, person: Person, at: int) -> Row:
        """Return the entry about a new account, which TMS itself has made."""
        values = {"email": person.email, "username": person.label, "role": person.role, "is_active": True}
        changes = {name: [None, value] for name, value in values.items()}
        details = sentences.created_user(person.label)
        target = (USER, person.id, person.label, None)
        return self._row(None, CREATE, at, details=details, target=target, changes=changes)

    def shelf_created(self, kind: TargetType, shelf: Shelf, at: int) -> Row:
        """Return the entry about a new team or category, which TMS itself has made."""
        details = sentences.created_shelf(kind, shelf.label)
        target = (kind.value, shelf.id, shelf.label, None)
        return self._row(None, CREATE, at, details=details, target=target, changes={"name": [None, shelf.label]})

    def ticket_opened(self, ticket: Ticket) -> Row:
        """Return the entry about a new ticket; to be asked for before its life changes it."""
        values = {
            "title": ticket.title,
            "description": ticket.description,
            "category": as_logged("category", ticket.category),
            "status": ticket.status,
            "priority": ticket.priority,
            "requester": as_logged("requester", ticket.requester),
            "team": as_logged("team", ticket.team),
            "assigned_agent": None,
            "resolution_date": None,
            "tags": [],
        }
        changes = {name: [None, value] for name, value in values.items()}
        details = sentences.opened(ticket.number, ticket.title)
        return self._about_ticket(
            About(ticket.number, ticket.label, ticket.at), ticket.author, CREATE, details=details, changes=changes
        )

    def ticket_changed(self, about: About, change: Change) -> Row:
        """Return the entry about a change of a ticket."""
        fields = pairs(change)
        changes = {name: [as_logged(key, old), as_logged(key, new)] for key, name, old, new in fields}
        clauses = [_clause(*field) if field[0] in REPEATED else _new_clause(*field) for field in fields]
        details = sentences.changed(about.ticket, clauses)
        return self._about_ticket(about, change.actor, UPDATE, details=details, changes=changes)

    def ticket_viewed(self, about: About, reader: Person) -> Row:
        """Return the entry about a look at a ticket."""
        key = read_key(reader.id, TICKET, about.ticket, moment(about.at))
        details = sentences.viewed(about.ticket)
        return self._about_ticket(about, reader, READ, details=details, changes={}, dedupe_key=key)

    def commented(self, about: About, comment: int, step: Comment, text: str) -> Row:
        """Return the entry about a new reply or internal note."""
        target = (COMMENT, comment, about.label, about.ticket)
        changes = {"description": [None, text]} | ({"is_internal": [None, True]} if step.is_internal else {})
        details = sentences.commented(about.ticket, is_internal=step.is_internal)
        return self._row(step.author, CREATE, about.at, details=details, target=target, changes=changes)

    def comment_edited(self, about: About, comment: int, author: Person, texts: tuple[str, str]) -> Row:
        """Return the entry about a reworded comment."""
        target = (COMMENT, comment, about.label, about.ticket)
        changes = {"description": list(texts)}
        details = sentences.edited_comment(about.ticket)
        return self._row(author, UPDATE, about.at, details=details, target=target, changes=changes)

    def _about_ticket(self, about: About, actor: Person, what: str, **values: Any) -> Row:
        target = (TICKET, about.ticket, about.label, about.ticket)
        return self._row(actor, what, about.at, target=target, **values)

    def _row(
        self,
        actor: Person | None,
        what: str,
        at: int,
        *,
        details: str,
        target: tuple[str, int, str, int | None],
        changes: Mapping[str, Any],
        dedupe_key: str | None = None,
    ) -> Row:
        target_type, target_id, label, ticket_id = target
        who, target_label = (actor.label if actor else SYSTEM.label), label[:LABEL_MAX]
        request_id = f"{self._random.getrandbits(128):032x}"
        seal = self._sealer.seal(
            sealed_text(
                user_label=who,
                activity_type=what,
                activity_date=moment(at),
                details=details,
                target_type=target_type,
                target_id=target_id,
                target_label=target_label,
                ticket_id=ticket_id,
                other_ticket_id=None,
                changes=changes,
                request_id=request_id,
            )
        )
        number = self._next
        self._next += 1
        return (
            number,
            actor.id if actor else None,
            who,
            what,
            column(at),
            details,
            target_type,
            target_id,
            target_label,
            ticket_id,
            json.dumps(changes),
            request_id,
            dedupe_key,
            seal,
            *audience_of(what, target_type, changes),
        )
