"""Who may read and purge the activity log. A ticket's timeline opens with the ticket itself (tickets.policies)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from tms_site.lib.permissions import ALLOWED, Decision, Denied

if TYPE_CHECKING:
    from accounts.actors import Actor

ONLY_SYSADMINS = Denied(_("Only SysAdmins can see the activity log."))


def can_see_log(actor: Actor) -> Decision:
    """Read the whole log."""
    return ALLOWED if actor.is_active and actor.runs_the_place else ONLY_SYSADMINS


def can_purge(actor: Actor) -> Decision:
    """Remove old entries, which leaves an entry that says so."""
    return can_see_log(actor)
