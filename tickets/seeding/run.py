"""Playing the stories: every change goes through the services, in the order of time, with the one who did it.

So the demo's tickets, comments and log entries are what real work would have left, and all of it is written or none.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from operator import itemgetter
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actors import SYSTEM
from accounts.models import User
from accounts.services import create_user
from tickets import services
from tickets.models import Category, Ticket
from tickets.ratings.services import rate_ticket
from tickets.seeding import sorting
from tickets.seeding.people import JOINED, PASSWORD, PEOPLE, Person
from tickets.seeding.script import JOHN, Change, Rate, Reword, Say, Step, Story
from tickets.seeding.stories import STORIES
from tms_site.lib.errors import ServiceError
from tms_site.lib.transactions import write_transaction

_DAYS_AGO = re.compile(r"(\d+) (\d\d):(\d\d)")
_MINUTES_AGO = re.compile(r"(\d+) min")

Event = tuple[datetime, Callable[[datetime], None]]


class MiscastError(ServiceError):
    """Somebody with one of the demo's addresses can't play their part."""


@dataclass
class SeedReport:
    """How much was written."""

    users: int = 0
    tickets: int = 0
    comments: int = 0
    changes: int = 0


def moment(text: str, now: datetime) -> datetime:
    """Return the moment that "12 09:30" (days ago, a time of day) or "25 min" (minutes ago) means.

    Raises ValueError for anything else.
    """
    if match := _MINUTES_AGO.fullmatch(text):
        return now - timedelta(minutes=int(match.group(1)))
    if match := _DAYS_AGO.fullmatch(text):
        days, hour, minute = (int(group) for group in match.groups())
        day = timezone.localtime(now).replace(hour=hour, minute=minute, second=0, microsecond=0)
        return day - timedelta(days=days)
    msg = f"not a moment of a story: {text}"
    raise ValueError(msg)


@write_transaction
def seed(now: datetime | None = None) -> SeedReport:
    """Write whatever of the demo isn't there yet: people by their address, tickets by their client token.

    Raises MiscastError when somebody has one of the addresses and another role, and what the services raise.
    """
    report = SeedReport()
    now = now or timezone.now()
    people = _people(now, report)
    told = _told_already()
    untold = [story for story in STORIES if story.token not in told]
    if untold:
        _check_cast(people)
    categories = sorting.put_up(people, moment(JOINED, now)) if untold else {}
    events = [event for story in untold for event in _Telling(story, people, categories, report).events(now)]
    # Sorting is stable: what a story tells at one moment keeps its order.
    for at, happen in sorted(events, key=itemgetter(0)):
        happen(at)
    return report


def _check_cast(people: dict[str, User]) -> None:
    for person in PEOPLE:
        user = people[person.email]
        if user.role != person.role or not user.is_active:
            raise MiscastError(
                _("%(email)s exists already and isn't an active %(role)s.")
                % {"email": user.email, "role": person.role.label}
            )


def _told_already() -> set[str | None]:
    tokens = [story.token for story in STORIES]
    return set(Ticket.objects.filter(client_token__in=tokens).values_list("client_token", flat=True))


def _people(now: datetime, report: SeedReport) -> dict[str, User]:
    return {person.email: _user(person, now, report) for person in PEOPLE}


def _user(person: Person, now: datetime, report: SeedReport) -> User:
    known: User | None = User.objects.with_email(person.email).first()
    if known is not None:
        return known
    report.users += 1
    return create_user(
        actor=SYSTEM,
        email=person.email,
        username=person.username,
        role=person.role,
        password=PASSWORD,
        at=moment(JOINED, now),
    )


class _Telling:
    """One story while it's told: its ticket and its comments so far."""

    def __init__(
        self, story: Story, people: dict[str, User], categories: dict[str, Category], report: SeedReport
    ) -> None:
        self._story = story
        self._people = people
        category, self._tags = sorting.STORIES.get(story.slug, ("", ()))
        self._category = categories.get(category)
        self._report = report
        self._ticket_id = 0
        self._comments: list[int] = []

    def events(self, now: datetime) -> list[Event]:
        """Return what happens, each with its moment."""
        opening = moment(self._story.at, now)
        steps = [(moment(step.at, now), partial(self._play, step)) for step in self._story.steps]
        tagging: list[Event] = [(opening, self._tag)] if self._tags else []
        return [(opening, self._open), *tagging, *steps]

    def _open(self, at: datetime) -> None:
        story = self._story
        result = services.create_ticket(
            actor=self._people[story.author],
            title=story.title,
            description=story.text,
            priority=story.priority,
            category=self._category,
            requester=self._people[story.requester],
            assigned_agent=self._people[story.agent] if story.agent else None,
            client_token=story.token,
            at=at,
        )
        self._ticket_id = result.ticket.pk
        self._report.tickets += 1

    def _tag(self, at: datetime) -> None:
        changes = {"tags": list(self._tags)}
        services.update_ticket(actor=self._people[JOHN], ticket_id=self._ticket_id, changes=changes, at=at)
        self._report.changes += 1

    def _play(self, step: Step, at: datetime) -> None:
        actor = self._people[step.who]
        if isinstance(step, Say):
            self._say(actor, step.text, at)
            return
        self._report.changes += 1
        if isinstance(step, Rate):
            rate_ticket(actor=actor, ticket_id=self._ticket_id, value=step.value, text=step.text, at=at)
            return
        if isinstance(step, Change):
            services.update_ticket(actor=actor, ticket_id=self._ticket_id, changes=self._values(step), at=at)
            return
        ticket_id, comment_id = self._ticket_id, self._comments[step.nth - 1]
        if isinstance(step, Reword):
            services.edit_comment(actor=actor, ticket_id=ticket_id, comment_id=comment_id, description=step.text, at=at)
        else:
            services.delete_comment(actor=actor, ticket_id=ticket_id, comment_id=comment_id, at=at)

    def _say(self, actor: User, text: str, at: datetime) -> None:
        token = f"{self._story.token}-{len(self._comments) + 1}"
        result = services.add_comment(
            actor=actor, ticket_id=self._ticket_id, description=text, client_token=token, at=at
        )
        self._comments.append(result.comment.pk)
        self._report.comments += 1

    def _values(self, change: Change) -> dict[str, Any]:
        return {
            name: self._people[value] if name == "assigned_agent" and value else value
            for name, value in change.values.items()
        }
