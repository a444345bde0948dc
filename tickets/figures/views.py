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
from accounts.querysets import UserQuerySet
from tickets import policies
from tickets.fields import find_person
from tickets.figures import services
from tickets.figures.facts import (
    EVERYBODY,
    NOBODY,
    category_figures,
    reporting_day,
    subject_of,
    team_figures,
)
from tickets.figures.page import Page
from tickets.figures.parts import FILTERS
from tickets.figures.periods import DEFAULT_PERIOD, PERIODS, Period
from tickets.figures.questions import TOP, Numbers, Question
from tickets.figures.reading import consistently
from tickets.figures.tags import most_used_tags
from tickets.mixins import PersonRequest
from tickets.models import Ticket
from tickets.people import ME
from tickets.people import NOBODY as UNASSIGNED
from tickets.querysets import NAME_COLUMNS, TicketQuerySet
from tickets.ratings.dashboard import SatisfactionPart
from tickets.sorting.offered import Offered
from tms_site.lib.listing import shorten
from tms_site.lib.text import clean_line

LABELS = {"agent": _("Agent"), "team": _("Team"), "category": _("Category")}
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

    One may look at the tickets of an agent, a team or a category: `agent=5`, `team=2`, `category=3`. The page's own
    list of them says `whose=team-2`.

    Args:
        data: the parameters of the address.
        actor: who looks.
    """

    def __init__(self, data: QueryDict, actor: User) -> None:
        self.ignored: list[str] = [shorten(name) for name in data if name not in ("period", "whose", *LABELS)]
        self.offered = Offered.to(actor)
        self.actor = actor
        self.period = self._period(clean_line(data.get("period", "")))
        # As the list of the page calls it: "5", "none", "team-2", "category-3"; nothing for everybody.
        self.whose, self.person = "", EVERYBODY
        # Number and name of whom the page is about, if they aren't among those that it offers.
        self.former: list[tuple[int, str]] = []
        for name in ("whose", *LABELS):
            self._choose(name, clean_line(data.get(name, "")))

    def _period(self, value: str) -> Period:
        if value and value not in PERIODS:
            self.ignored.append(f"{_('Period')} “{shorten(value)}”")
        return PERIODS.get(value, DEFAULT_PERIOD)

    def _choose(self, name: str, value: str) -> None:
        if not value:
            return
        kind, _dash, number = value.partition("-") if name == "whose" and "-" in value else (name, "", value)
        person = self._person("agent" if kind == "whose" else kind, number)
        if person is None or self.whose:
            # There are no sums of what two of them have in common.
            self.ignored.append(f"{LABELS.get(name, LABELS['agent'])} “{shorten(value)}”")
            return
        self.person = person
        self.whose = number if kind in ("agent", "whose") else f"{kind}-{number}"

    def _person(self, kind: str, value: str) -> int | None:
        if kind == "agent":
            if value in (ME, UNASSIGNED):
                return self.actor.pk if value == ME else NOBODY
            offered = (number for number, _name in self.offered.agents if str(number) == value)
            return next(offered, None) or self._former(value)
        names, figures = {
            "team": (self.offered.team_names, team_figures),
            "category": (self.offered.category_names, category_figures),
        }.get(kind, ({}, team_figures))
        return next((figures(number) for number in names if str(number) == value), None)

    def _former(self, value: str) -> int | None:
        """Return who can't be assigned any more, but has tickets still: the figures count and name them."""
        people: UserQuerySet = User.objects.visible_to(self.actor).for_choice()
        person = find_person(people, value)
        if person is None or str(person.pk) != value or not person.assigned_tickets.exists():
            return None
        self.former = [(person.pk, str(person))]
        return person.pk

    def periods(self) -> list[Option]:
        """Return the periods that one can choose."""
        return [
            Option(period.key, period.label, period is self.period, self._url(period)) for period in PERIODS.values()
        ]

    def _url(self, period: Period) -> str:
        data = QueryDict(mutable=True)
        if period is not DEFAULT_PERIOD:
            data["period"] = period.key
        if self.whose:
            data["whose"] = self.whose
        return f"{reverse('dashboard')}?{data.urlencode()}" if data else reverse("dashboard")

    def groups(self) -> list[tuple[str | Promise, list[Option]]]:
        """Return whose tickets one can choose: agents, teams, categories; those that there are."""
        offered = self.offered
        agents = [*offered.agents, *self.former]
        present = str(self.person) if self.person > EVERYBODY else self.whose
        groups: list[tuple[str | Promise, list[tuple[str, str | Promise]]]] = [
            (_("Agents"), [("", _("Everybody")), (UNASSIGNED, _("Unassigned")), *_numbered("", agents)]),
            (_("Teams"), _numbered("team-", list(offered.team_names.items()))),
            (_("Categories"), _numbered("category-", list(offered.category_names.items()))),
        ]
        return [
            (label, [Option(value, name, value == present) for value, name in options])
            for label, options in groups
            if options
        ]


def _numbered(prefix: str, names: list[tuple[int, str]]) -> list[tuple[str, str | Promise]]:
    return [(f"{prefix}{number}", name) for number, name in names]


class DashboardView(RoleRequiredMixin):
    """How the desk is doing: open tickets, what comes and goes, how long it takes, who has how much to do."""

    required = policies.can_see_dashboard

    def get(self, request: PersonRequest) -> HttpResponse:
        """Show the figures of the period that the address names."""
        chosen = Chosen(request.GET, request.user)
        question = Question(
            chosen.period, reporting_day(timezone.now()), chosen.person, tuple(chosen.offered.category_names)
        )
        numbers = consistently(question.read)
        unresolved = self._unresolved(request.user, chosen.person)
        untouched = list(unresolved.for_list().order_by("updated_at", "pk")[:TOP])
        page = Page(question, numbers, self._names(numbers, untouched), untouched, chosen.offered.category_names)
        satisfied = SatisfactionPart(question, dict(chosen.offered.agents), chosen.offered.category_names)
        context: dict[str, Any] = {
            "page": page,
            "tags": most_used_tags(unresolved, chosen.person),
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
    def _unresolved(actor: User, person: int) -> TicketQuerySet:
        tickets: TicketQuerySet = Ticket.objects.visible_to(actor).unresolved()
        if person == EVERYBODY:
            return tickets
        kind, number = subject_of(person)
        return tickets.filter(**{FILTERS[kind]: number})

    @staticmethod
    def _names(numbers: Numbers, untouched: list[Ticket]) -> dict[int, User]:
        """Look up the people on the page at once, and give the tickets their agents."""
        wanted = {person for person, _amount in [*numbers.workload, *numbers.requesters]}
        wanted |= {ticket.assigned_agent_id for ticket in untouched if ticket.assigned_agent_id}
        names: dict[int, User] = User.objects.only(*NAME_COLUMNS).in_bulk(wanted)
        for ticket in untouched:
            ticket.assigned_agent = names.get(ticket.assigned_agent_id) if ticket.assigned_agent_id else None
        return names
