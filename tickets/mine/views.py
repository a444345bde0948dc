"""The page of whoever asks for help."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.generic import View

from tickets import services
from tickets.mine.page import my_page
from tickets.mixins import PersonRequest


class MineView(View):
    """One's own tickets: what needs an answer, what is going on, what was resolved."""

    def get(self, request: PersonRequest) -> HttpResponse:
        """Show the page."""
        services.note_listed(actor=request.user)
        return render(request, "tickets/mine/mine.html", {"mine": my_page(request.user)})
