"""Who of a team has least to do, and is there."""

from __future__ import annotations

from collections import Counter

from django.db.models import Count
from django.utils.translation import gettext

from accounts.models import User
from tickets.models import Team, Ticket
from tms_site.lib.errors import ServiceError


class NobodyAvailable(ServiceError):  # noqa: N818 - a reason that people read, not a failure
    """Nobody of the team can take a ticket now."""

    def __init__(self, team: Team) -> None:
        words = gettext("Nobody of the team “%(team)s” is available: all are away, or it has no agents.")
        super().__init__(words % {"team": team}, field="assigned_agent")


class Load:
    """How much each available member of a team has to do, for the transaction that gives them more.

    Their rows are locked, in the order of their numbers: whoever gives tickets to one of them meanwhile by load waits,
    and then counts what was given. Who is away, deactivated or no agent any more gets nothing.

    Args:
        team: whose members.
        without: somebody who gets nothing, because they are about to leave.
    """

    def __init__(self, team: Team, *, without: User | None = None) -> None:
        self.team = team
        available = User.objects.assignable().filter(memberships__team=team, is_away=False)
        numbers = list(available.order_by("pk").values_list("pk", flat=True))
        locked = User.objects.assignable().filter(pk__in=numbers, is_away=False).order_by("pk").select_for_update()
        self.people = {user.pk: user for user in locked if without is None or user.pk != without.pk}
        self.counts = _open_tickets(list(self.people))

    def least(self) -> User:
        """Return who has fewest unresolved tickets, and count one more for them; raises NobodyAvailable."""
        if not self.people:
            raise NobodyAvailable(self.team)
        number = min(self.people, key=lambda pk: (self.counts[pk], pk))
        self.counts[number] += 1
        person: User = self.people[number]
        return person


def _open_tickets(agents: list[int]) -> Counter[int]:
    rows = Ticket.objects.filter(assigned_agent__in=agents).unresolved().order_by().values_list("assigned_agent")
    return Counter(dict(rows.annotate(many=Count("pk"))))
