"""What the log hears of exports of everything, and of imports: one entry for each, besides those of the rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import Signal
from django.utils.translation import gettext

from accounts.actors import Actor
from activity.enums import ActivityType, TargetType
from activity.receivers.targets import Receiver
from activity.sentences import quote
from activity.services import Entry, Target, record
from tickets import signals


def on_everything_exported(sender: object, *, actor: Actor, at: datetime, **kwargs: Any) -> None:
    """Write that everything was taken along."""
    target = Target(TargetType.TICKETS, None, gettext("All tickets"))
    record(Entry(ActivityType.EXPORT, target, gettext("Exported everything."), at, actor))


def on_rows_imported(sender: object, *, source: str, rows: str, actor: Actor, at: datetime, **kwargs: Any) -> None:
    """Write where rows came from, and how many."""
    target = Target(TargetType.TICKETS, None, source)
    details = gettext("Imported from %(source)s: %(rows)s.") % {"source": quote(source), "rows": rows}
    record(Entry(ActivityType.IMPORT, target, details, at, actor))


RECEIVERS: dict[Signal, Receiver] = {
    signals.everything_exported: on_everything_exported,
    signals.rows_imported: on_rows_imported,
}
