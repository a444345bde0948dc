"""What a bulk action would do to each of the chosen tickets, and why not to some."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext

from accounts.models import User
from tickets.bulk.actions import DELETE, Action
from tickets.merging.chains import parts_of
from tickets.models import Ticket
from tickets.sorting.tagging import tags_of
from tms_site.lib.permissions import Denied

# A preview names so many rows; of the rest it says how many there are.
SHOWN_MAX = 100


@dataclass(frozen=True)
class Foreseen:
    """What would happen to one ticket: nothing in `reason` means that it's changed.

    `along_with` is the number of the ticket that it was merged into, where it's changed because of that one.
    """

    ticket: Ticket
    reason: str = ""
    along_with: int | None = None


class Preview:
    """What would happen to the chosen tickets.

    Args:
        action: what would be done.
        tickets: to which; those of `found`.
        actor: who would do it.
        versions: by number, what the actor has seen of each: others are skipped.
    """

    def __init__(self, action: Action, tickets: list[Ticket], actor: User, versions: Mapping[int, int]) -> None:
        self.action = action
        rows = [self._foresee(ticket, actor, versions[ticket.pk]) for ticket in tickets]
        self.changed = [row for row in rows if not row.reason]
        # What was merged into those and wasn't chosen itself, or would stay as it is: it goes to the trash with them.
        self.along = self._along()
        self.others = [row for row in rows if row.reason and row.ticket.pk not in self.along]

    def _along(self) -> dict[int, int]:
        if self.action.kind != DELETE:
            return {}
        chosen = {row.ticket.pk for row in self.changed}
        return {number: target for number, target in parts_of(chosen).items() if number not in chosen}

    def _foresee(self, ticket: Ticket, actor: User, version: int) -> Foreseen:
        if ticket.version != version:
            return Foreseen(ticket, gettext("Somebody has changed it meanwhile."))
        decision = self.action.decision(actor, ticket)
        if isinstance(decision, Denied):
            return Foreseen(ticket, str(decision.reason))
        return Foreseen(ticket, gettext("It is so already.") if self.action.changes_nothing(ticket) else "")

    @property
    def count(self) -> int:
        """How many tickets are changed."""
        return len(self.changed) + len(self.along)

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """Why tickets stay as they are, with how many."""
        return Counter(row.reason for row in self.others).most_common()

    @property
    def shown(self) -> list[Foreseen]:
        """The first rows: those that stay as they are, then those that nobody chose, then the others; one query."""
        room = max(0, SHOWN_MAX - len(self.others))
        along = Ticket.objects.filter(pk__in=sorted(self.along)[:room]).only("title").order_by("pk")
        rows = [Foreseen(ticket, along_with=self.along[ticket.pk]) for ticket in along]
        return [*self.others, *rows, *self.changed][:SHOWN_MAX]

    @property
    def left_out(self) -> int:
        """How many rows aren't shown."""
        return max(0, len(self.others) + self.count - SHOWN_MAX)


def found(actor: User, numbers: Iterable[int]) -> list[Ticket]:
    """Return the tickets of these numbers that somebody may see, with agent, team and tags; two queries."""
    tickets = Ticket.objects.visible_to(actor).without_texts().select_related("assigned_agent", "team")
    chosen = list(tickets.filter(pk__in=list(numbers)).order_by("-pk"))
    tags = tags_of(ticket.pk for ticket in chosen)
    for ticket in chosen:
        ticket.tags = tags.get(ticket.pk, [])
    return chosen
