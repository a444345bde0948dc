"""The placeholders of canned replies: a fixed list, filled as text. Nothing in a reply is ever run as a template."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.models import User
    from tickets.models import Ticket

PLACEHOLDER = re.compile(r"\{\{\s*(.*?)\s*\}\}", re.DOTALL)
SHOWN_MAX = 40


def _value(name: str, ticket: Ticket, actor: User) -> str:
    """Return what a placeholder stands for."""
    return {
        "requester": lambda: ticket.requester.username,
        "number": lambda: f"#{ticket.pk}",
        "title": lambda: ticket.title,
        "agent": lambda: actor.username,
        "status": lambda: str(ticket.get_status_display()),
        "priority": lambda: str(ticket.get_priority_display()),
        "today": lambda: formats.date_format(timezone.localdate(), "j F Y"),
        "link": lambda: f"{settings.BASE_URL}{ticket.get_absolute_url()}",
    }[name]()


# What each stands for, in words.
PLACEHOLDERS: dict[str, str | Promise] = {
    "requester": _("who asked for the ticket"),
    "number": _("the ticket's number, as #12"),
    "title": _("the ticket's title"),
    "agent": _("your own name"),
    "status": _("the ticket's status"),
    "priority": _("the ticket's priority"),
    "today": _("the date"),
    "link": _("the ticket's address"),
}


def validate_placeholders(text: str) -> None:
    """Refuse a text with a placeholder that doesn't exist; raises ValidationError."""
    unknown = [name for name in PLACEHOLDER.findall(text) if name not in PLACEHOLDERS]
    if unknown:
        known = ", ".join(f"{{{{ {name} }}}}" for name in PLACEHOLDERS)
        raise ValidationError(
            gettext("There is no placeholder “%(name)s”. There are: %(known)s.")
            % {"name": unknown[0][:SHOWN_MAX], "known": known},
            code="unknown_placeholder",
        )


def fill(text: str, ticket: Ticket, actor: User) -> str:
    """Return a text with its placeholders filled, once: what stands in a title is a text and no placeholder."""

    def value(match: re.Match[str]) -> str:
        return _value(match[1], ticket, actor) if match[1] in PLACEHOLDERS else match[0]

    return PLACEHOLDER.sub(value, text)
