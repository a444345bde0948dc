"""Log entries for tests and benchmarks: sealed like real ones, at whatever date a test needs."""

from __future__ import annotations

from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from activity.audience import audience_of
from activity.enums import ActivityType, TargetType
from activity.models import ActivityLog
from activity.seals import seal


class EntryFactory(DjangoModelFactory[ActivityLog]):
    """Somebody viewed the list of tickets."""

    class Meta:
        model = ActivityLog

    user = None
    user_label = factory.LazyAttribute(lambda entry: entry.user.label if entry.user else "System")
    activity_type = ActivityType.READ
    activity_date = factory.LazyFunction(timezone.now)
    details = "Viewed the list of tickets."
    target_type = TargetType.TICKETS
    target_id = None
    target_label = "Ticket list"
    ticket_id = None
    changes = factory.LazyFunction(dict)

    @classmethod
    def _create(cls, model_class: type[ActivityLog], *args: Any, **kwargs: Any) -> ActivityLog:
        entry = model_class(*args, **kwargs)
        entry.in_timeline, entry.for_desk = audience_of(entry.activity_type, entry.target_type, entry.changes)
        entry.seal = seal(entry)
        entry.save()
        return entry
