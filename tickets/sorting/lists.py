"""Lists of tickets by category, team and tags: conditions of their queries, and the names that their rows show."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from tickets.querysets import TicketQuerySet
from tickets.sorting.models import Category, Tag, Team, TeamMember, TicketTag
from tickets.sorting.names import TAG_MAX, name_key
from tickets.sorting.row_names import Kind, row_names

if TYPE_CHECKING:
    from tickets.models import Ticket
    from tickets.sorting.offered import Offered

M = TypeVar("M", User, Category, Team)
S = TypeVar("S", Category, Team)

# The tickets of a tag that has no more are looked up and sorted. Of a tag that has more, whatever else there is, each
# hundredth ticket or so has it: then the list's own index is read, and each ticket asked for the tag.
RARE = 10_000
NOTHING, MINE = "none", "mine"


def condition(column: str, values: Collection[str], mine: Collection[int] = ()) -> Q:
    """Return the condition for one of these teams or categories; `none` for those that have none."""
    numbers = sorted({int(value) for value in values if value.isdigit()} | set(mine))
    with_none = Q(**{f"{column}__isnull": True})
    if not numbers and NOTHING in values:
        return with_none
    found = Q(**{column: numbers[0]}) if len(numbers) == 1 else Q(**{f"{column}__in": numbers})
    return with_none | found if NOTHING in values else found


def teams_of(user: User) -> list[int]:
    """Return the teams that somebody belongs to."""
    return list(TeamMember.objects.filter(user=user).order_by("team_id").values_list("team_id", flat=True))


def known_tags(texts: Collection[str]) -> dict[str, int]:
    """Return the tags among these texts, by their stored names; one query."""
    keys = [name_key(text.lstrip("#")) for text in texts if len(text) <= TAG_MAX]
    return dict(Tag.objects.filter(name_key__in=keys).values_list("name", "pk")) if keys else {}


def is_rare(tag: int) -> bool:
    """Tell whether so few tickets have a tag that looking them up is the quickest way to a list of them."""
    return TicketTag.objects.filter(tag=tag).values("pk")[: RARE + 1].count() <= RARE


def with_tags(tickets: TicketQuerySet, tags: Collection[int], *, rare: bool) -> TicketQuerySet:
    """Return the tickets that have all of these tags.

    Args:
        tickets: which ones.
        tags: numbers of tags; a rare one first, if any is.
        rare: whether the first one's tickets are to be looked up.
    """
    for place, tag in enumerate(tags):
        if rare and not place:
            tickets = tickets.filter(pk__in=TicketTag.objects.filter(tag=tag).values("ticket"))
        else:
            tickets = tickets.filter(Exists(TicketTag.objects.filter(ticket=OuterRef("pk"), tag=tag)))
    return tickets


def attach_names(tickets: Collection[Ticket], *, offered: Offered, tags: bool) -> None:
    """Give the tickets of a list what their rows show: people, category, team, and for the desk their tags.

    One query for all people and tags; categories and teams are known.
    """
    if not tickets:
        return
    people: dict[int, User] = {}
    words: dict[int, list[str]] = {ticket.pk: [] for ticket in tickets}
    for kind, number, name, email in row_names(tickets, (Kind.PERSON, Kind.TAG) if tags else (Kind.PERSON,)):
        if kind is Kind.PERSON:
            people[number] = _stub(User, id=number, username=name, email=email)
        else:
            words[number].append(name)
    categories = _shelves(Category, offered.category_names, {ticket.category_id for ticket in tickets})
    # Requesters see none.
    teams = _shelves(Team, offered.team_names, {ticket.team_id for ticket in tickets})
    for ticket in tickets:
        ticket.requester = people[ticket.requester_id]
        # What a ticket doesn't have, it answers without a query.
        if ticket.assigned_agent_id is not None:
            ticket.assigned_agent = people[ticket.assigned_agent_id]
        if ticket.category_id is not None:
            ticket.category = categories.get(ticket.category_id)
        if ticket.team_id is not None:
            ticket.team = teams.get(ticket.team_id)
        if tags:
            ticket.tags = sorted(words[ticket.pk])


def _shelves(model: type[S], names: dict[int, str], wanted: Collection[int | None]) -> dict[int, S]:
    return {number: _stub(model, id=number, name=name) for number, name in names.items() if number in wanted}


def _stub(model: type[M], **columns: Any) -> M:
    """Return a row of which only these columns have been read; the others have no value that could be taken for one."""
    # Django takes values in the order of the model's columns.
    read = [field.attname for field in model._meta.concrete_fields if field.attname in columns]
    return model.from_db(DEFAULT_DB_ALIAS, read, [columns[name] for name in read])
