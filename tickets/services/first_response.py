"""Keeping a ticket's first response: the moment of the earliest comment that is the desk's answer.

Which comments are answers `CommentQuerySet.answers` says. Whoever writes, publishes, deletes or moves comments tells us
here, in the transaction that has locked the ticket; the figures hear of it by `ticket_answered`.
"""

from __future__ import annotations

from datetime import datetime

from accounts.actors import Actor
from tickets import signals
from tickets.models import Comment, Ticket


def note_answer(comment: Comment, *, actor: Actor, at: datetime) -> None:
    """Note that a comment is there for everybody now: if it's an answer, it can only make the first one earlier."""
    first, written = comment.ticket.first_response_at, comment.creation_date
    if comment.is_answer and (first is None or written < first):
        _note(comment.ticket, written, actor, at)


def note_answer_gone(comment: Comment, *, actor: Actor, at: datetime) -> None:
    """Note that a comment was deleted: if it was the first answer, another one is, or none."""
    if comment.is_answer and comment.creation_date == comment.ticket.first_response_at:
        settle_first_response(comment.ticket, actor=actor, at=at)


def settle_first_response(ticket: Ticket, *, actor: Actor, at: datetime) -> None:
    """Note the first response that a ticket has by its comments, whatever happened to them."""
    found = Ticket.objects.filter(pk=ticket.pk).values_list(Comment.objects.first_answers(), flat=True)
    first = found.get()
    if first != ticket.first_response_at:
        _note(ticket, first, actor, at)


def _note(ticket: Ticket, first: datetime | None, actor: Actor, at: datetime) -> None:
    before = ticket.first_response_at
    Ticket.objects.filter(pk=ticket.pk).update(first_response_at=first)
    ticket.first_response_at = first
    signals.ticket_answered.send(Ticket, ticket=ticket, before=before, actor=actor, at=at)
