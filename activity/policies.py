"""Who may read and purge the activity log, and let other programs be told of what happens.

A ticket's timeline opens with the ticket itself (tickets.policies).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from tms_site.lib.permissions import ALLOWED, Decision, Denied

if TYPE_CHECKING:
    from accounts.actors import Actor

ONLY_SYSADMINS = Denied(_("Only SysAdmins can see the activity log."))
NO_WEBHOOKS = Denied(_("Only SysAdmins can keep webhooks."))


def can_see_log(actor: Actor) -> Decision:
    """Read the whole log."""
    return ALLOWED if actor.is_active and actor.runs_the_place else ONLY_SYSADMINS


def can_purge(actor: Actor) -> Decision:
    """Remove old entries, which leaves an entry that says so."""
    return can_see_log(actor)


def can_manage_webhooks(actor: Actor) -> Decision:
    """Keep webhooks, which tell other programs what happens here."""
    return ALLOWED if actor.is_active and actor.runs_the_place else NO_WEBHOOKS
