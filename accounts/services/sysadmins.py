"""Somebody can always run the place."""

from __future__ import annotations

from collections.abc import Collection

from accounts.errors import LastSysAdmin
from accounts.models import User


def lock_sysadmins() -> None:
    """Let nobody else change who is a SysAdmin until this transaction ends."""
    # Two people who demote each other at once: the second waits here, and then sees that the first is through.
    # The same order for everybody, so that they can't wait for each other. SQLite admits one writer at a time anyway.
    list(User.objects.active().sysadmins().order_by("pk").select_for_update().values_list("pk", flat=True))


def keep_a_sysadmin(leavers: Collection[int], field: str | None = None) -> None:
    """Check that somebody who can run the place stays when these people go.

    Args:
        leavers: the numbers of those who go.
        field: the form field that it's about, if any.

    Raises:
        LastSysAdmin: an active SysAdmin is among them, and none is left.
    """
    running = User.objects.active().sysadmins()
    if running.filter(pk__in=leavers).exists() and not running.exclude(pk__in=leavers).exists():
        raise LastSysAdmin(field)
