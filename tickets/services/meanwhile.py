"""Replies that crossed: a colleague answered while one was typing."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from accounts.models import User
from tickets.merging.models import Merge
from tickets.models import Comment, Ticket
from tickets.querysets import CommentQuerySet


class AnsweredMeanwhile(Exception):  # noqa: N818 - a case to settle, like EditConflict
    """Somebody has answered since the author last looked; nothing was written."""


@dataclass(frozen=True)
class Seen:
    """How much of a conversation somebody has seen: the newest comment, and the newest merge into its ticket.

    A merge brings comments that are older than the newest one. None: who sent this knows nothing of merges.
    """

    comment: int
    merge: int | None = None

    def __str__(self) -> str:
        return str(self.comment) if self.merge is None else f"{self.comment}.{self.merge}"


def seen_of(ticket: Ticket) -> Seen:
    """Return how much whoever looks at a ticket sees; it was read `with_news`."""
    return Seen(ticket.last_comment_id or 0, ticket.last_merge_id or 0)


def arrived_since(comments: CommentQuerySet, ticket: Ticket, seen: Seen) -> CommentQuerySet:
    """Narrow comments down to those on `ticket` that weren't there yet: written since, or brought by a merge."""
    return comments.filter(Q(pk__gt=seen.comment) | Q(pk__in=_brought_since(ticket, seen)), ticket=ticket)


def _brought_since(ticket: Ticket, seen: Seen) -> list[int]:
    if seen.merge is None:
        return []
    merges = Merge.objects.in_force().filter(target=ticket, pk__gt=seen.merge)
    return [number for moved in merges.values_list("moved", flat=True) for number, _before in moved["comments"]]


def check_unanswered(ticket: Ticket, author: User, seen: Seen | None) -> None:
    """Raise AnsweredMeanwhile if others' answers have come to `ticket` since `seen`; None asks for no check.

    Internal notes stop nobody: they're for colleagues, and the requester's answer doesn't depend on them.
    """
    if seen is None:
        return
    answers = Comment.objects.public().exclude(commented_by=author)
    if arrived_since(answers, ticket, seen).exists():
        raise AnsweredMeanwhile
