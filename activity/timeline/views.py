"""Parts of a ticket's timeline for htmx, and the whole of it for the printer."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import tzinfo

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone

from activity.timeline.pages import asked_by, part_context
from activity.timeline.parts import part_of, whole
from tickets import services
from tickets.mixins import PersonRequest, TicketMixin
from tickets.models import Ticket
from tms_site.lib.export_limit import export_refusal


class ThreadView(TicketMixin):
    """The events before or after those that a page shows already."""

    def get(self, request: PersonRequest, ticket_id: int) -> HttpResponse:
        """Send the part as items of the page's list; whoever comes without htmx is led to the page that shows it."""
        ticket = self.get_ticket()
        if not request.htmx:
            query = request.GET.urlencode()
            return redirect(f"{ticket.get_absolute_url()}?{query}" if query else ticket.get_absolute_url())
        asked = asked_by(request, request.user, ticket)
        template = "activity/_thread_later.html" if asked.after else "activity/_thread_earlier.html"
        return render(request, template, part_context(request, ticket, part_of(ticket, request.user, asked)))


class PrintView(TicketMixin):
    """The whole thread for paper: full dates, no navigation, and never an internal note, whoever prints it."""

    def get(self, request: PersonRequest, ticket_id: int) -> HttpResponseBase:
        """Send the page while it's made, so that memory stays flat; 429 for too many in a minute."""
        ticket = self.get_ticket()
        refusal = export_refusal(request)
        if refusal is not None:
            return refusal
        services.note_viewed(actor=request.user, ticket=ticket)
        pieces = _in_zone(timezone.get_current_timezone(), self.pieces(request, ticket))
        return StreamingHttpResponse(pieces, content_type="text/html; charset=utf-8")

    def pieces(self, request: PersonRequest, ticket: Ticket) -> Iterator[str]:
        """Yield the page: what comes before the events, the events, what comes after them."""
        # It takes the place of the events in the page's template, which so stays one template.
        mark = secrets.token_hex()
        page = render_to_string("activity/print.html", {"ticket": ticket, "events": mark}, request)
        before, _mark, after = page.partition(mark)
        yield before
        for events in whole(ticket, request.user, public=True):
            yield render_to_string("activity/_print_events.html", {"events": events}, request)
        yield after


def _in_zone(zone: tzinfo, pieces: Iterator[str]) -> Iterator[str]:
    """Yield the pieces, each made in the reader's zone: they're sent when the middleware has left it already."""
    while True:
        with timezone.override(zone):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece
