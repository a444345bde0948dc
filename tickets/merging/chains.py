"""Where merged tickets lead: to a ticket that may have been merged on itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tickets.models import Ticket


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


def leads_to(number: int, goal: int, leads: Mapping[int, int]) -> bool:
    """Tell whether one comes from a ticket to another one, after a step at least; to itself where there's a circle."""
    seen: set[int] = set()
    following = leads.get(number)
    while following is not None and following not in seen:
        seen.add(following)
        following = leads.get(following)
    return goal in seen
