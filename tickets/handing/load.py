"""Who of a team has least to do, and is there."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable

from django.db.models import Count
from django.utils.translation import gettext

from accounts.models import User
from tickets.models import Team, TeamMember, Ticket
from tms_site.lib.errors import ServiceError


class NobodyAvailable(ServiceError):  # noqa: N818 - a reason that people read, not a failure
    """Nobody of the team can take a ticket now."""

    def __init__(self, team: Team) -> None:
        words = gettext("Nobody of the team “%(team)s” is available: all are away, or it has no agents.")
        super().__init__(words % {"team": team}, field="assigned_agent")


class Loads:
    """How much each available member of some teams has to do, for the transaction that gives them more.

    Their rows are locked, in the order of their numbers: whoever gives tickets to one of them meanwhile by load waits,
    and then counts what was given. Who is away, deactivated or no agent any more gets nothing.

    Args:
        teams: the numbers of the teams whose members may be asked for.
        without: the numbers of people who get nothing, because they are about to leave.
    """

    def __init__(self, teams: Iterable[int], *, without: Collection[int] = ()) -> None:
        members: dict[int, set[int]] = defaultdict(set)
        for team, number in TeamMember.objects.filter(team__in=set(teams)).values_list("team", "user"):
            members[number].add(team)
        available = User.objects.assignable().filter(pk__in=set(members) - set(without), is_away=False)
        self.people: dict[int, User] = {user.pk: user for user in available.order_by("pk").select_for_update()}
        self.counts = _open_tickets(list(self.people))
        self._teams = members

    def least(self, teams: Collection[int]) -> User | None:
        """Return who of these teams has fewest unresolved tickets, and count one more for them; None for nobody."""
        wanted = set(teams)
        numbers = [number for number in self.people if self._teams[number] & wanted]
        if not numbers:
            return None
        number = min(numbers, key=lambda pk: (self.counts[pk], pk))
        self.counts[number] += 1
        return self.people[number]


def _open_tickets(agents: list[int]) -> Counter[int]:
    rows = Ticket.objects.filter(assigned_agent__in=agents).unresolved().order_by().values_list("assigned_agent")
    return Counter(dict(rows.annotate(many=Count("pk"))))
