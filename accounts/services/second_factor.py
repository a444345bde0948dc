"""Telling of second factors, which allauth writes itself."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.utils import timezone

from accounts import policies, signals
from accounts.actors import Actor
from accounts.models import User
from tms_site.lib.permissions import require
from tms_site.lib.transactions import write_transaction


def is_enrolled(user: User) -> bool:
    """Tell whether a user has the second factor that their role needs, if it needs one."""
    return user.role not in settings.REQUIRE_MFA_ROLES or bool(is_mfa_enabled(user))


@write_transaction
def record_second_factor(*, actor: Actor, user: User, has_one: bool, at: datetime | None = None) -> None:
    """Tell that a user has set up a second factor, or has removed it.

    The caller's transaction is the one that did it: if this can't be told, that rolls back.

    Raises:
        PermissionDeniedError: it's somebody else's account.
    """
    require(policies.can_edit_profile(actor, user))
    changes = {"second_factor": (not has_one, has_one)}
    signals.user_updated.send(sender=User, user=user, changes=changes, actor=actor, at=at or timezone.now())
