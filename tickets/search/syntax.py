"""What somebody typed into the search box, understood. Nothing that can be typed is an error."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta

from tickets.enums import UNRESOLVED, Status
from tickets.search import terms

# More words make a query slower and hardly ever narrow it further.
WORDS_MAX = 10
PREFIX_MIN = 3

_PIECES = re.compile(r'(?:([A-Za-z]{2,20}):)?(?:"([^"]*)"?|(\S+))')
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
    "unassigned": ("assigned_agent", ("none",)),
    "mine": ("assigned_agent", ("me",)),
    "watching": ("watching", ("me",)),
    "unresolved": ("status", tuple(str(status) for status in UNRESOLVED)),
    **{str(status): ("status", (str(status),)) for status in Status},
}


@dataclass(frozen=True)
class Word:
    """One word or phrase that a ticket must have.

    Args:
        required: encoded words that must all be there; the last one as a beginning when `prefix`.
        phrase: whether they must follow one another.
        prefix: whether words that begin so are meant too.
    """

    required: tuple[str, ...]
    phrase: bool = False
    prefix: bool = False


@dataclass(frozen=True)
class Query:
    """What a search means. `text` is what is left of it without its fields."""

    text: str = ""
    words: tuple[Word, ...] = ()
    number: int | None = None
    fields: dict[str, list[str]] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there's nothing to look for: fields aside, only signs or nothing were typed."""
        return not self.words and self.number is None


def parse(text: str) -> Query:
    """Return what a text typed into the search box means; never raises."""
    fields: dict[str, list[str]] = {}
    rest: list[str] = []
    found: list[Word] = []
    unknown: list[str] = []
    for piece in _PIECES.finditer(text):
        name, quoted, bare = piece.groups()
        value = (quoted or "") if bare is None else bare
        if name and _understand(name.lower(), value, fields):
            continue
        if name and name.lower() not in _SCHEMES and value.strip(":./\\'"):
            unknown.append(name)
        rest.append(piece[0])
        is_phrase = bare is None and not name
        found += _phrase(value) if is_phrase else _words(f"{name}:{value}" if name else value)
    left = " ".join(rest)
    number = _NUMBER.fullmatch(left)
    if number and number[1]:
        found = []
    return Query(
        text=left,
        words=tuple(dict.fromkeys(found))[:WORDS_MAX],
        number=int(number[2]) if number else None,
        fields=fields,
        unknown=tuple(dict.fromkeys(unknown)),
    )


def _understand(name: str, value: str, fields: dict[str, list[str]]) -> bool:
    value = value.strip()
    if not value:
        return False
    if name == "is" and value.lower() in IS:
        parameter, meant = IS[value.lower()]
        fields.setdefault(parameter, []).extend(meant)
        return True
    if name in DATES:
        return _understand_dates(DATES[name], value, fields)
    if name not in FIELDS:
        return False
    values = value.lower().split(",") if name in ("status", "priority", "tag") else [value]
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
