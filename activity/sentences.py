"""What the log says: changes as JSON for machines, and as sentences for people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Model
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext, ngettext

from accounts.enums import Role, Theme
from activity.enums import TargetType
from tickets.enums import Priority, RatingValue, Status
from tms_site.lib.moments import absolute_time

# A quoted text in a sentence; the whole of it stands in the changes.
QUOTE_MAX = 80

FIELD_LABELS = {
    "title": lambda: gettext("title"),
    "description": lambda: gettext("description"),
    "status": lambda: gettext("status"),
    "priority": lambda: gettext("priority"),
    "category": lambda: gettext("category"),
    "team": lambda: gettext("team"),
    "tags": lambda: gettext("tags"),
    "members": lambda: gettext("members"),
    "default_team": lambda: gettext("team by default"),
    "default_priority": lambda: gettext("priority by default"),
    "assigned_agent": lambda: gettext("assigned agent"),
    "resolution_date": lambda: gettext("resolution date"),
    "requester": lambda: gettext("requester"),
    "email": lambda: gettext("e-mail address"),
    "username": lambda: gettext("name"),
    "role": lambda: gettext("role"),
    "is_active": lambda: gettext("active"),
    "is_away": lambda: gettext("away"),
    "time_zone": lambda: gettext("time zone"),
    "theme": lambda: gettext("theme"),
    "shortcuts": lambda: gettext("single-key shortcuts"),
    "rating": lambda: gettext("rating"),
    "rating_text": lambda: gettext("words about it"),
    "name": lambda: gettext("name"),
    "parameters": lambda: gettext("filters"),
    "is_shared": lambda: gettext("shared"),
    "is_default": lambda: gettext("default"),
    "position": lambda: gettext("position"),
    "entries": lambda: gettext("entries"),
    "before": lambda: gettext("before"),
    "user": lambda: gettext("user"),
    "password": lambda: gettext("password"),
    "second_factor": lambda: gettext("second factor"),
    "anonymised": lambda: gettext("anonymised"),
    "is_internal": lambda: gettext("internal note"),
    "merged_into": lambda: gettext("ticket that it was merged into"),
    "split": lambda: gettext("split"),
    "link": lambda: gettext("link"),
    "watcher": lambda: gettext("watcher"),
    "trashed": lambda: gettext("in the trash"),
    "url": lambda: gettext("address"),
    "events": lambda: gettext("events"),
    "with_notes": lambda: gettext("internal notes too"),
    "scope": lambda: gettext("scope"),
    "expires_at": lambda: gettext("expires"),
    "file": lambda: gettext("file"),
    "shortcut": lambda: gettext("shortcut"),
    "body": lambda: gettext("text"),
    "assignment": lambda: gettext("assignment"),
    "note_file": lambda: gettext("file of an internal note"),
    "size": lambda: gettext("size"),
    "sha256": lambda: gettext("SHA-256"),
    "comment": lambda: gettext("comment"),
}
# Switches, which nobody would describe by an old and a new value.
SWITCHES = {
    ("is_away", True): lambda: gettext("is away now"),
    ("is_away", False): lambda: gettext("is back"),
    ("is_active", True): lambda: gettext("activated"),
    ("is_active", False): lambda: gettext("deactivated"),
    ("shortcuts", True): lambda: gettext("switched single-key shortcuts on"),
    ("shortcuts", False): lambda: gettext("switched single-key shortcuts off"),
    ("second_factor", True): lambda: gettext("set up a second factor"),
    ("second_factor", False): lambda: gettext("removed the second factor"),
    ("trashed", True): lambda: gettext("moved the ticket to the trash"),
    ("trashed", False): lambda: gettext("restored the ticket from the trash"),
    ("anonymised", True): lambda: gettext("anonymised the account"),
}
CHOICES: dict[str, Any] = {
    "status": Status,
    "priority": Priority,
    "default_priority": Priority,
    "role": Role,
    "theme": Theme,
    "rating": RatingValue,
}
# What lists of words hold, by how many of them changed.
LIST_LABELS = {
    "tags": lambda count: ngettext("tag", "tags", count),
    "members": lambda count: ngettext("member", "members", count),
}
PAIR = 2
# Stands for the number of a ticket of which the reader may not know.
ANOTHER = 0
# Long or secret: the sentence says that it changed, not what it says.
UNQUOTED = frozenset({"description", "body", "password"})
# Kept as words for machines.
DATES = frozenset({"resolution_date", "expires_at"})
READABLE = frozenset({*CHOICES, *DATES})


def to_json(value: Any) -> Any:
    """Return a changed value as the log keeps it: people and other rows as id and label, dates in ISO 8601."""
    if isinstance(value, Model):
        return {"id": value.pk, "label": str(value)}
    return value.isoformat() if isinstance(value, datetime) else value


def changes_as_json(changes: Mapping[str, tuple[Any, Any]]) -> dict[str, list[Any]]:
    """Return {field: (old, new)} as the log keeps it."""
    return {name: [to_json(old), to_json(new)] for name, (old, new) in changes.items()}


def pairs_of(changes: Any) -> dict[str, tuple[Any, Any]]:
    """Return the old and new values of a log entry's changes; what isn't a pair is left out, whatever it is."""
    if not isinstance(changes, dict):
        return {}
    return {name: (pair[0], pair[1]) for name, pair in changes.items() if isinstance(pair, list) and len(pair) == PAIR}


def quote(text: str) -> str:
    """Return a text between quotation marks, cut where it's long."""
    return f"“{text if len(text) <= QUOTE_MAX else text[: QUOTE_MAX - 1] + '…'}”"


def _is_nothing(value: Any) -> bool:
    return value is None or value in ("", [])


def _shown(name: str, value: Any) -> str:
    if _is_nothing(value):
        return gettext("none")
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, dict | list):
        return str(value.get("label", "")) if isinstance(value, dict) else ", ".join(map(str, value))
    if name in CHOICES and value in CHOICES[name].values:
        return str(CHOICES[name](value).label)
    if name in DATES:
        moment = parse_datetime(str(value))
        return absolute_time(moment) if moment else str(value)
    return quote(value) if isinstance(value, str) else str(value)


@dataclass(frozen=True)
class ChangedField:
    """One line of an entry's table of changes."""

    label: str
    old: str
    new: str


def changed_fields(changes: Any) -> list[ChangedField]:
    """Return what an entry changed, in full, as people read it; a lone value counts as the new one."""
    pairs = pairs_of(changes)
    fields = []
    for name, value in changes.items() if isinstance(changes, dict) else ():
        old, new = pairs.get(name, (None, value))
        label = FIELD_LABELS[name]() if name in FIELD_LABELS else name
        fields.append(ChangedField(sentence_case(label), _in_full(name, old), _in_full(name, new)))
    return fields


def _in_full(name: str, value: Any) -> str:
    if _is_nothing(value):
        return ""
    return str(value) if isinstance(value, str) and name not in READABLE else _shown(name, value)


def _merged(old: Any, new: Any) -> str:
    if new is None:
        if old == ANOTHER:
            return gettext("undid the merge into another ticket")
        return gettext("undid the merge into #%(number)s") % {"number": old}
    if new == ANOTHER:
        return gettext("merged the ticket into another one")
    return gettext("merged the ticket into #%(number)s") % {"number": new}


def _split(old: Any, new: Any) -> str:
    return gettext("split the ticket: a part of the conversation is #%(number)s now") % {"number": new}


def _linked(old: Any, new: Any) -> str:
    if new is None:
        return gettext("unlinked: %(link)s") % {"link": quote(str(old))}
    return gettext("linked tickets: %(link)s") % {"link": quote(str(new))}


def _list_clause(name: str, old: Any, new: Any) -> str:
    """Return what was put on a list of words and what was taken away: a list has no old and new value for people."""
    before, after = (value if isinstance(value, list) else [] for value in (old, new))
    added = ", ".join(str(each) for each in after if each not in before)
    removed = ", ".join(str(each) for each in before if each not in after)
    count = len(set(map(str, before)) ^ set(map(str, after)))
    values = {"field": LIST_LABELS[name](count), "added": added, "removed": removed}
    if added and removed:
        return gettext("changed the %(field)s: added %(added)s, removed %(removed)s") % values
    if added:
        return gettext("added the %(field)s %(added)s") % values
    return gettext("removed the %(field)s %(removed)s") % values


def _assigned(old: Any, new: Any) -> str:
    """Return who got a ticket. A canned reply has an agent too, but isn't theirs."""
    values = {"old": _shown("assigned_agent", old), "new": _shown("assigned_agent", new)}
    if _is_nothing(new):
        return gettext("unassigned %(old)s") % values
    if _is_nothing(old):
        return gettext("assigned it to %(new)s") % values
    return gettext("reassigned it from %(old)s to %(new)s") % values


def _watched(old: Any, new: Any) -> str:
    if new is None:
        return gettext("lets %(who)s watch this ticket no more") % {"who": _shown("watcher", old)}
    return gettext("lets %(who)s watch this ticket") % {"who": _shown("watcher", new)}


# What isn't the change of a field that people know.
TOLD_AS_A_WHOLE: dict[str, Callable[[Any, Any], str]] = {
    "merged_into": _merged,
    "split": _split,
    "link": _linked,
    "tags": partial(_list_clause, "tags"),
    "members": partial(_list_clause, "members"),
    "watcher": _watched,
}


def change_sentences(changes: Any, at: datetime | None = None) -> list[str]:
    """Return one sentence for each changed field of a ticket's or a user's entry, with old and new values.

    Args:
        changes: of the entry.
        at: the entry's time. A resolution date that goes with the status, or comes with it and is this moment, says
            nothing that the status and the time don't; one that somebody has chosen is told.
    """
    pairs = pairs_of(changes)
    if "status" in pairs and _follows_status(*pairs.get("resolution_date", (None, None)), at):
        pairs.pop("resolution_date", None)
    return [
        _assigned(*pair) if name == "assigned_agent" else _change_sentence(name, *pair) for name, pair in pairs.items()
    ]


def _follows_status(old: Any, new: Any, at: datetime | None) -> bool:
    """Tell whether a resolution date has changed only because the status has."""
    return _is_nothing(new) or (_is_nothing(old) and at is not None and parse_datetime(str(new)) == at)


def _change_sentence(name: str, old: Any, new: Any) -> str:
    if isinstance(new, bool) and (name, new) in SWITCHES:
        return SWITCHES[name, new]()
    values = {
        "field": FIELD_LABELS[name]() if name in FIELD_LABELS else name,
        "old": _shown(name, old),
        "new": _shown(name, new),
    }
    if name in TOLD_AS_A_WHOLE:
        return TOLD_AS_A_WHOLE[name](old, new)
    if name in UNQUOTED:
        return gettext("changed the %(field)s") % values
    if _is_nothing(old):
        return gettext("set the %(field)s to %(new)s") % values
    if _is_nothing(new):
        return gettext("removed the %(field)s, which was %(old)s") % values
    return gettext("changed the %(field)s from %(old)s to %(new)s") % values


def told_by_the_other(ticket_id: int, changes: Any) -> list[str]:
    """Return what a timeline tells of a change of another ticket, by its number, that is about this one too."""
    pairs = pairs_of(changes)
    if "merged_into" in pairs:
        undone = pairs["merged_into"][1] is None
        text = gettext("undid the merge of #%(number)d") if undone else gettext("merged #%(number)d into this ticket")
        return [text % {"number": ticket_id}]
    if "split" in pairs:
        return [gettext("split this ticket off #%(number)d") % {"number": ticket_id}]
    return change_sentences(changes)


def sentence_case(text: str) -> str:
    """Return `text` with a capital at its beginning."""
    return f"{text[:1].upper()}{text[1:]}"


def sentence(text: str) -> str:
    """Return `text` as a sentence: a capital at its beginning, a full stop at its end."""
    return f"{sentence_case(text)}."


def summary(prefix: str, changes: Mapping[str, Any]) -> str:
    """Return what changed as one sentence that begins with what it's about."""
    return _summary(prefix, [_change_sentence(name, *pair) for name, pair in pairs_of(changes).items()])


def _summary(prefix: str, clauses: list[str]) -> str:
    return f"{prefix}: {', '.join(clauses)}."


def opened(number: int, title: str) -> str:
    """Return what the log says of a new ticket."""
    return gettext("Opened ticket #%(number)d %(title)s.") % {"number": number, "title": quote(title)}


def changed(number: int, clauses: list[str]) -> str:
    """Return what the log says of a ticket's change, told by its fields (`change_sentences`)."""
    return _summary(gettext("Ticket #%(number)d") % {"number": number}, clauses)


def created_shelf(kind: TargetType, name: str) -> str:
    """Return what the log says of a new team or category."""
    return gettext("Created the %(kind)s %(name)s.") % {"kind": shelf_kind(kind), "name": quote(name)}


def shelf_kind(kind: TargetType) -> str:
    """Return what a team or category is called within a sentence."""
    return gettext("team") if kind is TargetType.TEAM else gettext("category")


def viewed(number: int) -> str:
    """Return what the log says of a look at a ticket."""
    return gettext("Viewed ticket #%(number)d.") % {"number": number}


def commented(number: int, *, is_internal: bool = False) -> str:
    """Return what the log says of a new comment, or internal note, on this ticket."""
    if is_internal:
        return gettext("Wrote an internal note on ticket #%(number)d.") % {"number": number}
    return gettext("Commented on ticket #%(number)d.") % {"number": number}


def published_note(number: int) -> str:
    """Return what the log says of an internal note on this ticket that became a reply."""
    return gettext("Made an internal note on ticket #%(number)d public.") % {"number": number}


def deleted_comment(number: int, *, is_internal: bool) -> str:
    """Return what the log says of a removed comment, or internal note, on this ticket."""
    if is_internal:
        return gettext("Deleted an internal note on ticket #%(number)d.") % {"number": number}
    return gettext("Deleted a comment on ticket #%(number)d.") % {"number": number}


def edited_comment(number: int) -> str:
    """Return what the log says of a changed comment on this ticket."""
    return gettext("Edited a comment on ticket #%(number)d.") % {"number": number}


def attached(number: int, name: str, *, is_internal: bool) -> str:
    """Return what the log says of a new file on this ticket, or on an internal note on it."""
    values = {"number": number, "name": quote(name)}
    if is_internal:
        return gettext("Attached %(name)s to an internal note on ticket #%(number)d.") % values
    return gettext("Attached %(name)s to ticket #%(number)d.") % values


def opened_file(number: int, name: str) -> str:
    """Return what the log says of a file of this ticket that somebody downloaded or looked at."""
    return gettext("Opened the file %(name)s of ticket #%(number)d.") % {"number": number, "name": quote(name)}


def removed_file(number: int, name: str) -> str:
    """Return what the log says of a removed file of this ticket."""
    return gettext("Removed the file %(name)s from ticket #%(number)d.") % {"number": number, "name": quote(name)}


def created_user(label: str) -> str:
    """Return what the log says of a new account."""
    return gettext("Created user %(user)s.") % {"user": label}


def exported(what: str, filters: str) -> str:
    """Return the sentence that tells of an export; `filters` are the parameters of the list's address."""
    if not filters:
        return gettext("Exported %(what)s.") % {"what": what}
    return gettext("Exported %(what)s with the filters %(filters)s.") % {"what": what, "filters": f"“{filters}”"}
