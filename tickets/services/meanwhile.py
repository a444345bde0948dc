"""Replies that crossed: a colleague answered while one was typing."""

from __future__ import annotations

from accounts.models import User
from tickets.models import Comment, Ticket


class AnsweredMeanwhile(Exception):  # noqa: N818 - a case to settle, like EditConflict
    """Somebody has answered since the author last looked; nothing was written."""


def check_unanswered(ticket: Ticket, author: User, seen: int | None) -> None:
    """Raise AnsweredMeanwhile if others have answered on `ticket` after the comment `seen`; None asks for no check.

    Internal notes stop nobody: they're for colleagues, and the requester's answer doesn't depend on them.
    """
    if seen is None:
        return
    if Comment.objects.public().filter(ticket=ticket, pk__gt=seen).exclude(commented_by=author).exists():
        raise AnsweredMeanwhile
