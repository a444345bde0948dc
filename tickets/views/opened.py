"""Which ticket a form has become, for who goes back to it.

Who goes back to a form that was sent asks for it anew. The script puts the form's name into the address (`form`): by
that alone the form tells which ticket it has become. Without a script it only says what was opened last: a form under
another name is another ticket, whatever it says.
"""

from __future__ import annotations

from typing import Final

from django.utils import timezone

from tickets import services
from tickets.forms import OpeningForm
from tickets.mixins import PersonRequest
from tickets.models import Ticket

# What was opened last with a form, and when, as the session holds it.
SESSION_KEY: Final = "last_opened"
# So long somebody may still go back to the form.
SECONDS: Final = 3600


def become(request: PersonRequest, form: OpeningForm) -> Ticket | None:
    """Return the ticket that the form named in the address has become, and put into `form` what was sent."""
    ticket = services.ticket_of_form(request.user, request.GET.get("form"))
    if ticket is not None:
        form.show_sent(ticket, services.first_values(ticket))
    return ticket


def remember(request: PersonRequest, ticket: Ticket) -> None:
    """Remember what was opened last."""
    request.session[SESSION_KEY] = [ticket.pk, int(timezone.now().timestamp())]


def latest(request: PersonRequest) -> Ticket | None:
    """Return the ticket that was opened last, if that was lately."""
    number, at = request.session.get(SESSION_KEY, (None, 0))
    if at < timezone.now().timestamp() - SECONDS:
        return None
    return Ticket.objects.visible_to(request.user).filter(pk=number).first()
