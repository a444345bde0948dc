"""Who works on tickets: nobody finds an open one whose agent has left the desk."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

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
    lines = (_line(user, numbers) for user in _leavers() if (numbers := _open_tickets_of(user)))
    yield from islice(lines, MOST_LINES)
    if next(lines, None) is not None:
        yield "Agents: more of them can't be assigned and have unresolved tickets"


def _leavers() -> list[User]:
    # Who has any tickets, databases read off an index, a step for each person; joined with people, all of it.
    ever = Ticket.objects.assigned().order_by().values_list("assigned_agent", flat=True).distinct()
    gone = set(ever).difference(User.objects.assignable().values_list("pk", flat=True))
    return list(User.objects.filter(pk__in=gone).order_by("pk"))


def _open_tickets_of(user: User) -> list[int]:
    return list(Ticket.objects.assigned_to(user).unresolved().order_by("pk").values_list("pk", flat=True))


def _line(user: User, numbers: list[int]) -> str:
    named = ", ".join(f"#{number}" for number in numbers[:MOST_NAMED])
    more = ", …" if len(numbers) > MOST_NAMED else ""
    noun = "unresolved ticket" if len(numbers) == 1 else "unresolved tickets"
    return (
        f"User {user.pk} ({user.email}) isn't an active agent or SysAdmin, but has {len(numbers):,} {noun} "
        f"({named}{more}): manage.py reassign_tickets --from {user.email} --unassign, or --to another agent, "
        "gives them away"
    )
