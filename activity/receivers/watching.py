"""What the log hears of those who watch tickets."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import Signal
from django.utils.translation import gettext

from accounts.actors import Actor
from accounts.models import User
from activity.enums import ActivityType, TargetType
from activity.receivers.targets import Receiver
from activity.sentences import changes_as_json
from activity.services import Entry, Target, record
from tickets import signals
from tickets.models import Ticket


def _target(ticket: Ticket, user: User) -> Target:
    return Target(TargetType.WATCHER, user.pk, str(ticket), ticket_id=ticket.pk)


def on_watcher_added(sender: object, *, ticket: Ticket, user: User, actor: Actor, at: datetime, **kwargs: Any) -> None:
    """Write that somebody watches a ticket, and by whom if they were named in a text."""
    details = gettext("%(user)s watches ticket #%(number)d.") % {"user": user.label, "number": ticket.pk}
    changes = changes_as_json({"watcher": (None, user)})
    record(Entry(ActivityType.CREATE, _target(ticket, user), details, at, actor, changes=changes))


def on_watcher_removed(
    sender: object, *, ticket: Ticket, user: User, actor: Actor, at: datetime, **kwargs: Any
) -> None:
    """Write that somebody watches a ticket no more."""
    details = gettext("%(user)s watches ticket #%(number)d no more.") % {"user": user.label, "number": ticket.pk}
    changes = changes_as_json({"watcher": (user, None)})
    record(Entry(ActivityType.DELETE, _target(ticket, user), details, at, actor, changes=changes))


RECEIVERS: dict[Signal, Receiver] = {
    signals.watcher_added: on_watcher_added,
    signals.watcher_removed: on_watcher_removed,
}
