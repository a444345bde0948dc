"""Services of the activity log."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from activity import services as activity
from activity.enums import TargetType
from tickets import services as tickets
from tms_site.tests.faults.case import Prepare


def record_read(people):
    target = activity.Target(TargetType.TICKETS, None, "Ticket list")
    now = timezone.now()
    return lambda: activity.record_read(actor=people["agent"], target=target, details="Viewed.", at=now)


def record_export(people):
    record = transaction.atomic(activity.record_export)  # as above
    return lambda: record(actor=people["sysadmin"], filters="")


def purge(people):
    tickets.create_ticket(actor=people["requester"], title="Old", description="Old")
    return lambda: activity.purge(actor=people["sysadmin"], before=timezone.now() + timedelta(minutes=1))


SERVICES: list[Prepare] = [
    purge,
]
TELLERS: list[Prepare] = [
    record_read,
    record_export,
]
