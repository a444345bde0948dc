"""Which files one reads, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from accounts.actors import Actor
    from tickets.attachments.models import Attachment


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    """Named, chainable reads of files."""

    def visible_to(self, actor: Actor) -> Self:
        """Files that `actor` may see: the desk all, a requester those of their tickets, without those of notes.

        What came with a ticket that was merged into one of theirs stands on their page too.
        """
        if not actor.is_active:
            return self.none()
        if actor.works_at_desk:
            return self
        public = Q(comment=None) | Q(comment__is_internal=False)
        merged = Q(comment=None, ticket__merged_into__requester=actor.pk)
        return self.filter(Q(public, ticket__requester=actor.pk) | merged)

    def with_uploaders(self) -> Self:
        """Load along the names of those who attached them, and whether their comments are notes."""
        own = [field.name for field in self.model._meta.concrete_fields]
        names = ("uploaded_by__username", "uploaded_by__email", "comment__is_internal")
        return self.select_related("uploaded_by", "comment").only(*own, *names)
