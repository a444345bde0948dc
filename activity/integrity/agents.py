"""Who works on tickets: nobody finds an open one whose agent has left the desk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator

from accounts.models import User
from activity.integrity.progress import Progress
from tickets.models import Ticket
from tms_site.lib.batches import in_parts

# Of each agent so many tickets are named.
MOST_NAMED = 5
# More agents would say the same again.
MOST_LINES = 20


def check_agents(progress: Progress) -> Iterator[str]:
    """Yield a line for each agent who can't be assigned and still has unresolved tickets, with what gives those away.

    Resolved ones keep their agent, as history.
    """
    progress.begin("agents")
    found = _open_tickets_of(_leavers())
    people = User.objects.in_bulk(sorted(found)[:MOST_LINES])
    yield from (_line(people[number], found[number]) for number in sorted(people))
    if len(found) > MOST_LINES:
        yield "Agents: more of them can't be assigned and have unresolved tickets"


def _leavers() -> set[int]:
    # Who has any tickets, databases read off an index, a step for each person; joined with people, all of it.
    ever = Ticket.objects.assigned().order_by().values_list("assigned_agent", flat=True).distinct()
    return set(ever).difference(User.objects.assignable().values_list("pk", flat=True))


def _open_tickets_of(people: Collection[int]) -> dict[int, list[int]]:
    """Return the numbers of their unresolved tickets, by the number of who has any."""
    found: dict[int, list[int]] = defaultdict(list)
    for some in in_parts(people):
        tickets = Ticket.objects.filter(assigned_agent__in=some).unresolved().order_by("pk")
        for agent, number in tickets.values_list("assigned_agent", "pk"):
            found[agent].append(number)
    return found


def _line(user: User, numbers: list[int]) -> str:
    named = ", ".join(f"#{number}" for number in numbers[:MOST_NAMED])
    more = ", …" if len(numbers) > MOST_NAMED else ""
    noun = "unresolved ticket" if len(numbers) == 1 else "unresolved tickets"
    return (
        f"User {user.pk} ({user.email}) isn't an active agent or SysAdmin, but has {len(numbers):,} {noun} "
        f"({named}{more}): manage.py reassign_tickets --from {user.email} --unassign, or --to another agent, "
        "gives them away"
    )
