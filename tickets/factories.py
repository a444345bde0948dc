"""Tickets and comments for tests and benchmarks, straight in the database and its index: no log entries, no signals."""

from __future__ import annotations

import io
from typing import Any

import factory
from django.core.files.base import ContentFile
from factory.django import DjangoModelFactory
from PIL import Image

from accounts.factories import UserFactory
from tickets.attachments.files import Upload
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


def upload(name: str = "report.txt", content: bytes = b"All is well.") -> Upload:
    """Return a file as somebody sends it."""
    return Upload(ContentFile(content, name))


def picture_bytes(width: int = 40, height: int = 30, kind: str = "PNG", *, mode: str = "RGB", **options: Any) -> bytes:
    """Return a picture as a file."""
    data = io.BytesIO()
    Image.new(mode, (width, height), "teal").save(data, kind, **options)
    return data.getvalue()


def picture(name: str = "screen.png") -> Upload:
    """Return a picture as somebody sends it."""
    return upload(name, picture_bytes())
