"""Writing the log and purging it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.actors import Actor, actor_user
from accounts.models import User
from activity import policies, signals
from activity.audience import audience_of
from activity.enums import ActivityType, TargetType
from activity.models import LABEL_MAX, ActivityLog
from activity.querysets import ActivityQuerySet
from activity.seals import seal
from tms_site.lib.errors import ServiceError
from tms_site.lib.permissions import require
from tms_site.lib.request_id import get_request_id
from tms_site.lib.transactions import write_transaction

READ_INTERVAL = timedelta(minutes=15)
PURGE_BATCH = 1000


@dataclass(frozen=True)
class Target:
    """What an entry is about."""

    type: TargetType
    id: int | None
    label: str
    ticket_id: int | None = None
    # A second ticket whose timeline tells of it too.
    other_ticket_id: int | None = None


@dataclass(frozen=True)
class Entry:
    """An entry before it's written. `who` is a label for those who act without an account."""

    activity_type: ActivityType
    target: Target
    details: str
    at: datetime
    actor: Actor | None
    who: str = ""
    changes: dict[str, Any] = field(default_factory=dict)
    dedupe_key: str | None = None


def record(entry: Entry) -> ActivityLog:
    """Write one entry, sealed. The caller's transaction is the change's own: if this fails, that rolls back."""
    label = entry.actor.label if entry.actor is not None else entry.who
    row = ActivityLog(
        user=actor_user(entry.actor) if entry.actor is not None else None,
        user_label=label[:LABEL_MAX],
        activity_type=entry.activity_type,
        activity_date=entry.at,
        details=entry.details,
        target_type=entry.target.type,
        target_id=entry.target.id,
        target_label=entry.target.label[:LABEL_MAX],
        ticket_id=entry.target.ticket_id,
        other_ticket_id=entry.target.other_ticket_id,
        changes=entry.changes,
        request_id=get_request_id(),
        dedupe_key=entry.dedupe_key,
    )
    row.in_timeline, row.for_desk = audience_of(row.activity_type, row.target_type, row.changes)
    row.seal = seal(row)
    row.save(force_insert=True)
    return row


def read_key(user_id: int | None, target_type: str, target_id: int | None, at: datetime) -> str:
    """Return what two looks of one person at one target within an interval have in common."""
    interval = int(at.timestamp() // READ_INTERVAL.total_seconds())
    return f"{user_id}:{target_type}:{target_id}:{interval}"


def record_read(*, actor: Actor, target: Target, details: str, at: datetime) -> None:
    """Write that somebody looked at something, at most once in 15 minutes for the same person and target."""
    recent = ActivityLog.objects.filter(
        user=actor.pk,
        activity_type=ActivityType.READ,
        target_type=target.type,
        target_id=target.id,
        activity_date__gt=at - READ_INTERVAL,
    )
    if recent.exists():
        return
    key = read_key(actor.pk, target.type, target.id, at)
    try:
        with transaction.atomic():
            record(Entry(ActivityType.READ, target, details, at, actor, dedupe_key=key))
    except IntegrityError:
        return  # the same person opened it twice at this very moment; the other view has written it


def record_export(*, actor: Actor, filters: str, at: datetime | None = None) -> None:
    """Tell that somebody takes the log along; `filters` are the parameters of its address.

    Raises:
        PermissionDeniedError: the actor may not read it.
    """
    require(policies.can_see_log(actor))
    signals.log_exported.send(ActivityLog, filters=filters, actor=actor, at=at or timezone.now())


def purge_limit(before: datetime, now: datetime) -> datetime:
    """Return the moment before which a purge asked for now removes entries: never one that is still to come.

    "Tomorrow" is a way to say all of today, in the present zone and however many hours that has; a date further ahead
    is a slip. Raises ServiceError for that.
    """
    if timezone.localdate(before) > timezone.localdate(now) + timedelta(days=1):
        raise ServiceError(gettext("This date is in the future: every entry would go."), field="before")
    return min(before, now)


@write_transaction
def purge(
    *,
    actor: Actor,
    before: datetime,
    user: User | None = None,
    at: datetime | None = None,
    progress: Callable[[int], None] | None = None,
) -> int:
    """Remove the entries older than `before`, and tell who did that; returns how many.

    Entries about earlier purges stay: from them check_integrity knows which entries may be gone.

    Args:
        actor: a SysAdmin, or TMS itself.
        before: what's older goes.
        user: only what this person did goes; everybody's unless given.
        at: when; now unless given.
        progress: is told of each batch how many entries went with it.

    Raises:
        PermissionDeniedError: the actor may not purge.
        ServiceError: the date lies in the future.
    """
    require(policies.can_purge(actor))
    now = at or timezone.now()
    before = purge_limit(before, now)
    removed = _remove(ActivityLog.objects.purgeable(before, user), progress)
    signals.log_purged.send(ActivityLog, removed=removed, before=before, user=user, actor=actor, at=now)
    return removed


def _remove(doomed: ActivityQuerySet, progress: Callable[[int], None] | None) -> int:
    removed, last = 0, 0
    # In batches, so that memory stays flat; by number, so that no batch looks through what's gone already.
    while numbers := list(doomed.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:PURGE_BATCH]):
        gone, last = ActivityLog.objects.filter(pk__in=numbers).delete()[0], numbers[-1]
        removed += gone
        if progress:
            progress(gone)
    return removed
