"""Lists of tickets as CSV: what the list shows, all of its pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo

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


def header(actor: User) -> list[str]:
    """Return the names of the columns that `actor` gets."""
    names = [
        gettext("Number"), gettext("Title"), gettext("Status"), gettext("Priority"), gettext("Requester"),
        gettext("Assigned agent"), gettext("Created"), gettext("Updated"), gettext("Resolved"), gettext("Category"),
        gettext("Team"),
    ]  # fmt: skip
    return [*names, gettext("Tags")] if policies.can_see_tags(actor) else names


def rows(tickets: TicketQuerySet, zone: tzinfo, actor: User) -> Iterator[tuple[object, ...]]:
    """Yield a row for each ticket, newest first; three queries for some thousand of them, and two before.

    Args:
        tickets: those that the reader may see.
        zone: the reader's time zone.
        actor: the reader.
    """
    statuses = {value: str(label) for value, label in Status.choices}
    priorities = {value: str(label) for value, label in Priority.choices}
    names: dict[int | None, str] = {None: ""}
    categories, teams = _names_of(Category), _names_of(Team)
    sees_tags = bool(policies.can_see_tags(actor))
    for batch in batches(tickets, COLUMNS):
        _learn_names(names, {number for row in batch for number in (row[4], row[5])})
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


def _names_of(model: type[Category | Team]) -> dict[int | None, str]:
    rows = model._meta.base_manager.values_list("pk", "name")
    return {None: "", **{number: safe_cell(name) for number, name in rows}}


def _learn_names(names: dict[int | None, str], wanted: set[int | None]) -> None:
    unknown = [number for number in wanted if number not in names]
    if not unknown:
        return
    for number, username, email in User.objects.filter(pk__in=unknown).values_list("pk", "username", "email"):
        names[number] = safe_cell(username or email)
