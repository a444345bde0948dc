"""The bare page: what Django needs for 50 tickets in a plain table. TMS's list is measured against it."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tickets.models import Ticket

ROWS = 50
COLUMNS = (
    "pk", "title", "status", "priority", "creation_date", "updated_at", "resolution_date", "version",
    "requester_id", "assigned_agent_id",
)  # fmt: skip # what the page's ten columns show


@login_not_required
def bare(request: HttpRequest) -> HttpResponse:
    """Show the 50 tickets that were changed last: one query by an index, ten columns, nothing else."""
    tickets = Ticket.objects.only(*COLUMNS).order_by("-updated_at", "-pk")[:ROWS]
    return render(request, "benchmarks/bare.html", {"tickets": tickets})
