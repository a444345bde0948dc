"""What the log says: changes as JSON for machines, and as sentences for people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext

from accounts.enums import Role, Theme
from accounts.models import User
from tickets.enums import Priority, Status

# A quoted text in a sentence; the whole of it stands in the changes.
QUOTE_MAX = 80

FIELD_LABELS = {
    "title": lambda: gettext("title"),
    "description": lambda: gettext("description"),
    "status": lambda: gettext("status"),
    "priority": lambda: gettext("priority"),
    "assigned_agent": lambda: gettext("assigned agent"),
    "resolution_date": lambda: gettext("resolution date"),
    "requester": lambda: gettext("requester"),
    "email": lambda: gettext("e-mail address"),
    "username": lambda: gettext("name"),
    "role": lambda: gettext("role"),
    "is_active": lambda: gettext("active"),
    "time_zone": lambda: gettext("time zone"),
    "theme": lambda: gettext("theme"),
    "password": lambda: gettext("password"),
    "second_factor": lambda: gettext("second factor"),
    "anonymised": lambda: gettext("anonymised"),
}
CHOICES: dict[str, Any] = {"status": Status, "priority": Priority, "role": Role, "theme": Theme}
# Long or secret: the sentence says that it changed, not what it says.
UNQUOTED = frozenset({"description", "password"})


def to_json(value: Any) -> Any:
    """Return a changed value as the log keeps it: people as id and label, dates in ISO 8601."""
    if isinstance(value, User):
        return {"id": value.pk, "label": value.label}
    return value.isoformat() if isinstance(value, datetime) else value


def changes_as_json(changes: Mapping[str, tuple[Any, Any]]) -> dict[str, list[Any]]:
    """Return {field: (old, new)} as the log keeps it."""
    return {name: [to_json(old), to_json(new)] for name, (old, new) in changes.items()}


def quote(text: str) -> str:
    """Return a text between quotation marks, cut where it's long."""
    return f"“{text if len(text) <= QUOTE_MAX else text[: QUOTE_MAX - 1] + '…'}”"


def _is_nothing(value: Any) -> bool:
    return value is None or value == ""


def _shown(name: str, value: Any) -> str:
    if _is_nothing(value):
        return gettext("none")
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, dict):
        return str(value.get("label", ""))
    if name in CHOICES and value in CHOICES[name].values:
        return str(CHOICES[name](value).label)
    if name == "resolution_date":
        moment = parse_datetime(value)
        return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M %Z") if moment else str(value)
    return quote(str(value))


def change_sentences(changes: Mapping[str, Any]) -> list[str]:
    """Return one sentence for each changed field of a log entry, with old and new values."""
    return [_change_sentence(name, *pair) for name, pair in changes.items() if isinstance(pair, list)]


def _change_sentence(name: str, old: Any, new: Any) -> str:
    values = {
        "field": FIELD_LABELS[name]() if name in FIELD_LABELS else name,
        "old": _shown(name, old),
        "new": _shown(name, new),
    }
    if name in UNQUOTED:
        return gettext("changed the %(field)s") % values
    if _is_nothing(old):
        return gettext("set the %(field)s to %(new)s") % values
    if _is_nothing(new):
        return gettext("removed the %(field)s, which was %(old)s") % values
    return gettext("changed the %(field)s from %(old)s to %(new)s") % values


def sentence(text: str) -> str:
    """Return `text` as a sentence: a capital at its beginning, a full stop at its end."""
    return f"{text[:1].upper()}{text[1:]}."


def summary(prefix: str, changes: Mapping[str, Any]) -> str:
    """Return what changed as one sentence that begins with what it's about."""
    return f"{prefix}: {', '.join(change_sentences(changes))}."
