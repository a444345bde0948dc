"""The dashboard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.mixins import RoleRequiredMixin
from accounts.models import User
from tickets import policies
from tickets.figures import services
from tickets.figures.facts import EVERYBODY, NOBODY, reporting_day
from tickets.figures.page import Page
from tickets.figures.periods import DEFAULT_PERIOD, PERIODS, Period
from tickets.figures.questions import TOP, Numbers, Question
from tickets.figures.reading import consistently
from tickets.filters import ME
from tickets.filters import NOBODY as UNASSIGNED
from tickets.mixins import PersonRequest
from tickets.models import Ticket
from tickets.querysets import NAME_COLUMNS, TicketQuerySet
from tickets.ratings.dashboard import SatisfactionPart
from tms_site.lib.listing import shorten
from tms_site.lib.text import clean_line

# Reading the differences takes longer than folding them, from about here on.
FOLD_AT = 1_000


@dataclass(frozen=True)
class Option:
    """Something that the address can ask for."""

    value: str
    label: str | Promise
    chosen: bool
    url: str = ""


class Chosen:
    """What the address asks for; what it asks for in vain is named in `ignored`.

    Args:
        data: the parameters of the address.
        actor: who looks.
    """

    def __init__(self, data: QueryDict, actor: User) -> None:
        self.ignored: list[str] = [shorten(name) for name in data if name not in ("period", "agent")]
        self.agents = [(str(number), name) for number, name in User.objects.assignable().names()]
        self.period = self._period(clean_line(data.get("period", "")))
        self.agent = ""
        self.person = self._person(clean_line(data.get("agent", "")), actor)

    def _period(self, value: str) -> Period:
        if value and value not in PERIODS:
            self.ignored.append(f"{_('Period')} “{shorten(value)}”")
        return PERIODS.get(value, DEFAULT_PERIOD)

    def _person(self, value: str, actor: User) -> int:
        if value == ME:
            value = str(actor.pk)
        if value == UNASSIGNED:
            self.agent = value
            return NOBODY
        if value in dict(self.agents):
            self.agent = value
            return int(value)
        if value:
            self.ignored.append(f"{_('Agent')} “{shorten(value)}”")
        return EVERYBODY

    def periods(self) -> list[Option]:
        """Return the periods that one can choose."""
        return [
            Option(period.key, period.label, period is self.period, self._url(period)) for period in PERIODS.values()
        ]

    def _url(self, period: Period) -> str:
        data = QueryDict(mutable=True)
        if period is not DEFAULT_PERIOD:
            data["period"] = period.key
        if self.agent:
            data["agent"] = self.agent
        return f"{reverse('dashboard')}?{data.urlencode()}" if data else reverse("dashboard")

    def agent_options(self) -> list[Option]:
        """Return whose tickets one can choose."""
        offered: list[tuple[str, str | Promise]] = [("", _("All agents")), (UNASSIGNED, _("Unassigned")), *self.agents]
        return [Option(value, label, value == self.agent) for value, label in offered]


class DashboardView(RoleRequiredMixin):
    """How the desk is doing: open tickets, what comes and goes, how long it takes, who has how much to do."""

    required = policies.can_see_dashboard

    def get(self, request: PersonRequest) -> HttpResponse:
        """Show the figures of the period that the address names."""
        chosen = Chosen(request.GET, request.user)
        question = Question(chosen.period, reporting_day(timezone.now()), chosen.person)
        numbers = consistently(question.read)
        untouched = self._untouched(request.user, chosen.person)
        page = Page(question, numbers, self._names(numbers, untouched), untouched)
        satisfied = SatisfactionPart(question, chosen.agents)
        context: dict[str, Any] = {
            "page": page,
            "satisfaction": satisfied,
            "chosen": chosen,
            "zone": timezone.get_default_timezone_name(),
        }
        response = render(request, "dashboard/dashboard.html", context)
        if numbers.waiting > FOLD_AT:
            # Nobody has opened tickets for a while, only changed them: see receivers.
            services.fold()
        return response

    @staticmethod
    def _untouched(actor: User, person: int) -> list[Ticket]:
        tickets: TicketQuerySet = Ticket.objects.visible_to(actor).unresolved().for_list()
        if person == NOBODY:
            tickets = tickets.unassigned()
        elif person != EVERYBODY:
            tickets = tickets.filter(assigned_agent=person)
        return list(tickets.order_by("updated_at", "pk")[:TOP])

    @staticmethod
    def _names(numbers: Numbers, untouched: list[Ticket]) -> dict[int, User]:
        """Look up the people on the page at once, and give the tickets their agents."""
        wanted = {person for person, _amount in [*numbers.workload, *numbers.requesters]}
        wanted |= {ticket.assigned_agent_id for ticket in untouched if ticket.assigned_agent_id}
        names: dict[int, User] = User.objects.only(*NAME_COLUMNS).in_bulk(wanted)
        for ticket in untouched:
            ticket.assigned_agent = names.get(ticket.assigned_agent_id) if ticket.assigned_agent_id else None
        return names
