"""What the log hears of views that people keep."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import Signal
from django.utils.translation import gettext

from accounts.actors import Actor
from activity.enums import ActivityType, TargetType
from activity.receivers.targets import Receiver
from activity.sentences import changes_as_json, quote, summary
from activity.services import Entry, Target, record
from tickets import signals
from tickets.models import SavedView


def _view_target(view: SavedView) -> Target:
    return Target(TargetType.VIEW, view.pk, view.name)


def on_view_created(
    sender: object, *, view: SavedView, changes: dict[str, tuple[Any, Any]], actor: Actor, at: datetime, **kwargs: Any
) -> None:
    """Write that somebody keeps a view, with what it shows."""
    details = gettext("Saved the view %(name)s.") % {"name": quote(view.name)}
    record(Entry(ActivityType.CREATE, _view_target(view), details, at, actor, changes=changes_as_json(changes)))


def on_view_updated(
    sender: object, *, view: SavedView, changes: dict[str, tuple[Any, Any]], actor: Actor, at: datetime, **kwargs: Any
) -> None:
    """Write what changed about a view."""
    values = changes_as_json(changes)
    details = summary(gettext("View %(name)s") % {"name": quote(view.name)}, values)
    record(Entry(ActivityType.UPDATE, _view_target(view), details, at, actor, changes=values))


def on_view_deleted(sender: object, *, view: SavedView, actor: Actor, at: datetime, **kwargs: Any) -> None:
    """Write that a view was deleted."""
    details = gettext("Deleted the view %(name)s.") % {"name": quote(view.name)}
    record(Entry(ActivityType.DELETE, _view_target(view), details, at, actor))


RECEIVERS: dict[Signal, Receiver] = {
    signals.view_created: on_view_created,
    signals.view_updated: on_view_updated,
    signals.view_deleted: on_view_deleted,
}
