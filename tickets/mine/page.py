"""What a requester's page shows."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import User
from tickets import policies
from tickets.enums import Status
from tickets.mine.words import next_step
from tickets.models import Comment, Ticket
from tickets.querysets import TicketQuerySet, attach_people
from tickets.ratings.models import Rating
from tickets.ratings.reading import rating_of
from tms_site.lib.markdown import plain_beginning

# More than this of a kind is a list, and lists have a page of their own.
SHOWN = 20
RESOLVED_SHOWN = 5


@dataclass(frozen=True)
class Card:
    """One ticket: what happens next, and what can be done about it."""

    ticket: Ticket
    next_step: str
    # The helpdesk's last answer, where it's the requester's turn.
    answer: Comment | None = None
    rating: Rating | None = None
    may_rate: bool = False

    @property
    def answer_text(self) -> str:
        """The beginning of the answer, without the signs of Markdown."""
        return plain_beginning(self.answer.description) if self.answer else ""


@dataclass(frozen=True)
class MyPage:
    """One's own tickets in the order in which they matter."""

    waiting: list[Card]
    going_on: list[Card]
    resolved: list[Card]
    more: bool

    @property
    def is_empty(self) -> bool:
        """Whether there has never been anything."""
        return not (self.waiting or self.going_on or self.resolved)


def my_page(visitor: User) -> MyPage:
    """Read the page: each kind of ticket from its index, their people, and the last answers, in one query each.

    What was merged into another ticket goes on there, and so doesn't stand here.
    """
    mine: TicketQuerySet = (
        Ticket.objects.visible_to(visitor).filter(requester=visitor, merged_into=None).without_texts()
    )
    newest = "-updated_at", "-pk"
    waiting = list(mine.with_status(Status.WAITING).order_by(*newest)[: SHOWN + 1])
    going_on = list(mine.with_status(Status.OPEN, Status.IN_PROGRESS).order_by(*newest)[: SHOWN + 1])
    resolved = list(mine.with_status(Status.RESOLVED).select_related("rating").order_by(*newest)[:RESOLVED_SHOWN])
    more = len(waiting) > SHOWN or len(going_on) > SHOWN
    waiting, going_on = waiting[:SHOWN], going_on[:SHOWN]
    attach_people([*waiting, *going_on, *resolved])
    answers = _answers(visitor, waiting)
    return MyPage(
        waiting=[Card(each, next_step(each, visitor), answer=answers.get(each.pk)) for each in waiting],
        going_on=[Card(each, next_step(each, visitor)) for each in going_on],
        resolved=[_resolved(each, visitor) for each in resolved],
        more=more,
    )


def _answers(visitor: User, tickets: list[Ticket]) -> dict[int, Comment]:
    found = Comment.objects.visible_to(visitor).last_answers(ticket.pk for ticket in tickets)
    return {comment.ticket_id: comment for comment in found.with_author()}


def _resolved(ticket: Ticket, visitor: User) -> Card:
    rating = rating_of(ticket)
    if rating is not None and not policies.rates_this_resolution(ticket, rating):
        rating = None
    may_rate = rating is None and bool(policies.can_rate(visitor, ticket))
    return Card(ticket, next_step(ticket, visitor), rating=rating, may_rate=may_rate)
