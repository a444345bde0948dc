"""Who works on tickets: nobody finds an open one whose agent has left the desk."""

from __future__ import annotations

from collections.abc import Iterator

from accounts.models import User
from activity.integrity.progress import Progress
from tickets.models import Ticket

# Of each agent so many tickets are named.
MOST_NAMED = 5
# More agents would say the same again.
MOST_LINES = 20


def check_agents(progress: Progress) -> Iterator[str]:
    """Yield a line for each agent who can't be assigned and still has unresolved tickets, with what gives those away.

    Resolved ones keep their agent, as history.
    """
    progress.begin("agents")
    leavers = User.objects.exclude(pk__in=User.objects.assignable().values("pk")).with_open_tickets()
    found = list(leavers.order_by("pk")[: MOST_LINES + 1])
    for user in found[:MOST_LINES]:
        numbers = list(Ticket.objects.assigned_to(user).unresolved().order_by("pk").values_list("pk", flat=True))
        # Somebody may have given them away meanwhile.
        if numbers:
            yield _line(user, numbers)
    if len(found) > MOST_LINES:
        yield "Agents: more of them can't be assigned and have unresolved tickets"


def _line(user: User, numbers: list[int]) -> str:
    named = ", ".join(f"#{number}" for number in numbers[:MOST_NAMED])
    more = ", …" if len(numbers) > MOST_NAMED else ""
    noun = "unresolved ticket" if len(numbers) == 1 else "unresolved tickets"
    return (
        f"User {user.pk} ({user.email}) isn't an active agent or SysAdmin, but has {len(numbers):,} {noun} "
        f"({named}{more}): manage.py reassign_tickets --from {user.email} --unassign, or --to another agent, "
        "gives them away"
    )
