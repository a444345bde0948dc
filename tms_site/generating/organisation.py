"""A whole organisation as rows, in the order of time, some at a time.

Lives overlap: the steps that are still to come wait in a heap, which is as long as what an organisation has in hand at
one time, whatever its history. So memory stays flat.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterator
from itertools import count
from random import Random
from typing import NamedTuple

from accounts.emails import email_key
from accounts.enums import Role, Theme
from accounts.models import default_time_zone
from activity.enums import TargetType
from tms_site.generating.ledger import About, Ledger, pairs
from tms_site.generating.lives import Change, Comment, Look, Opening, Planner, Step, Ticket, as_replaced
from tms_site.generating.people import Circle, Person, people, unusable_password
from tms_site.generating.plan import BATCH, Batch, Plan, Row
from tms_site.generating.shelves import Shelves
from tms_site.generating.times import DAY, DAYS, column, midnight, openings
from tms_site.generating.words import Writer

# Accounts were made in the month before the first ticket.
JOINED_BEFORE = 30


class Rewording(NamedTuple):
    """A step that a comment leaves behind: its author writes it anew."""

    comment_id: int
    author: Person
    texts: tuple[str, str]


class Waiting(NamedTuple):
    """A step in the heap. The serial number keeps the order of what happens at one moment."""

    at: int
    serial: int
    ticket: int
    label: str
    step: Step | Rewording


class Organisation:
    """Tells the story of an organisation."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._end = midnight(plan.until)
        self._random = Random(plan.seed)
        self._writer = Writer(self._random)
        self._ledger = Ledger(self._random, self._first("log"))
        self._comment_ids = count(self._first("comments"))
        self._revision_ids = {name: count(self._first(name)) for name in ("ticket_revisions", "comment_revisions")}
        self._tagging_ids = count(self._first("ticket_tags"))
        self._tag_ids: dict[str, int] = {}
        self._serials = count()
        self._waiting: list[Waiting] = []
        self._batch = Batch()

    def _first(self, table: str) -> int:
        return self._plan.first.get(table, 1)

    def batches(self) -> Iterator[Batch]:
        """Yield all rows, those that others refer to first."""
        plan = self._plan
        requesters = people(self._random, plan.users, Role.REQUESTER, self._first("users"))
        agents = people(self._random, plan.agents, Role.AGENT, self._first("users") + plan.users)
        yield from self._accounts([*requesters, *agents])
        shelves = Shelves.of(agents, teams=self._first("teams"), categories=self._first("categories"))
        self._put_up(shelves)
        circles = Circle.of(requesters, self._random), Circle.of(agents, self._random)
        planner = Planner(self._random, self._writer, *circles, shelves, end=self._end)
        for nth, at in enumerate(openings(self._random, plan.tickets, plan.until)):
            self._tell_until(at)
            self._open(planner, Opening(self._first("tickets") + nth, nth, at))
            if len(self._batch.rows["tickets"]) == BATCH:
                yield self._turn(nth + 1)
        while self._waiting:
            self._tell_until(self._waiting[0].at + DAY)
            if self._batch.size > BATCH:
                yield self._turn(plan.tickets)
        yield self._turn(plan.tickets)

    def _turn(self, tickets: int) -> Batch:
        done, self._batch = self._batch, Batch()
        done.tickets = tickets
        return done

    def _put_up(self, shelves: Shelves) -> None:
        rows, first_tag = self._batch.rows, self._first("tags")
        rows["teams"] += shelves.team_rows()
        rows["members"] += shelves.member_rows(self._first("members"))
        rows["categories"] += shelves.category_rows()
        rows["tags"] += shelves.tag_rows(first_tag)
        self._tag_ids = {name: first_tag + place for place, name in enumerate(shelves.tags)}
        at = self._end - (DAYS + 1) * DAY
        rows["log"] += [self._ledger.shelf_created(TargetType.TEAM, team, at) for team in shelves.teams]
        rows["log"] += [self._ledger.shelf_created(TargetType.CATEGORY, each, at) for each in shelves.categories]

    def _accounts(self, everybody: list[Person]) -> Iterator[Batch]:
        start = self._end - (DAYS + JOINED_BEFORE) * DAY
        # All of them before the first team and category, a day before the first ticket.
        step = (JOINED_BEFORE - 1) * DAY // max(len(everybody), 1)
        first_email = self._first("emails")
        for number, person in enumerate(everybody):
            at = start + number * step
            rows = self._batch.rows
            rows["users"].append(self._user(person, at))
            rows["emails"].append((first_email + number, person.id, person.email, True, True))
            rows["log"].append(self._ledger.user_created(person, at))
            if len(rows["users"]) == BATCH:
                yield self._turn(0)
        yield self._turn(0)

    def _user(self, person: Person, at: int) -> Row:
        password, joined = unusable_password(self._random), column(at)
        zone, theme = default_time_zone(), Theme.SYSTEM.value
        key = email_key(person.email)
        return (
            person.id,
            password,
            person.email,
            key,
            person.label,
            person.role,
            True,
            joined,
            zone,
            theme,
            True,
            False,
            1,
        )

    def _open(self, planner: Planner, opening: Opening) -> None:
        ticket = planner.open(opening)
        self._batch.rows["log"].append(self._ledger.ticket_opened(ticket))
        planner.live(ticket, opening.nth / self._plan.tickets)
        self._batch.rows["tickets"].append(_row_of(ticket))
        ids = self._tagging_ids
        tags = [(next(ids), ticket.number, self._tag_ids[name]) for name in ticket.tags]
        self._batch.rows["ticket_tags"] += tags
        for told in ticket.steps:
            self._wait(told.at, ticket.number, told.label, told.step)

    def _wait(self, at: int, ticket: int, label: str, step: Step | Rewording) -> None:
        heapq.heappush(self._waiting, Waiting(at, next(self._serials), ticket, label, step))

    def _tell_until(self, end: int) -> None:
        while self._waiting and self._waiting[0].at <= end:
            self._tell(heapq.heappop(self._waiting))

    def _tell(self, waiting: Waiting) -> None:
        at, _serial, ticket, label, step = waiting
        rows, about = self._batch.rows, About(ticket, label, at)
        if isinstance(step, Comment):
            self._comment(step, about)
        elif isinstance(step, Change):
            rows["log"].append(self._ledger.ticket_changed(about, step))
            replaced = {name: as_replaced(key, old) for key, name, old, _new in pairs(step)}
            number = next(self._revision_ids["ticket_revisions"])
            rows["ticket_revisions"].append((number, ticket, step.version, json.dumps(replaced)))
        elif isinstance(step, Look):
            rows["log"].append(self._ledger.ticket_viewed(about, step.reader))
        else:
            self._reword(step, about)

    def _comment(self, step: Comment, about: About) -> None:
        number, text = next(self._comment_ids), self._writer.text(step.words, marker=step.marker)
        final, edited_at, version = text, None, 1
        reworded = about.at + step.reworded_after
        if step.reworded_after and reworded < self._end:
            final, edited_at, version = f"{text} {self._writer.text(6)}", column(reworded), 2
            rewording = Rewording(number, step.author, (text, final))
            self._wait(reworded, about.ticket, about.label, rewording)
        row = (number, about.ticket, step.author.id, column(about.at), edited_at, final, step.is_internal, version)
        self._batch.rows["comments"].append(row)
        self._batch.rows["log"].append(self._ledger.commented(about, number, step, text))

    def _reword(self, step: Rewording, about: About) -> None:
        number = next(self._revision_ids["comment_revisions"])
        replaced = json.dumps({"description": step.texts[0]})
        self._batch.rows["log"].append(self._ledger.comment_edited(about, *step))
        self._batch.rows["comment_revisions"].append((number, step.comment_id, 1, replaced))


def _row_of(ticket: Ticket) -> Row:
    return (
        ticket.number,
        ticket.title,
        ticket.description,
        ticket.status,
        ticket.priority,
        column(ticket.at),
        column(ticket.updated_at),
        None if ticket.resolved_at is None else column(ticket.resolved_at),
        ticket.requester.id,
        ticket.author.id,
        ticket.agent.id if ticket.agent else None,
        ticket.category.id if ticket.category else None,
        ticket.team.id if ticket.team else None,
        ticket.version,
    )
