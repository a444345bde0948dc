"""Lists of tickets as files."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.generic import View

from tickets import exports, navigation, services
from tickets.filters import TicketFilter
from tickets.mixins import PersonRequest
from tickets.models import Ticket
from tickets.querysets import TicketQuerySet
from tms_site.lib.csv_export import csv_response
from tms_site.lib.export_limit import begun_in_time, export_refusal


class ExportView(View):
    """All pages of a filtered list as CSV: the same address parameters as the list's, and nothing that it hides."""

    def tickets(self, request: PersonRequest) -> TicketQuerySet:
        """Return the tickets that the file is about, before any filter."""
        return Ticket.objects.visible_to(request.user)

    def get(self, request: PersonRequest) -> HttpResponseBase:
        """Send the file, and note who took it; 429 for too many in a minute, a page for what takes too long."""
        refusal = export_refusal(request)
        if refusal is not None:
            return refusal
        _view, data = navigation.view_of_address(request.user, request.GET)
        chosen = TicketFilter(data, self.tickets(request), actor=request.user)
        filters = chosen.data.urlencode()

        def begin() -> HttpResponseBase:
            rows = exports.rows(chosen.qs, timezone.get_current_timezone(), request.user)
            name = f"tickets-{timezone.localdate():%Y-%m-%d}.csv"
            response = csv_response(name, exports.header(request.user), rows)
            services.note_exported(actor=request.user, filters=filters)
            return response

        why = gettext(
            "There are too many tickets to look through for this combination. Add a status, an agent or a requester, "
            "or search for a rarer word."
        )
        return begun_in_time(request, begin, why=why, back=f"{reverse('tickets:list')}?{filters}")
