"""Replies that crossed: a colleague answered while one was typing."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from accounts.models import User
from tickets.merging.models import Merge
from tickets.models import Comment, CommentRevision, Ticket
from tickets.querysets import CommentQuerySet


class AnsweredMeanwhile(Exception):  # noqa: N818 - a case to settle, like EditConflict
    """Somebody has answered since the author last looked; nothing was written."""


@dataclass(frozen=True)
class Seen:
    """How much of a conversation somebody has seen: the newest comment, merge into its ticket, and change of a comment.

    A merge brings comments that are older than the newest one, and a note that is made public is older too. None: who
    sent this knows nothing of merges, or of such notes.
    """

    comment: int
    merge: int | None = None
    revision: int | None = None

    def __str__(self) -> str:
        if self.merge is None:
            return str(self.comment)
        return f"{self.comment}.{self.merge}" + ("" if self.revision is None else f"-{self.revision}")


def seen_of(ticket: Ticket) -> Seen:
    """Return how much whoever looks at a ticket sees; it was read `with_news` and `with_seen`."""
    return Seen(ticket.last_comment_id or 0, ticket.last_merge_id or 0, ticket.last_revision_id or 0)


def arrived_since(comments: CommentQuerySet, ticket: Ticket, seen: Seen) -> CommentQuerySet:
    """Narrow comments down to those on `ticket` that weren't there yet, or not for everybody.

    They were written since, brought by a merge, or made public.
    """
    older = [*_brought_since(ticket, seen), *_published_since(ticket, seen)]
    return comments.filter(Q(pk__gt=seen.comment) | Q(pk__in=older), ticket=ticket)


def _brought_since(ticket: Ticket, seen: Seen) -> list[int]:
    if seen.merge is None:
        return []
    merges = Merge.objects.in_force().filter(target=ticket, pk__gt=seen.merge)
    return [number for moved in merges.values_list("moved", flat=True) for number, _before in moved["comments"]]


def _published_since(ticket: Ticket, seen: Seen) -> list[int]:
    if seen.revision is None:
        return []
    changes = CommentRevision.objects.filter(comment__ticket=ticket, pk__gt=seen.revision)
    return [number for number, replaced in changes.values_list("comment", "values") if "is_internal" in replaced]


def check_unanswered(ticket: Ticket, author: User, seen: Seen | None) -> None:
    """Raise AnsweredMeanwhile if others' answers have come to `ticket` since `seen`; None asks for no check.

    Internal notes stop nobody: they're for colleagues, and the requester's answer doesn't depend on them. One that a
    colleague has made public meanwhile is an answer.
    """
    if seen is None:
        return
    answers = Comment.objects.public().exclude(commented_by=author)
    if arrived_since(answers, ticket, seen).exists():
        raise AnsweredMeanwhile
