"""What the log hears of itself: who took it along, and who removed a part of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.dispatch import Signal
from django.utils.translation import gettext, ngettext

from accounts.actors import Actor
from accounts.models import User
from activity import signals
from activity.enums import ActivityType, TargetType
from activity.receivers.targets import Receiver
from activity.sentences import exported
from activity.services import Entry, Target, record


def _log_target() -> Target:
    return Target(TargetType.ACTIVITY, None, gettext("Activity log"))


def on_log_exported(sender: object, *, filters: str, actor: Actor, at: datetime, **kwargs: Any) -> None:
    """Write that somebody took the log along."""
    record(Entry(ActivityType.EXPORT, _log_target(), exported(gettext("the activity log"), filters), at, actor))


def on_log_purged(
    sender: object, *, removed: int, before: datetime, user: User | None, actor: Actor, at: datetime, **kwargs: Any
) -> None:
    """Write what was removed of the log: from that check_integrity knows which entries may be gone."""
    values = {
        "what": ngettext("%(count)d entry", "%(count)d entries", removed) % {"count": removed},
        "before": before.astimezone(UTC).strftime("%Y-%m-%d %H:%M %Z"),
        "user": user.label if user else "",
    }
    if user is None:
        details = gettext("Purged %(what)s from before %(before)s.") % values
    else:
        details = gettext("Purged %(what)s of %(user)s from before %(before)s.") % values
    changes = {"entries": [removed, 0], "before": before.isoformat(), "user": user.pk if user else None}
    record(Entry(ActivityType.DELETE, _log_target(), details, at, actor, changes=changes))


RECEIVERS: dict[Signal, Receiver] = {
    signals.log_exported: on_log_exported,
    signals.log_purged: on_log_purged,
}
