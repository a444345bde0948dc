"""Tickets like the one that somebody is about to open: perhaps the answer is there already."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from accounts.mixins import RoleRequiredMixin
from tickets import policies
from tickets.enums import TITLE_MAX
from tickets.mixins import PersonRequest
from tickets.models import Comment, Ticket
from tickets.search import engine
from tms_site.lib.markdown import plain_beginning
from tms_site.lib.text import printable_line
from tms_site.lib.time_limit import TooSlow, time_limit

SUGGESTIONS = 5


def title_of(request: PersonRequest) -> str:
    """Return the title that an address brings along, as one harmless line."""
    return printable_line(request.GET.get("title", ""))[:TITLE_MAX]


class SimilarView(RoleRequiredMixin):
    """Similar tickets that the visitor may see: a fragment while they type a title, a page for a step of its own."""

    required = policies.can_create
    template_name: ClassVar[str] = "tickets/similar.html"

    def get(self, request: PersonRequest) -> HttpResponse:
        """Show the few best; none where finding them takes too long, as nobody waits for them."""
        title = title_of(request)
        try:
            with time_limit(settings.LIST_TIME_LIMIT):
                tickets = self.similar(request, title)
        except TooSlow:
            tickets = []
        template = "tickets/_similar.html" if request.htmx else self.template_name
        return render(request, template, {"title": title, "similar": tickets})

    def similar(self, request: PersonRequest, title: str) -> list[Ticket]:
        """Return the tickets, best first, the resolved ones with the last answer to them."""
        visible = Ticket.objects.visible_to(request.user)
        numbers = engine.similar(visible, title, request.user, SUGGESTIONS)
        found = visible.for_list().in_bulk(numbers)
        tickets = [found[number] for number in numbers if number in found]
        answers = (
            Comment.objects.visible_to(request.user)
            .public()
            .last_answers(ticket.pk for ticket in tickets if ticket.is_resolved)
        )
        texts = dict(answers.values_list("ticket", "description"))
        for ticket in tickets:
            ticket.answer = plain_beginning(texts.get(ticket.pk, ""))
        return tickets
