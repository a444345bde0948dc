"""What the pages of a ticket show of its timeline: a part, and the addresses of its neighbours."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from activity.timeline.parts import Asked, Part, part_of
from activity.timeline.positions import COMMENT, EPOCH, Position, position_of
from activity.timeline.sources import Show, Sources, offered
from tickets.models import Ticket

OVERLAP = timedelta(seconds=10)
_SHOWN = re.compile(r"([-.0-9]*)~([-.0-9]+)~([0-9]{1,9})~([0-9]{1,9})", re.ASCII)
ICONS = {Show.CONVERSATION: "chat-bubble-left", Show.NOTES: "lock-closed", Show.CHANGES: "pencil"}
NOTHING = {
    Show.CONVERSATION: _("Nobody has answered yet."),
    Show.NOTES: _("There are no internal notes."),
    Show.CHANGES: _("Nothing was changed yet."),
}


@dataclass(frozen=True)
class Choice:
    """One of the kinds of events that somebody can choose to see."""

    label: str | Promise
    icon: str
    url: str
    is_current: bool


def update_context(request: HttpRequest, user: User, ticket: Ticket) -> dict[str, Any]:
    """Return what brings a page up to date that's open already: what follows the last event that it shows, or all anew.

    What was written at the same time may have become visible in another order: a little is sent twice, and the page
    leaves out what it has.
    """
    parameters = request.GET if request.method == "GET" else request.POST
    last = position_of(parameters.get("after", ""))
    asked = Asked.of({"show": parameters.get("show", "")}, user, ticket)
    if last is None:
        return part_context(request, ticket, part_of(ticket, user, asked))
    after = Position(max(last.at - OVERLAP, EPOCH), COMMENT, 0)
    part = part_of(ticket, user, replace(asked, after=after.cursor))
    news = sum(not event.is_own and event.position > last for event in part.events)
    differs = _differs(parameters.get("shown", ""), Sources(ticket, user, asked.show))
    return part_context(request, ticket, part) | {"appends": True, "news": news, "differs": differs}


def _differs(shown: str, sources: Sources) -> bool:
    """Tell whether other comments stand where a page shows some: merged into the ticket, split off, made public.

    Args:
        shown: the places of its first and last entry, how many comments stand there and how many of them are notes,
            as in `1.0.2~3.0.4~5~1`; without a first place from the beginning on. What is none differs from nothing.
        sources: of what the page shows.
    """
    found = _SHOWN.fullmatch(shown)
    last = position_of(found[2]) if found else None
    if found is None or last is None:
        return False
    return sources.tally(position_of(found[1]), last) != (int(found[3]), int(found[4]))


def asked_by(request: HttpRequest, user: User, ticket: Ticket) -> Asked:
    """Return which part the address of a page asks for; after a change it's the newest one."""
    if request.method in ("GET", "HEAD"):
        return Asked.of(request.GET, user, ticket)
    return Asked()


def part_context(request: HttpRequest, ticket: Ticket, part: Part) -> dict[str, Any]:
    """Return what the templates of a part show."""
    return {
        "part": part,
        "ticket": ticket,
        "request": request,
        "earlier": parameters_of(part.show, before=part.earlier) if part.earlier else "",
        "later": parameters_of(part.show, after=part.later) if part.later else "",
        "newest": ticket.get_absolute_url() + parameters_of(part.show),
        "newest_parameters": parameters_of(part.show),
        "nothing": NOTHING.get(part.show, ""),
    }


def parameters_of(show: Show, **place: str) -> str:
    """Return what of an address asks for a part."""
    parameters = ({} if show == Show.ALL else {"show": show.value}) | place
    return f"?{urlencode(parameters)}" if parameters else ""


def choices(user: User, ticket: Ticket, current: Show) -> list[Choice]:
    """Return the kinds of events that somebody can choose between."""
    path = ticket.get_absolute_url()
    return [
        Choice(show.label, ICONS.get(show, ""), path + parameters_of(show), show == current)
        for show in offered(user, ticket)
    ]
