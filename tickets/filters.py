"""Filtering lists of tickets. The address is the filter, so what an address holds is never trusted to make sense.

Values that mean nothing are left out and named, so that a list is never quietly empty or quietly too long.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from tickets import plans, policies
from tickets.date_filters import AFTER, BEFORE, DATES, DateField, DateFilters
from tickets.enums import Priority, RatingValue, Status
from tickets.models import Ticket
from tickets.people import ANYBODY, ME, NOBODY, PeopleFilters
from tickets.plans import Conditions
from tickets.querysets import PARTITION, TicketQuerySet
from tickets.search import engine, syntax
from tickets.search.pages import ranked_page
from tickets.sorting import lists
from tickets.sorting.filtering import Choices, ShelfFilters
from tickets.sorting.offered import Offered
from tms_site.lib.counts import CappedCount
from tms_site.lib.index_hint import force_index
from tms_site.lib.keyset import Order, Page
from tms_site.lib.listing import PAGE, PAGE_LABEL, shorten
from tms_site.lib.moments import first_moment, moment_after
from tms_site.lib.text import clean_line, validate_text

DEFAULT_SORT = "-updated_at"
# The order of what a search found, when no other is asked for.
BEST_MATCH = "match"
SEARCH_MAX = 200
# Filters that other indexes than the list's may serve better: the database chooses.
OTHER_CONDITIONS = ("q", "rating", "watching")
# Of these an address may hold several values.
SEVERAL = ("status", "priority", "category", "team", "tag")

# What the address calls a sort order, and the column that serves it.
SORT_COLUMNS = {
    "creation_date": "creation_date",
    "updated_at": "updated_at",
    "priority": "priority_rank",
    "status": "status_rank",
    "title": "title",
}
SORTS = [*SORT_COLUMNS, *(f"-{key}" for key in SORT_COLUMNS)]
LABELS = {
    "q": _("Search"),
    "status": _("Status"),
    "priority": _("Priority"),
    "category": _("Category"),
    "team": _("Team"),
    "tag": _("Tag"),
    "assigned_agent": _("Assigned agent"),
    "requester": _("Requester"),
    "rating": _("Rating"),
    "watching": _("Watched by"),
    "created_after": _("Created from"),
    "created_before": _("Created until"),
    "updated_after": _("Updated from"),
    "updated_before": _("Updated until"),
    "resolved_after": _("Resolved from"),
    "resolved_before": _("Resolved until"),
    "view": _("View"),
    "sort": _("Sort order"),
    PAGE: PAGE_LABEL,
}


def order_of(sort: str) -> Order:
    """Return the order that a sort key of the address names."""
    return Order(sort, SORT_COLUMNS[sort.removeprefix("-")], descending=sort.startswith("-"))


class TicketFilter(PeopleFilters, ShelfFilters, DateFilters, django_filters.FilterSet):
    """The filters of a list; `data` afterwards holds only what they understood, `ignored` names the rest.

    Args:
        data: the parameters of the address.
        queryset: the tickets of the list; nobody outside of them is recognised by a requester.
        actor: who looks.
        of_agent: the tickets of the list are one agent's already.
        offered: what the actor can choose from, where it's been read already.
    """

    status = django_filters.MultipleChoiceFilter(choices=Status.choices, method="by_choices")
    priority = django_filters.MultipleChoiceFilter(choices=Priority.choices, method="by_choices")
    category = django_filters.CharFilter(method="by_category")
    team = django_filters.CharFilter(method="by_team")
    tag = django_filters.CharFilter(method="by_tags")
    assigned_agent = django_filters.CharFilter(method="by_agent")
    requester = django_filters.CharFilter(method="by_requester")
    created_after = django_filters.CharFilter(method="by_date")
    created_before = django_filters.CharFilter(method="by_date")
    updated_after = django_filters.CharFilter(method="by_date")
    updated_before = django_filters.CharFilter(method="by_date")
    resolved_after = django_filters.CharFilter(method="by_date")
    resolved_before = django_filters.CharFilter(method="by_date")
    rating = django_filters.ChoiceFilter(choices=RatingValue.choices, method="by_rating")
    watching = django_filters.CharFilter(method="by_watcher")
    q = django_filters.CharFilter(method="by_text")

    class Meta:
        model = Ticket
        fields: tuple[str, ...] = ()

    def __init__(
        self,
        data: QueryDict,
        queryset: TicketQuerySet,
        *,
        actor: User,
        of_agent: bool = False,
        offered: Offered | None = None,
    ) -> None:
        self.actor = actor
        if offered is not None:
            self.offered = offered
        self.of_agent = of_agent
        self.actor_sees_all = bool(policies.can_list_assigned(actor))
        self.ignored: list[str] = []
        # The same by parameter, for programs.
        self.refused: dict[str, list[str]] = {}
        # What else people should know of what was understood.
        self.notes: list[str] = []
        self.people = {}
        # The numbers of the tags in the address, by name.
        self.tags: dict[str, int] = {}
        self.tickets = queryset
        super().__init__(self._understood(data), queryset)

    def get_form_class(self) -> type[forms.Form]:
        """Return a form of the filters that the address names: the others let everything through."""
        fields = {name: each.field for name, each in self.filters.items() if name in self.data}
        return type("TicketFilterForm", (self._meta.form,), fields)

    @property
    def usual_sort(self) -> str:
        """The sort key of an address that names none."""
        return BEST_MATCH if "q" in self.data else DEFAULT_SORT

    @property
    def sort(self) -> str:
        """The sort key, with its direction."""
        return self.data.get("sort") or self.usual_sort

    @property
    def is_active(self) -> bool:
        """Whether the list shows less than all there is."""
        return any(name != "sort" for name in self.data)

    @property
    def status_choices(self) -> Choices:
        """The statuses, with those that are chosen."""
        return self._choices("status", Status.choices)

    @property
    def priority_choices(self) -> Choices:
        """The priorities, with those that are chosen."""
        return self._choices("priority", Priority.choices)

    @property
    def date_fields(self) -> tuple[DateField, ...]:
        """The inputs for dates, with what they hold."""
        return tuple(
            DateField(name, str(LABELS[name]), self.data.get(name, ""), name.endswith(AFTER)) for name in DATES
        )

    @property
    def conditions(self) -> Conditions:
        """What is known of the tickets, for the choice of an index."""
        statuses = self.data.getlist("status")
        unresolved = self.only_unresolved
        people = [name for name in ("requester", "assigned_agent") if self.data.get(name, ANYBODY) != ANYBODY]
        of_requester = "requester" in people or not self.actor_sees_all
        of_agent = self.of_agent or "assigned_agent" in people
        rarer = any(name in self.data for name in OTHER_CONDITIONS) or self.rarest_tags[1]
        return Conditions(
            of_requester=of_requester,
            of_agent=of_agent,
            of_team=self._is_one("team"),
            of_category=self._is_one("category"),
            status=bool(statuses),
            priority="priority" in self.data,
            live=unresolved or statuses == [Status.RESOLVED],
            unresolved=unresolved,
            halved=frozenset(statuses) in PARTITION,
            resolved_lately=self.resolved_lately,
            of_dates=self.has_dates and not (rarer or of_requester or of_agent),
            others=rarer
            or self.has_dates
            or any(len(found) > 1 for found in self.people.values())
            or any(name in self.data and not self._is_one(name) for name in ("team", "category")),
        )

    @property
    def is_of_person(self) -> bool:
        """Whether the filters leave only the tickets of people who were asked for."""
        return any(self.data.get(name, NOBODY) not in (NOBODY, ANYBODY) for name in ("requester", "assigned_agent"))

    @property
    def in_order(self) -> TicketQuerySet:
        """The tickets that match, to be read from the index of the list's order."""
        tickets: TicketQuerySet = self.qs
        order, known = order_of(self.sort), self.conditions
        if tickets.query.is_empty():
            return tickets
        if self.only_with_resolution and order.column == "status_rank":
            # It follows from the dates, but the database would walk past all others.
            tickets = tickets.with_status(Status.RESOLVED)
        if known.of_dates and not known.resolved_lately:
            known = replace(known, rare_date=self.rare_date(order))
        return plans.in_order(tickets, known, order.column)

    @property
    def to_count(self) -> TicketQuerySet:
        """The tickets that match, to be counted."""
        tickets: TicketQuerySet = self.qs
        # A search was asked for its plan already.
        if "q" not in self.data:
            statuses, priorities = self.data.getlist("status"), self.data.getlist("priority")
            tickets = self.without("status", "priority").counted_with(statuses, priorities)
        return force_index(tickets, plans.index_for_count(self.conditions))

    @property
    def rating_choices(self) -> Choices:
        """What requesters say, with what is chosen."""
        return self._choices("rating", [("", _("Any rating")), *RatingValue.choices])

    def agent_choices(self) -> Choices:
        """Return whose tickets the desk may ask for, with the one that is chosen."""
        present = self.data.get("assigned_agent", "")
        people = [(str(number), name) for number, name in self.offered.agents]
        if present.isdigit() and present not in dict(people):
            people.append((present, str(self.people["assigned_agent", present][0])))
        if present == ANYBODY:
            people.append((ANYBODY, gettext("Assigned")))
        return self._choices(
            "assigned_agent", [("", _("Any agent")), (ME, _("Assigned to me")), (NOBODY, _("Unassigned")), *people]
        )

    def by_choices(self, queryset: TicketQuerySet, name: str, values: list[str]) -> TicketQuerySet:
        """Tickets with one of the chosen values."""
        if not values:
            return queryset
        return queryset.with_status(*values) if name == "status" else queryset.with_priority(*values)

    def by_rating(self, queryset: TicketQuerySet, name: str, value: str) -> TicketQuerySet:
        """Tickets whose requester said so of them."""
        return queryset.filter(rating__value=value)

    def by_watcher(self, queryset: TicketQuerySet, name: str, value: str) -> TicketQuerySet:
        """Tickets that the visitor watches."""
        return queryset.filter(watchers__user=self.actor.pk)

    def by_text(self, queryset: TicketQuerySet, name: str, value: str) -> TicketQuerySet:
        """Tickets that a search finds."""
        return engine.filter(queryset, self.query, self.actor, of_person=self.is_of_person)

    def ranked_page(self, cursor: str, size: int) -> tuple[Page[Ticket], CappedCount]:
        """Return a page of what the search finds among the tickets, best first, and how many; raises BadCursor."""
        tickets = self.without("q")
        return ranked_page(tickets, self.query, self.actor, cursor=cursor, size=size, of_person=self.is_of_person)

    def without(self, *left_out: str) -> TicketQuerySet:
        """Return the tickets that all filters but these let through."""
        queryset = self.tickets
        if self.form.is_valid():
            for name, value in self.form.cleaned_data.items():
                if name not in left_out:
                    queryset = self.filters[name].filter(queryset, value)
        return queryset

    def _refined(self, data: QueryDict) -> QueryDict:
        """Return the parameters with those that the search box holds as fields: `status:open`."""
        text = clean_line(data.get("q", ""))
        self.query = syntax.parse(text) if _is_searchable(text) else syntax.Query()
        self.notes += self.query.notes
        if self.query.refused:
            self.refused["q"] = [shorten(value) for value in self.query.refused]
        if not self.query.fields and not self.query.refused:
            return data
        data = data.copy()
        data["q"] = self.query.text
        for name, values in self.query.fields.items():
            # What the box says replaces what the view or the menus say; of tags all are wanted.
            data.setlist(name, [*data.getlist(name), *values] if name == "tag" else values)
        return data

    def _understood(self, data: QueryDict) -> QueryDict:
        data = self._refined(data)
        kept = QueryDict(mutable=True)
        checks: dict[str, Callable[[str], bool]] = {
            "q": _is_searchable,
            "status": Status.values.__contains__,
            "priority": Priority.values.__contains__,
            "category": lambda value: value == lists.NOTHING or self.offered.find_category(value) is not None,
            **self._checks_of_desk(data),
            "assigned_agent": self._is_agent,
            "requester": self._is_requester,
            "rating": RatingValue.values.__contains__,
            "watching": lambda value: value == ME and self.actor_sees_all,
            **{name: _is_date if name.endswith(BEFORE) else _is_date_or_span for name in DATES},
            "sort": lambda value: value in SORTS or (value == BEST_MATCH and "q" in kept),
        }
        for name in data:
            if name not in checks and name not in (PAGE, "view"):
                self.ignored.append(shorten(name))
                self.refused[name] = [shorten(value) for value in data.getlist(name)]
        self._ignore("view", data.getlist("view"))
        for name, is_understood in checks.items():
            values = list(dict.fromkeys(clean_line(value) for value in data.getlist(name)))
            good = [value for value in values if value and is_understood(value)]
            self._ignore(name, (value for value in values if value and value not in good))
            good = self._numbered(name, good)
            if name not in SEVERAL and len(good) > 1:
                self._ignore(name, good[:-1])
                good = good[-1:]
            if good:
                kept.setlist(name, good)
        return kept

    def _ignore(self, name: str, values: Iterable[str]) -> None:
        for value in values:
            self.ignored.append(f"{LABELS[name]} “{shorten(value)}”")
            self.refused.setdefault(name, []).append(shorten(value))


def _is_date(value: str) -> bool:
    return moment_after(value) is not None


def _is_date_or_span(value: str) -> bool:
    return first_moment(value) is not None


def _is_searchable(value: str) -> bool:
    try:
        validate_text(value)
    except ValidationError:
        return False
    return len(value) <= SEARCH_MAX
