"""Who watches tickets, and whom one can name in a text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from tickets.policies.roles import desk
from tms_site.lib.permissions import ALLOWED, Decision, Denied

if TYPE_CHECKING:
    from accounts.actors import Actor
    from tickets.models import Comment, Ticket

NAMES_NOBODY = Denied(_("What a requester writes names nobody."))


def can_watch(actor: Actor, ticket: Ticket) -> Decision:
    """Watch a ticket, and see who does."""
    return desk(actor)


def can_mention(actor: Actor) -> Decision:
    """Look up colleagues in order to name them in a text."""
    return desk(actor)


def can_see_mentions(actor: Actor, comment: Comment) -> Decision:
    """See colleagues' names marked in a text. A mark says that there's such a colleague: only the desk learns it."""
    may_mention = can_mention(actor)
    if not may_mention:
        return may_mention
    return ALLOWED if comment.commented_by.works_at_desk else NAMES_NOBODY
