"""What the log hears of links between tickets."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import Signal
from django.utils.translation import gettext

from accounts.actors import Actor
from activity.enums import ActivityType, TargetType
from activity.receivers.targets import Receiver
from activity.sentences import changes_as_json
from activity.services import Entry, Target, record
from tickets import signals
from tickets.links.models import TicketLink


def _link_target(link: TicketLink) -> Target:
    return Target(TargetType.LINK, link.pk, str(link), ticket_id=link.source_id, other_ticket_id=link.target_id)


def on_link_created(sender: object, *, link: TicketLink, actor: Actor, at: datetime, **kwargs: Any) -> None:
    """Write that two tickets were linked; the timelines of both tell of it."""
    details = gettext("Linked tickets: %(link)s.") % {"link": link}
    changes = changes_as_json({"link": (None, str(link))})
    record(Entry(ActivityType.CREATE, _link_target(link), details, at, actor, changes=changes))


def on_link_removed(sender: object, *, link: TicketLink, actor: Actor, at: datetime, **kwargs: Any) -> None:
    """Write that a link was taken away."""
    details = gettext("Removed the link: %(link)s.") % {"link": link}
    changes = changes_as_json({"link": (str(link), None)})
    record(Entry(ActivityType.DELETE, _link_target(link), details, at, actor, changes=changes))


RECEIVERS: dict[Signal, Receiver] = {
    signals.link_created: on_link_created,
    signals.link_removed: on_link_removed,
}
