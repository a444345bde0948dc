"""Lists of tickets as CSV: what the list shows, all of its pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext

from accounts.models import User
from tickets import policies
from tickets.enums import Priority, Status
from tickets.models import Category, Team
from tickets.querysets import TicketQuerySet
from tickets.sorting.tagging import tags_of
from tms_site.lib.csv_export import batches, moment_cell, safe_cell

COLUMNS = (
    "title", "status", "priority", "requester", "assigned_agent", "creation_date", "updated_at", "resolution_date",
    "category", "team",
)  # fmt: skip

Names = dict[int | None, str]


def header(actor: User) -> list[str]:
    """Return the names of the columns that `actor` gets."""
    names = [
        gettext("Number"), gettext("Title"), gettext("Status"), gettext("Priority"), gettext("Requester"),
        gettext("Assigned agent"), gettext("Created"), gettext("Updated"), gettext("Resolved"), gettext("Category"),
        gettext("Team"),
    ]  # fmt: skip
    return [*names, gettext("Tags")] if policies.can_see_tags(actor) else names


def rows(tickets: TicketQuerySet, zone: tzinfo, actor: User) -> Iterator[tuple[object, ...]]:
    """Yield a row for each ticket, newest first; at most five queries for some thousand of them.

    Args:
        tickets: those that the reader may see.
        zone: the reader's time zone.
        actor: the reader.
    """
    statuses = {value: str(label) for value, label in Status.choices}
    priorities = {value: str(label) for value, label in Priority.choices}
    names: Names = {None: ""}
    categories: Names = {None: ""}
    teams: Names = {None: ""}
    sees_tags = bool(policies.can_see_tags(actor))
    for batch in batches(tickets, COLUMNS):
        _learn(names, {number for row in batch for number in row[4:6]}, User.objects.all(), "username", "email")
        _learn(categories, {row[-2] for row in batch}, Category.objects.all(), "name")
        _learn(teams, {row[-1] for row in batch}, Team.objects.all(), "name")
        tags = tags_of(row[0] for row in batch) if sees_tags else {}
        for number, title, status, priority, requester, agent, created, updated, resolved, category, team in batch:
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
                categories[category],
                teams[team],
                *([safe_cell(", ".join(tags.get(number, [])))] if sees_tags else []),
            )


def _learn(names: Names, wanted: set[int | None], named: QuerySet[Any], *columns: str) -> None:
    """Learn names as they are needed: of what was made since the export began too; what is gone by now has none."""
    unknown = wanted - names.keys()
    if not unknown:
        return
    names.update(dict.fromkeys(unknown, ""))
    for number, *texts in named.filter(pk__in=unknown).values_list("pk", *columns):
        names[number] = safe_cell(next(filter(None, texts), ""))
