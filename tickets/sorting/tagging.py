"""A ticket's tags: reading them for many tickets at once, and writing them for the services of tickets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from tickets.sorting.models import Tag, TicketTag
from tickets.sorting.names import name_key

if TYPE_CHECKING:
    from tickets.models import Ticket


def tags_of(numbers: Iterable[int]) -> dict[int, list[str]]:
    """Return the tags of each of these tickets, sorted; one query, and nothing for a ticket that has none."""
    found: dict[int, list[str]] = defaultdict(list)
    for ticket_id, name in TicketTag.objects.filter(ticket__in=list(numbers)).values_list("ticket_id", "tag__name"):
        found[ticket_id].append(name)
    return {ticket_id: sorted(names) for ticket_id, names in found.items()}


def write_tags(ticket: Ticket, names: list[str]) -> None:
    """Let a ticket have these tags and no others, for the transaction that changes it; a new tag comes into being."""
    present = {name_key(name): number for number, name in _rows(ticket)}
    wanted = {name_key(name): name for name in names}
    gone = [number for key, number in present.items() if key not in wanted]
    if gone:
        TicketTag.objects.filter(pk__in=gone).delete()
    new = [TicketTag(ticket=ticket, tag=_tag(name)) for key, name in wanted.items() if key not in present]
    if new:
        TicketTag.objects.bulk_create(new)
    ticket.tags = names


def _rows(ticket: Ticket) -> list[tuple[int, str]]:
    return list(TicketTag.objects.filter(ticket=ticket).values_list("pk", "tag__name"))


def _tag(name: str) -> Tag:
    return Tag.objects.get_or_create(name_key=name_key(name), defaults={"name": name})[0]
