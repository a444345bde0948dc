"""What happens next with a ticket, in plain words for the person who asked."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from tickets import policies
from tickets.enums import Status
from tickets.models import Ticket

_WITHOUT = {
    Status.OPEN: _("The helpdesk has it and will take it up; there's nothing for you to do."),
    Status.IN_PROGRESS: _("The helpdesk is working on it. Answers appear here."),
}
_WITH_AGENT = {
    Status.OPEN: _("%(agent)s has it and will take it up; there's nothing for you to do."),
    Status.IN_PROGRESS: _("%(agent)s is working on it. Answers appear here."),
}


def next_step(ticket: Ticket, visitor: User) -> str:
    """Return what happens next with the visitor's ticket; nothing for somebody else's."""
    if ticket.requester_id != visitor.pk:
        return ""
    if ticket.is_resolved:
        return _after_resolution(ticket, visitor)
    if ticket.status == Status.WAITING:
        return gettext("The helpdesk is waiting for your answer. Once you comment, work goes on.")
    words = _WITH_AGENT if ticket.assigned_agent else _WITHOUT
    return str(words[Status(ticket.status)]) % {"agent": ticket.assigned_agent}


def _after_resolution(ticket: Ticket, visitor: User) -> str:
    if ticket.resolution_date is None or not policies.can_reopen_by_comment(visitor, ticket):
        return gettext("It's done.")
    until = localtime(ticket.resolution_date + timedelta(days=settings.REOPEN_DAYS))
    return gettext("It's done. Still not right? A comment until %(day)s reopens it.") % {
        "day": date_format(until, "j F Y")
    }
