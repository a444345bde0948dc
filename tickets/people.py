"""The part of a list's filters that knows of people."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import QueryDict
from django.utils.translation import gettext

from accounts.models import User
from accounts.querysets import UserQuerySet
from tickets.fields import NAMESAKES_MAX, find_named, find_person
from tickets.querysets import TicketQuerySet
from tms_site.lib.listing import shorten

ME, NOBODY, ANYBODY = "me", "none", "any"


class PeopleFilters:
    """Mixed into the filters of a list, which bring the attributes along."""

    actor: User
    data: QueryDict
    tickets: TicketQuerySet
    notes: list[str]
    refused: dict[str, list[str]]
    # Who the people in the address are: a filter by name may mean several.
    people: dict[tuple[str, str], list[User]]

    def by_agent(self, queryset: TicketQuerySet, name: str, value: str) -> TicketQuerySet:
        """Tickets of an agent, of the visitor, of nobody, of anybody, or of those who share a name."""
        if value in (NOBODY, ANYBODY):
            return queryset.unassigned() if value == NOBODY else queryset.assigned()
        return queryset.filter(assigned_agent__in=self.people[name, value])

    def by_requester(self, queryset: TicketQuerySet, name: str, value: str) -> TicketQuerySet:
        """Tickets of one requester, or of those who share a name."""
        return queryset.filter(requester__in=self.people[name, value])

    def _is_agent(self, value: str) -> bool:
        if value in (NOBODY, ANYBODY):
            return True
        # A requester may filter by the agents whose names stand on their own tickets, and by nobody else; the desk
        # finds those there who have left.
        on_tickets = User.objects.filter(pk__in=self.tickets.order_by().values("assigned_agent")).for_choice()
        visible = self._visible_people()
        return (
            self._find("assigned_agent", value, visible)
            or self._find("assigned_agent", value, on_tickets)
            or self._find_named("assigned_agent", value, visible.assignable())
            or self._find_named("assigned_agent", value, on_tickets)
        )

    def _is_requester(self, value: str) -> bool:
        visible = self._visible_people()
        return self._find("requester", value, visible) or self._find_named("requester", value, visible)

    def _visible_people(self) -> UserQuerySet:
        people: UserQuerySet = User.objects.visible_to(self.actor).for_choice()
        return people

    def _find(self, name: str, value: str, among: UserQuerySet) -> bool:
        person = self.actor if value == ME else find_person(among, value)
        return self._remember(name, value, [person] if person else [])

    def _find_named(self, name: str, value: str, among: UserQuerySet) -> bool:
        """Find people by their whole name; where nobody has it, by the beginning of name or address."""
        people = find_named(among, value, NAMESAKES_MAX + 1)
        if len(people) > NAMESAKES_MAX:
            words = gettext("“%(name)s” means more than %(most)d people: only the first of them are looked for.")
            self.notes.append(words % {"name": shorten(value), "most": NAMESAKES_MAX})
            # A program would take what's incomplete for the whole.
            self.refused.setdefault(name, []).append(shorten(value))
        return self._remember(name, value, people[:NAMESAKES_MAX])

    def _remember(self, name: str, value: str, people: Iterable[User]) -> bool:
        self.people[name, value] = list(people)
        return bool(self.people[name, value])
