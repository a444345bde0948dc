"""What a link says, read from either of its ends."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class LinkKind(models.TextChoices):
    """What a link says of its source, read towards its target."""

    RELATES = "relates", _("relates to")
    DUPLICATE = "duplicate", _("is a duplicate of")
    BLOCKS = "blocks", _("blocks")
    FOLLOW_UP = "follow_up", _("is a follow-up of")


# The same, read from the target towards the source.
INVERSE: dict[LinkKind, str | Promise] = {
    LinkKind.RELATES: _("relates to"),
    LinkKind.DUPLICATE: _("has the duplicate"),
    LinkKind.BLOCKS: _("is blocked by"),
    LinkKind.FOLLOW_UP: _("is continued by"),
}
# One and the same from both ends.
SYMMETRIC = frozenset({LinkKind.RELATES})


@dataclass(frozen=True)
class Relation:
    """What one chooses for a ticket: a kind of link, and whether the ticket is its source."""

    kind: LinkKind
    forward: bool = True

    @property
    def key(self) -> str:
        """How forms name it."""
        return self.kind.value if self.forward else f"{self.kind.value}_inverse"

    @property
    def label(self) -> str | Promise:
        """What it says."""
        return self.kind.label if self.forward else INVERSE[self.kind]


# A follow-up comes into being by being opened.
OFFERED = (
    Relation(LinkKind.RELATES),
    Relation(LinkKind.DUPLICATE),
    Relation(LinkKind.DUPLICATE, forward=False),
    Relation(LinkKind.BLOCKS),
    Relation(LinkKind.BLOCKS, forward=False),
)
RELATIONS = {relation.key: relation for relation in OFFERED}
