"""Tickets and comments for tests and benchmarks, straight in the database and its index: no log entries, no signals."""

from __future__ import annotations

from typing import Any

import factory
from factory.django import DjangoModelFactory

from accounts.factories import UserFactory
from tickets.enums import Priority, Status
from tickets.models import Comment, Ticket
from tickets.search import documents


class TicketFactory(DjangoModelFactory[Ticket]):
    """An open ticket of a requester of its own."""

    class Meta:
        model = Ticket

    title = factory.Sequence(lambda number: f"Ticket {number}")
    description = "Something doesn't work."
    status = Status.OPEN
    priority = Priority.MEDIUM
    requester = factory.SubFactory(UserFactory, requester=True)
    created_by = factory.SelfAttribute("requester")

    @classmethod
    def _create(cls, model_class: type[Ticket], *args: Any, **kwargs: Any) -> Ticket:
        ticket: Ticket = super()._create(model_class, *args, **kwargs)
        documents.write([ticket.pk])
        return ticket


class CommentFactory(DjangoModelFactory[Comment]):
    """A comment by its ticket's requester."""

    class Meta:
        model = Comment

    ticket = factory.SubFactory(TicketFactory)
    commented_by = factory.SelfAttribute("ticket.requester")
    description = "I have a question."

    @classmethod
    def _create(cls, model_class: type[Comment], *args: Any, **kwargs: Any) -> Comment:
        comment: Comment = super()._create(model_class, *args, **kwargs)
        documents.write([comment.ticket_id])
        return comment
