"""Who may use and keep canned replies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from tickets.policies.roles import desk
from tms_site.lib.permissions import ALLOWED, Decision, Denied

if TYPE_CHECKING:
    from accounts.actors import Actor
    from tickets.replies.models import CannedReply

NOT_YOUR_REPLY = Denied(_("This canned reply belongs to somebody else."))


def can_use_replies(actor: Actor) -> Decision:
    """Use canned replies, keep some of one's own, and share them with the desk."""
    return desk(actor)


def can_see_reply(actor: Actor, reply: CannedReply) -> Decision:
    """Use a canned reply: one's own, and those that are shared."""
    may_use = can_use_replies(actor)
    if not may_use:
        return may_use
    return ALLOWED if reply.is_shared or reply.owner_id == actor.pk else NOT_YOUR_REPLY


def can_change_reply(actor: Actor, reply: CannedReply) -> Decision:
    """Change, share or delete a canned reply: one's own; SysAdmins also shared ones."""
    may_see = can_see_reply(actor, reply)
    if not may_see:
        return may_see
    return ALLOWED if reply.owner_id == actor.pk or actor.runs_the_place else NOT_YOUR_REPLY
