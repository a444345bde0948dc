"""Who may keep, open and change views."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.policies import DEACTIVATED
from tickets.policies.roles import desk
from tms_site.lib.permissions import ALLOWED, Decision, Denied

if TYPE_CHECKING:
    from accounts.actors import Actor
    from tickets.models import SavedView

NOT_YOUR_VIEW = Denied(_("This view belongs to somebody else."))


def can_save_views(actor: Actor) -> Decision:
    """Keep views of one's own."""
    return ALLOWED if actor.is_active else DEACTIVATED


def can_share_views(actor: Actor) -> Decision:
    """Share one's views with everybody at the desk."""
    return desk(actor)


def can_see_view(actor: Actor, view: SavedView) -> Decision:
    """Open a view that somebody keeps: one's own; at the desk also those that are shared."""
    if not actor.is_active:
        return DEACTIVATED
    return ALLOWED if view.owner_id == actor.pk or (view.is_shared and actor.works_at_desk) else NOT_YOUR_VIEW


def can_change_view(actor: Actor, view: SavedView) -> Decision:
    """Rename, change, share, move or delete a view: one's own; SysAdmins also shared ones.

    What is shared stands in the menu of everybody at the desk: who has left the desk changes nothing of it any more.
    """
    may_see = can_see_view(actor, view)
    if not may_see:
        return may_see
    if view.owner_id != actor.pk and not actor.runs_the_place:
        return NOT_YOUR_VIEW
    return can_share_views(actor) if view.is_shared else ALLOWED


def can_begin_with_view(actor: Actor, view: SavedView) -> Decision:
    """Let TMS begin with a view: one's own, which changes nothing for others."""
    may_see = can_see_view(actor, view)
    if not may_see:
        return may_see
    return ALLOWED if view.owner_id == actor.pk else NOT_YOUR_VIEW
