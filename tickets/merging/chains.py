"""Where merged tickets lead, and what leads to a ticket: each may have been merged on itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tickets.models import Ticket
from tms_site.lib.batches import in_parts


def leads_of(numbers: Iterable[int]) -> dict[int, int]:
    """Return where tickets lead, and where those lead, to the end: each ticket that was merged once, with its target.

    It takes a query a step, however many tickets there are, and ends even where they lead around in a circle.
    """
    leads: dict[int, int] = {}
    asked: set[int] = set()
    wanted = set(numbers)
    while wanted:
        asked |= wanted
        merged = Ticket.objects.filter(pk__in=wanted, merged_into__isnull=False)
        found = dict(merged.values_list("pk", "merged_into_id"))
        leads.update(found)
        wanted = set(found.values()) - asked
    return leads


def parts_of(numbers: Iterable[int]) -> dict[int, int]:
    """Return what was merged into these tickets, and what into that, to the end: each with its target.

    It takes a query a step for some hundreds of tickets, reads nothing but numbers, and ends in a circle too.
    """
    parts: dict[int, int] = {}
    wanted = set(numbers)
    while wanted:
        found: dict[int, int] = {}
        for some in in_parts(sorted(wanted)):
            found |= dict(Ticket.objects.filter(merged_into__in=some).values_list("pk", "merged_into_id"))
        wanted = set(found) - set(parts)
        parts |= found
    return parts


def leads_to(number: int, goal: int, leads: Mapping[int, int]) -> bool:
    """Tell whether one comes from a ticket to another one, after a step at least; to itself where there's a circle."""
    seen: set[int] = set()
    following = leads.get(number)
    while following is not None and following not in seen:
        seen.add(following)
        following = leads.get(following)
    return goal in seen
