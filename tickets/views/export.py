"""Lists of tickets as files."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.utils import timezone
from django.views.generic import View

from tickets import exports, navigation, services
from tickets.filters import TicketFilter
from tickets.mixins import PersonRequest
from tickets.models import Ticket
from tms_site.lib.csv_export import csv_response
from tms_site.lib.export_limit import export_refusal


class ExportView(View):
    """All pages of a filtered list as CSV: the same address parameters as the list's, and nothing that it hides."""

    def get(self, request: PersonRequest) -> HttpResponseBase:
        """Send the file, and note who took it; 429 for too many in a minute."""
        refusal = export_refusal(request)
        if refusal is not None:
            return refusal
        _view, data = navigation.view_of_address(request.user, request.GET)
        chosen = TicketFilter(data, Ticket.objects.visible_to(request.user), actor=request.user)
        services.note_exported(actor=request.user, filters=chosen.data.urlencode())
        rows = exports.rows(chosen.qs, timezone.get_current_timezone(), request.user)
        return csv_response(f"tickets-{timezone.localdate():%Y-%m-%d}.csv", exports.header(request.user), rows)
