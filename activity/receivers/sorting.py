"""What the log hears of the lists that tickets are sorted by: teams and categories."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import Signal
from django.utils.translation import gettext

from accounts.actors import Actor
from activity.enums import ActivityType, TargetType
from activity.receivers.targets import Receiver
from activity.sentences import changes_as_json, created_shelf, quote, shelf_kind, summary
from activity.services import Entry, Target, record
from tickets import signals
from tickets.models import Category, Team

Row = Team | Category


def _kind(row: Row) -> TargetType:
    return TargetType.TEAM if isinstance(row, Team) else TargetType.CATEGORY


def _target(row: Row) -> Target:
    return Target(_kind(row), row.pk, row.name)


def _words(row: Row) -> dict[str, str]:
    return {"kind": shelf_kind(_kind(row)), "name": quote(row.name)}


def on_shelf_created(
    sender: object, *, row: Row, changes: dict[str, tuple[Any, Any]], actor: Actor, at: datetime, **kwargs: Any
) -> None:
    """Write that somebody made a team or category, and what it began with."""
    details = created_shelf(_kind(row), row.name)
    record(Entry(ActivityType.CREATE, _target(row), details, at, actor, changes=changes_as_json(changes)))


def on_shelf_updated(
    sender: object, *, row: Row, changes: dict[str, tuple[Any, Any]], actor: Actor, at: datetime, **kwargs: Any
) -> None:
    """Write what changed about a team or category."""
    values = changes_as_json(changes)
    details = summary(gettext("The %(kind)s %(name)s") % _words(row), values)
    record(Entry(ActivityType.UPDATE, _target(row), details, at, actor, changes=values))


def on_shelf_deleted(sender: object, *, row: Row, actor: Actor, at: datetime, **kwargs: Any) -> None:
    """Write that a team or category was deleted."""
    details = gettext("Deleted the %(kind)s %(name)s.") % _words(row)
    record(Entry(ActivityType.DELETE, _target(row), details, at, actor))


RECEIVERS: dict[Signal, Receiver] = {
    signals.shelf_created: on_shelf_created,
    signals.shelf_updated: on_shelf_updated,
    signals.shelf_deleted: on_shelf_deleted,
}
