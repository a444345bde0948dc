"""Lists of tickets as CSV: what the list shows, all of its pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo

from django.utils.translation import gettext

from accounts.models import User
from tickets.enums import Priority, Status
from tickets.querysets import TicketQuerySet
from tms_site.lib.csv_export import batches, moment_cell, safe_cell

COLUMNS = (
    "title", "status", "priority", "requester", "assigned_agent", "creation_date", "updated_at", "resolution_date",
)  # fmt: skip


def header() -> list[str]:
    """Return the names of the columns."""
    return [
        gettext("Number"), gettext("Title"), gettext("Status"), gettext("Priority"), gettext("Requester"),
        gettext("Assigned agent"), gettext("Created"), gettext("Updated"), gettext("Resolved"),
    ]  # fmt: skip


def rows(tickets: TicketQuerySet, zone: tzinfo) -> Iterator[tuple[object, ...]]:
    """Yield a row for each ticket, newest first; two queries for some thousand of them.

    Args:
        tickets: those that the reader may see.
        zone: the reader's time zone.
    """
    statuses = {value: str(label) for value, label in Status.choices}
    priorities = {value: str(label) for value, label in Priority.choices}
    names: dict[int | None, str] = {None: ""}
    for batch in batches(tickets, COLUMNS):
        _learn_names(names, {number for row in batch for number in (row[4], row[5])})
        for number, title, status, priority, requester, agent, created, updated, resolved in batch:
            yield (
                number,
                safe_cell(title),
                statuses[status],
                priorities[priority],
                names[requester],
                names[agent],
                moment_cell(created, zone),
                moment_cell(updated, zone),
                moment_cell(resolved, zone),
            )


def _learn_names(names: dict[int | None, str], wanted: set[int | None]) -> None:
    unknown = [number for number in wanted if number not in names]
    if not unknown:
        return
    for number, username, email in User.objects.filter(pk__in=unknown).values_list("pk", "username", "email"):
        names[number] = safe_cell(username or email)
