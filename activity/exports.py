"""The log as CSV: what its page shows, all of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo

from django.utils.translation import gettext

from activity.enums import ActivityType, TargetType
from activity.querysets import ActivityQuerySet
from tms_site.lib.csv_export import batches, moment_cell, safe_cell

COLUMNS = ("activity_date", "user_label", "activity_type", "details", "target_type", "target_label", "ticket_id",
           "request_id")  # fmt: skip


def header() -> list[str]:
    """Return the names of the columns."""
    return [
        gettext("Number"), gettext("Date"), gettext("User"), gettext("Activity"), gettext("What happened"),
        gettext("Kind of target"), gettext("Target"), gettext("Ticket"), gettext("Request"),
    ]  # fmt: skip


def rows(entries: ActivityQuerySet, zone: tzinfo) -> Iterator[tuple[object, ...]]:
    """Yield a row for each entry, newest first, with its date in `zone`."""
    types = {value: str(label) for value, label in ActivityType.choices}
    targets = {value: str(label) for value, label in TargetType.choices}
    for batch in batches(entries, COLUMNS):
        for number, date, user, kind, details, target_type, target, ticket, request_id in batch:
            yield (
                number,
                moment_cell(date, zone),
                safe_cell(user),
                types[kind],
                safe_cell(details),
                targets[target_type],
                safe_cell(target),
                ticket,
                request_id,
            )
