"""The button that watches a ticket, and who can be named in a text."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from accounts.mixins import RoleRequiredMixin
from accounts.models import User
from tickets import policies
from tickets.mixins import PersonRequest, TicketMixin
from tickets.watching import services
from tms_site.lib.permissions import require
from tms_site.lib.text import clean_line

OFFERED, TYPED_MAX = 8, 150


class WatchView(TicketMixin):
    """Who watches a ticket, and the button that does or ceases to."""

    def get(self, request: PersonRequest, ticket_id: int) -> HttpResponse:
        """Show who watches the ticket."""
        ticket = self.get_ticket()
        require(policies.can_watch(request.user, ticket))
        watchers = User.objects.filter(watched_tickets__ticket=ticket).for_choice()
        return render(request, "tickets/watching/watchers.html", {"ticket": ticket, "watchers": watchers})

    def post(self, request: PersonRequest, ticket_id: int) -> HttpResponse:
        """Do what the button says, and lead back to the ticket."""
        ticket = self.get_ticket()
        require(policies.can_watch(request.user, ticket))
        if request.POST.get("watch") == "off":
            services.unwatch(actor=request.user, ticket_id=ticket_id)
            messages.success(request, gettext("You don't watch this ticket any more."))
        else:
            services.watch(actor=request.user, ticket_id=ticket_id)
            messages.success(request, gettext("You watch this ticket now."))
        return redirect(ticket)


class MentionsView(RoleRequiredMixin):
    """Whom one can name, by the beginning of the name: colleagues of the desk, for the desk alone."""

    required = policies.can_mention

    def get(self, request: PersonRequest) -> HttpResponse:
        """Answer with at most eight names; the first ones where nothing was typed yet."""
        typed = clean_line(request.GET.get("q", ""))
        if len(typed) > TYPED_MAX or "\x00" in typed:
            return JsonResponse({"names": []})
        people = User.objects.assignable().filter(username__istartswith=typed).exclude(username="")
        names = people.order_by("username").values_list("username", flat=True)[:OFFERED]
        return JsonResponse({"names": list(names)})
