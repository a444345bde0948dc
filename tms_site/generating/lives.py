"""The life of one ticket: who opens it, what is done to it and when, and how it stands in the end.

A life is planned when its ticket is opened, so that the ticket's row can be written once, as it is in the end. Its
steps are told later, in the order of time among those of all other tickets (tms_site.generating.organisation).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import accumulate
from math import log
from random import Random
from typing import Any, NamedTuple

from tickets.enums import Priority, Status
from tms_site.generating.people import Circle, Person
from tms_site.generating.shelves import TAGGED, Shelf, Shelves
from tms_site.generating.times import DAY, HOUR, SECOND, at_work, moment
from tms_site.generating.words import Writer, marker_of

COMMENTS_MAX = 40
# Most tickets have few comments, some have many; two on average. And one in a thousand has exactly the most.
MANY, MANY_SHARE, GEOMETRIC = 15, 0.006, 0.6435
EVERY_LONG = 1_000
# The share of resolved tickets among the oldest and among the youngest: six in ten altogether.
RESOLVED_OLDEST, RESOLVED_YOUNGEST = 0.75, 0.45
LONGEST = 90 * DAY

PRIORITIES = [priority.value for priority in (Priority.LOW, Priority.MEDIUM, Priority.HIGH, Priority.URGENT)]
PRIORITY_WEIGHTS = list(accumulate((25, 45, 24, 6)))
# Half of the tickets are resolved sooner than this many hours.
USUAL_HOURS = {"low": 110, "medium": 50, "high": 18, "urgent": 4}
UNRESOLVED = [Status.OPEN.value, Status.IN_PROGRESS.value, Status.WAITING.value]
UNRESOLVED_WEIGHTS = list(accumulate((52, 30, 18)))

LAST_ACTIONS = {"resolved": ["resolve"], "waiting": ["pause"], "in_progress": []}

OPENED_BY_DESK, TAKEN_THOUGH_OPEN, PAUSED, REPRIORITISED = 0.12, 0.3, 0.25, 0.07
RETITLED, PASSED_ON, REOPENED, READ, EDITED, NOTES = 0.02, 0.05, 0.04, 0.25, 0.015, 0.1


def comment_weights() -> list[float]:
    """Return the cumulated weights of 0 to COMMENTS_MAX comments."""
    few = [(1 - MANY_SHARE) * (1 - GEOMETRIC) * GEOMETRIC**count for count in range(COMMENTS_MAX + 1)]
    share = MANY_SHARE / (COMMENTS_MAX + 1 - MANY)
    return list(accumulate(weight + (share if count >= MANY else 0) for count, weight in enumerate(few)))


COMMENT_WEIGHTS = comment_weights()


class Comment(NamedTuple):
    """A step: somebody says something, perhaps only to colleagues, and perhaps rewords it later."""

    author: Person
    words: int
    marker: str
    reworded_after: int
    is_internal: bool


class Change(NamedTuple):
    """A step: somebody changes fields, from the version that it has until then. Values are (field, old, new)."""

    actor: Person
    version: int
    values: tuple[tuple[str, Any, Any], ...]


class Look(NamedTuple):
    """A step: somebody reads the ticket."""

    reader: Person


Step = Comment | Change | Look


class Told(NamedTuple):
    """A step with its moment, and the ticket's label in the log after it."""

    at: int
    step: Step
    label: str


@dataclass
class Ticket:
    """A ticket while its life is planned: the values that it has by then."""

    number: int
    at: int
    requester: Person
    author: Person
    title: str
    description: str
    priority: str
    comments: int
    marker: str
    category: Shelf | None = None
    team: Shelf | None = None
    tags: tuple[str, ...] = ()
    status: str = Status.OPEN.value
    agent: Person | None = None
    resolved_at: int | None = None
    updated_at: int = 0
    version: int = 1
    steps: list[Told] = field(default_factory=list)

    @property
    def label(self) -> str:
        """The ticket's name in the log."""
        return f"#{self.number} {self.title}"

    def change(self, actor: Person, at: int, **values: Any) -> None:
        """Give fields new values; those that have them already are left out."""
        changed = tuple((name, getattr(self, name), new) for name, new in values.items() if getattr(self, name) != new)
        if not changed:
            return
        for name, _old, new in changed:
            setattr(self, name, new)
        self.steps.append(Told(at, Change(actor, self.version, changed), self.label))
        self.version += 1
        if values.keys() != {"tags"}:
            self.updated_at = at

    def comment(self, author: Person, at: int, words: int, *, reworded_after: int = 0, note: bool = False) -> None:
        """Add a reply, which the ticket's marker may stand in if it's the first, or an internal note."""
        marker = "" if note else self.marker
        self.steps.append(Told(at, Comment(author, words, marker, reworded_after, note), self.label))
        if not note:
            self.marker = ""
            self.updated_at = at

    def look(self, reader: Person, at: int) -> None:
        """Let somebody read it."""
        self.steps.append(Told(at, Look(reader), self.label))


@dataclass(frozen=True)
class Opening:
    """When a ticket is opened, its number, and which one of its organisation it is."""

    number: int
    nth: int
    at: int


class Planner:
    """Plans lives.

    Args:
        random: where chance comes from.
        writer: who writes titles and texts.
        requesters: who asks.
        agents: who answers.
        shelves: what tickets are sorted by.
        end: the moment before which everything happens.
    """

    def __init__(
        self, random: Random, writer: Writer, requesters: Circle, agents: Circle, shelves: Shelves, *, end: int
    ) -> None:
        self._random = random
        self._writer = writer
        self._requesters = requesters
        self._agents = agents
        self._shelves = shelves
        self._end = end

    def open(self, opening: Opening) -> Ticket:
        """Return a ticket as it's opened, with nothing done to it yet."""
        random, marker = self._random, marker_of(opening.nth)
        requester = self._requesters.pick(random)
        by_desk = random.random() < OPENED_BY_DESK
        comments = self._comment_count(opening.nth)
        # Half of the markers stand in the first comment, where there is one.
        category, team = self._shelves.pick(random)
        later = bool(marker and comments and random.random() < 0.5)  # noqa: PLR2004 - a half
        return Ticket(
            number=opening.number,
            at=opening.at,
            requester=requester,
            author=self._agents.pick(random) if by_desk else requester,
            title=self._writer.title(),
            description=self._writer.text(random.randint(12, 70), marker="" if later else marker),
            priority=random.choices(PRIORITIES, cum_weights=PRIORITY_WEIGHTS)[0],
            comments=comments,
            marker=marker if later else "",
            category=category,
            team=team,
            updated_at=opening.at,
        )

    def live(self, ticket: Ticket, youth: float) -> None:
        """Lead a ticket that was just opened to where it stands in the end.

        Args:
            ticket: from `open`.
            youth: how young it is among all tickets, from 0 for the oldest to 1.
        """
        random = self._random
        agent = self._agents.pick(random)
        resolved = random.random() < RESOLVED_OLDEST - (RESOLVED_OLDEST - RESOLVED_YOUNGEST) * youth
        final = Status.RESOLVED.value if resolved else random.choices(UNRESOLVED, cum_weights=UNRESOLVED_WEIGHTS)[0]
        actions = self._actions(final, ticket.comments)
        for action, at in zip(actions, self._moments(ticket, len(actions)), strict=True):
            if at >= self._end:
                return
            agent = self._act(action, ticket, agent, at)
        # By one more comment, which a ticket with the most of them hasn't room for.
        if ticket.status == Status.RESOLVED and ticket.comments < COMMENTS_MAX and random.random() < REOPENED:
            self._reopen(ticket, agent)

    def _comment_count(self, nth: int) -> int:
        if nth % EVERY_LONG == EVERY_LONG // 2:
            return COMMENTS_MAX
        return self._random.choices(range(COMMENTS_MAX + 1), cum_weights=COMMENT_WEIGHTS)[0]

    def _actions(self, final: str, comments: int) -> list[str]:
        random = self._random
        actions = ["comment"] * comments
        if final == Status.OPEN:
            return ["assign", *actions] if random.random() < TAKEN_THOUGH_OPEN else actions
        if random.random() < READ:
            actions.append("look")
        if random.random() < TAGGED:
            actions.append("tag")
        if random.random() < REPRIORITISED:
            actions.append("priority")
        if random.random() < RETITLED:
            actions.append("retitle")
        if random.random() < PASSED_ON:
            actions.append("pass on")
        random.shuffle(actions)
        before = random.randint(0, 1) if actions else 0
        actions.insert(before, "take")
        if random.random() < PAUSED:
            actions.insert(random.randint(before + 1, len(actions)), "pause")
            actions.append("resume")
        return [*actions, *LAST_ACTIONS[final]]

    def _moments(self, ticket: Ticket, count: int) -> list[int]:
        random = self._random
        usual = log(USUAL_HOURS[ticket.priority])
        span = min(random.lognormvariate(usual, 1.1) * HOUR, LONGEST, self._end - ticket.at)
        raw = sorted(ticket.at + int(span * random.random()) for _ in range(count))
        moments, last = [], ticket.at
        for at in sorted(working if (working := at_work(at)) < self._end else at for at in raw):
            last = max(at, last + SECOND)
            moments.append(last)
        return moments

    def _act(self, action: str, ticket: Ticket, agent: Person, at: int) -> Person:
        """Do one thing to the ticket; returns its agent from then on."""
        random = self._random
        if action == "comment":
            answers = random.random() < (0.55 if ticket.agent else 0.2)
            reworded = random.randint(1, 20) * 60 * SECOND if random.random() < EDITED else 0
            note = answers and not ticket.marker and random.random() < NOTES
            author = agent if answers else ticket.requester
            ticket.comment(author, at, random.randint(4, 45), reworded_after=reworded, note=note)
        elif action == "look":
            ticket.look(self._agents.pick(random), at)
        elif action == "tag":
            ticket.change(agent, at, tags=self._shelves.pick_tags(random))
        elif action == "priority":
            ticket.change(agent, at, priority=random.choice(PRIORITIES))
        elif action == "retitle":
            ticket.change(agent, at, title=self._writer.title())
        elif action == "pass on":
            agent = self._agents.pick(random)
            ticket.change(ticket.agent or agent, at, agent=agent)
        else:
            self._move(action, ticket, agent, at)
        return agent

    @staticmethod
    def _move(action: str, ticket: Ticket, agent: Person, at: int) -> None:
        if action == "assign":
            ticket.change(agent, at, agent=agent)
        elif action == "pause":
            ticket.change(agent, at, status=Status.WAITING.value)
        elif action == "resolve":
            ticket.change(agent, at, status=Status.RESOLVED.value, resolved_at=at)
        else:
            ticket.change(agent, at, status=Status.IN_PROGRESS.value, agent=agent)

    def _reopen(self, ticket: Ticket, agent: Person) -> None:
        # By a comment of the requester, within two weeks; and mostly resolved again soon.
        at = at_work(ticket.updated_at + self._random.randrange(10 * DAY))
        if at >= self._end:
            return
        ticket.comment(ticket.requester, at, self._random.randint(4, 30))
        ticket.change(ticket.requester, at, status=Status.IN_PROGRESS.value, resolved_at=None)
        again = at_work(at + self._random.randrange(HOUR, 2 * DAY))
        if again < self._end:
            ticket.change(agent, again, status=Status.RESOLVED.value, resolved_at=again)


def as_logged(name: str, value: Any) -> Any:
    """Return a value of a change as the log keeps it."""
    if isinstance(value, Person | Shelf):
        return {"id": value.id, "label": value.label}
    if name == "tags":
        return list(value)
    return moment(value).isoformat() if name == "resolved_at" and value is not None else value


def as_replaced(name: str, value: Any) -> Any:
    """Return a value of a change as a revision keeps it."""
    return value.id if isinstance(value, Person | Shelf) else as_logged(name, value)
