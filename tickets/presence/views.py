"""What an open page of a ticket asks for: who else is there, and what is new."""

from __future__ import annotations

import hashlib

from django.http import HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from tickets import policies
from tickets.mixins import PersonRequest, TicketMixin
from tickets.models import Ticket
from tickets.presence import services
from tickets.presence.reading import scene_of
from tickets.views.detail import page_context


class PresenceView(TicketMixin):
    """Asked every few seconds, and so cheap: one query, and 304 while nothing changes."""

    def get(self, request: PersonRequest, ticket_id: int) -> HttpResponse:
        """Say who else is there and what the newest state is; note that the visitor is there, twice a minute."""
        now = timezone.now()
        scene = scene_of(request.user, ticket_id, now)
        replying = request.GET.get("replying") == "1"
        if policies.can_see_presence(request.user, Ticket()) and services.is_stale(
            scene, is_replying=replying, now=now
        ):
            services.note_present(actor=request.user, ticket_id=ticket_id, is_replying=replying, at=now)
        tag = f'"{hashlib.sha256(f"{scene.news} {scene.text}".encode()).hexdigest()[:32]}"'
        if request.headers.get("If-None-Match", "").removeprefix("W/") == tag:
            response: HttpResponse = HttpResponseNotModified()
        else:
            response = JsonResponse({"news": scene.news, "text": scene.text})
        response["ETag"] = tag
        return response


class NewsView(TicketMixin):
    """What happened since a page was made, for htmx: new events, the head, and the properties if they're untouched."""

    def get(self, request: PersonRequest, ticket_id: int) -> HttpResponse:
        """Send the fragments; whoever comes without htmx is led to the ticket."""
        ticket = self.get_ticket()
        if not request.htmx:
            return redirect(ticket)
        context = page_context(request, ticket)
        context |= {"with_properties": "properties" in request.GET, "with_all": "after" not in request.GET}
        return render(request, "tickets/presence/_news.html", context)
