"""What somebody typed into the search box, understood. Nothing that can be typed is an error."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.translation import gettext

from tickets.enums import UNRESOLVED, Priority, Status
from tickets.search import terms

# More words make a query slower and hardly ever narrow it further.
WORDS_MAX = 10
PREFIX_MIN = 3

# A minus sign leaves out what follows; before digits it belongs to them, as in the error -1073741819.
_PIECES = re.compile(r'(-(?=["\w])(?!\d))?(?:([A-Za-z]{2,20}):)?(?:"([^"]*)"?|(\S+))')
# What some keyboards and word processors put for a quotation mark.
_QUOTES = str.maketrans(dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb", '"'))
_DAY = re.compile(r"[0-9]{4}-|[0-9]+[hdwm]$", re.IGNORECASE)
# `status: open` is meant as a field only where what follows is a value of it: it may be a sentence too.
_SPACED = re.compile(r"(?<!\S)(is|status|priority|created|updated|resolved):\s*((?:[<>]=?)?)\s+(\S+)", re.IGNORECASE)
_NUMBER = re.compile(r"(#?)([0-9]{1,18})")
# What is no field though a colon follows: addresses.
_SCHEMES = frozenset({"http", "https", "ftp", "mailto", "file", "tel"})

# The fields of the search box and the parameters of the list that they stand for.
FIELDS = {
    "status": "status",
    "priority": "priority",
    "category": "category",
    "team": "team",
    "tag": "tag",
    "assigned": "assigned_agent",
    "requester": "requester",
    "sort": "sort",
}
DATES = {"created": "created", "updated": "updated", "resolved": "resolved"}
IS = {
    "assigned": ("assigned_agent", ("any",)),
    "unassigned": ("assigned_agent", ("none",)),
    "mine": ("assigned_agent", ("me",)),
    "watching": ("watching", ("me",)),
    "unresolved": ("status", tuple(str(status) for status in UNRESOLVED)),
    **{str(status): ("status", (str(status),)) for status in Status},
}
NAMES = frozenset({*FIELDS, *DATES, "is"})
VALUES = {"is": frozenset(IS), "status": frozenset(Status.values), "priority": frozenset(Priority.values)}


@dataclass(frozen=True)
class Word:
    """One word or phrase that a ticket must have.

    Args:
        required: encoded words that must all be there; the last one as a beginning when `prefix`.
        phrase: whether they must follow one another.
        prefix: whether words that begin so are meant too.
        in_notes: whether internal notes count as well. Nothing that is typed says so: the engine does, of those who
            may see them.
    """

    required: tuple[str, ...]
    phrase: bool = False
    prefix: bool = False
    in_notes: bool = False

    @property
    def signs(self) -> tuple[str, ...]:
        """The signs of the terms that have it."""
        return (terms.WORD, terms.NOTE) if self.in_notes else (terms.WORD,)


@dataclass(frozen=True)
class Query:
    """What a search means.

    Args:
        text: what is left of it without its fields.
        words: what tickets must have.
        excluded: what they must not have.
        number: the number that was typed, if it's nothing else.
        fields: the filters, as parameters of the list.
        unknown: what looked like fields and was taken for words.
        refused: what was left out because it means nothing.
        notes: what the person should know of how the search was understood.
    """

    text: str = ""
    words: tuple[Word, ...] = ()
    excluded: tuple[Word, ...] = ()
    number: int | None = None
    fields: dict[str, list[str]] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def parse(text: str) -> Query:
    """Return what a text typed into the search box means; never raises."""
    reading = _Reading()
    for piece in _PIECES.finditer(_SPACED.sub(_joined, text.translate(_QUOTES))):
        reading.take(piece)
    return reading.query()


@dataclass
class _Reading:
    """What was understood so far, piece by piece."""

    fields: dict[str, list[str]] = field(default_factory=dict)
    # What is left without the fields, each with the words that it means.
    rest: list[tuple[str, list[Word]]] = field(default_factory=list)
    excluded: list[Word] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def take(self, piece: re.Match[str]) -> None:
        minus, name, quoted, bare = piece.groups()
        value = (quoted or "") if bare is None else bare
        if name and self._is_field(name.lower(), value, piece[0], negated=bool(minus)):
            return
        if name and name.lower() not in _SCHEMES and value.strip(":./\\'"):
            self.unknown.append(name)
        whole = f"{name}:{value}" if name else value
        if minus:
            self.excluded += _phrase(whole)
            self.rest.append((piece[0], []))
            return
        is_phrase = bare is None and not name
        self.rest.append((piece[0], _phrase(value) if is_phrase else _words(whole)))

    def _is_field(self, name: str, value: str, typed: str, *, negated: bool) -> bool:
        if negated:
            if name not in NAMES:
                return False
            note = gettext("“%(typed)s” was left out: a minus sign goes before words only, not before fields.")
        elif _understand(name, value, self.fields):
            return True
        elif name == "is" and value.strip():
            note = gettext("“%(typed)s” was left out: after “is:” may stand %(values)s.")
        elif name in DATES and value.strip(". "):
            note = gettext(
                "“%(typed)s” was left out: it needs a date such as 2026-01-31, or 7d for the last seven days."
            )
        else:
            return False
        self.refused.append(typed)
        self.notes.append(note % {"typed": typed, "values": ", ".join(IS)})
        return True

    def query(self) -> Query:
        left = " ".join(typed for typed, _words in self.rest)
        number = _NUMBER.fullmatch(left)
        words = () if number and number[1] else tuple(dict.fromkeys(self._required()))[:WORDS_MAX]
        if self.excluded and not words:
            self.notes.append(gettext("A search needs a word that tickets have, beside those that they don't have."))
        return Query(
            text=left,
            words=words,
            excluded=tuple(dict.fromkeys(self.excluded))[:WORDS_MAX],
            number=int(number[2]) if number else None,
            fields=self.fields,
            unknown=tuple(dict.fromkeys(self.unknown)),
            refused=tuple(dict.fromkeys(self.refused)),
            notes=tuple(dict.fromkeys(self.notes)),
        )

    def _required(self) -> Iterator[Word]:
        last = len(self.rest) - 1
        for place, (typed, words) in enumerate(self.rest):
            if typed == "OR" and 0 < place < last:
                self.notes.append(gettext("“OR” isn't understood: all words must be there."))
            else:
                yield from words


def _joined(spaced: re.Match[str]) -> str:
    """Return a field without its blanks, if it's one."""
    name, sign, value = spaced[1], spaced[2], spaced[3]
    known = VALUES.get(name.lower())
    is_one = not sign and _plain(value) in known if known is not None else _DAY.match(value) is not None
    return f"{name}:{sign}{value}" if is_one else spaced[0]


def _plain(value: str) -> str:
    """Return a status or the like as addresses name it: in_progress for "In progress" and in-progress."""
    return re.sub(r"[\s-]+", "_", value.strip().lower())


def _understand(name: str, value: str, fields: dict[str, list[str]]) -> bool:
    value = value.strip()
    if not value:
        return False
    if name == "is":
        parameter, meant = IS.get(_plain(value), ("", ()))
        if meant:
            fields.setdefault(parameter, []).extend(meant)
        return bool(meant)
    if name in DATES:
        return _understand_dates(DATES[name], value, fields)
    if name not in FIELDS:
        return False
    values = value.lower().split(",") if name in ("status", "priority", "tag") else [value]
    if name == "status":
        values = [_plain(each) for each in values]
    fields.setdefault(FIELDS[name], []).extend(each for each in values if each)
    return True


def _understand_dates(name: str, value: str, fields: dict[str, list[str]]) -> bool:
    first, dots, last = value.partition("..")
    ends = {"after": first, "before": last} if dots else _ends(value)
    meant = {end: day for end, day in ends.items() if day.strip("*")}
    for end, day in meant.items():
        fields.setdefault(f"{name}_{end}", []).append(day)
    return bool(meant)


def _ends(value: str) -> dict[str, str]:
    sign = next((sign for sign in (">=", "<=", ">", "<") if value.startswith(sign)), "")
    day = value.removeprefix(sign)
    if sign.startswith(">"):
        return {"after": day if sign == ">=" else _shifted(day, 1)}
    if sign.startswith("<"):
        return {"before": day if sign == "<=" else _shifted(day, -1)}
    # created:7d means the last seven days: a span has a beginning only.
    return {"after": day, "before": day} if day[:4].isdigit() else {"after": day}


def _shifted(day: str, days: int) -> str:
    try:
        return (date.fromisoformat(day) + timedelta(days=days)).isoformat()
    except (ValueError, OverflowError):
        # The list's filter says that it doesn't understand it.
        return day


def _phrase(value: str) -> list[Word]:
    folded = terms.fold(value)
    required = list(terms.sequence(folded))
    if required and terms.ends_unspaced(folded):
        required.pop()
    return [Word(tuple(required), phrase=len(required) > 1)] if required else []


def _words(value: str) -> list[Word]:
    """Return the words of one piece without blanks; all of its parts are required."""
    found = []
    for word in terms.split(terms.fold(value)):
        if terms.is_unspaced(word):
            found.append(Word(tuple(map(terms.encode, terms.pairs(word))), prefix=len(word) == 1))
        else:
            found.append(Word((terms.encode(word),), prefix=len(word) >= PREFIX_MIN))
    return found
