"""What somebody has opened with the form for a new ticket just now, for when they come back to that form.

A browser that goes back asks for the form anew and puts what was typed into it, under another name. With a script the
form's own name is in the address that it goes back to; without one, the session remembers the last few tickets.
"""

from __future__ import annotations

from typing import Final

from django.utils import timezone

from tickets import services
from tickets.forms import CreateForm
from tickets.mixins import PersonRequest
from tickets.models import Ticket
from tms_site.lib.numbers import is_row_number

SESSION_KEY: Final = "opened_tickets"
# As far as somebody goes back, and as long as what they find there is fresh.
MOST: Final = 5
SECONDS: Final = 3600

# The number of a ticket and when it was opened, as a session holds it.
Opened = list[tuple[int, int]]


def remember(request: PersonRequest, ticket: Ticket) -> None:
    """Keep in mind what was opened with the form that was sent just now."""
    others = [each for each in _lately(request) if each[0] != ticket.pk]
    request.session[SESSION_KEY] = [*others, (ticket.pk, int(timezone.now().timestamp()))][-MOST:]


def newest(request: PersonRequest) -> Ticket | None:
    """Return the ticket that was opened last, if that was lately."""
    return next(iter(_tickets(request)), None)


def is_of(form: CreateForm, ticket: Ticket) -> bool:
    """Tell whether a ticket was opened with just what a valid form says."""
    return _is_for_owner(form, ticket) and services.was_opened_with(ticket, **form.meant())


def twin(request: PersonRequest, form: CreateForm) -> Ticket | None:
    """Return the ticket that a valid form would make a second time, or else nearly so; None if there's none.

    Only for forms that came with a page: what a program sends, it means.
    """
    token = form.cleaned_data["client_token"]
    if not form.is_from_page or services.ticket_of_form(request.user, token) is not None:
        return None
    # Who was asked about the newest one has seen that there are others.
    known = int(form.besides) if is_row_number(form.besides) else 0
    tickets = [ticket for ticket in _tickets(request) if ticket.pk > known and _is_for_owner(form, ticket)]
    text = {name: form.cleaned_data[name] for name in ("title", "description")}
    same = (ticket for ticket in tickets if is_of(form, ticket))
    alike = (ticket for ticket in tickets if services.resembles(ticket, **text))
    return next(same, None) or next(alike, None)


def _is_for_owner(form: CreateForm, ticket: Ticket) -> bool:
    owner = form.cleaned_data.get("requester") or form.actor
    return ticket.requester_id == owner.pk


def _lately(request: PersonRequest) -> Opened:
    since = timezone.now().timestamp() - SECONDS
    return [(number, at) for number, at in request.session.get(SESSION_KEY, []) if at >= since]


def _tickets(request: PersonRequest) -> list[Ticket]:
    """Return the tickets, the last one first."""
    numbers = [number for number, _at in _lately(request)]
    if not numbers:
        return []
    found = Ticket.objects.visible_to(request.user).in_bulk(numbers)
    return [found[number] for number in reversed(numbers) if number in found]
