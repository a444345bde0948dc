"""How a query is asked of the documents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from math import isqrt

from django.db.models import Q

from tickets.search import terms
from tickets.search.syntax import Word

# What stands for the same: in what everybody on the ticket may read, and behind it, where notes count, in a note.
Either = tuple[str, ...]
# How documents begin that have notes. Most have none, and reading each twice would take twice as long.
NOTED = f" {terms.NOTE}"

# How many of the newest documents tell how frequent words are.
SAMPLE = 1000
# So few tickets never make a word too frequent to say something.
FEW = 3
NEWEST, LATEST = ("-pk",), ("-updated_at", "-pk")
# By the documents' numbers: those are put in order first, and a ticket is read only for those that come first.
NEWEST_DOCUMENTS = ("-search_document__pk",)
# Where documents are: all of them, or the newest once more (tickets.search.recent).
ALL, RECENT = "search_document", "recent_document"
RECENT_FIRST = (f"-{RECENT}__pk",)


@dataclass(frozen=True)
class Plan:
    """How to find tickets.

    Args:
        condition: what they match.
        first: in which order hits are taken where there are too many; the index's own, by relevance, if empty.
        index: which index of the tickets MySQL and MariaDB shall read; the database chooses if empty.
        asks_index: whether the full-text index is asked.
        words: those of a title that tell something, where it's about similar tickets.
        recent: what those match of the newest tickets, where asking for these first is worth it; None elsewhere.
    """

    condition: Q
    first: tuple[str, ...] = ()
    index: str = ""
    asks_index: bool = False
    words: tuple[Word, ...] = ()
    recent: Q | None = None


def is_telling(count: int, size: int) -> bool:
    """Tell whether a word that `count` of the `size` newest documents have says what a ticket is about.

    "The" and "for" don't. Among 1,000 documents, 3 % have a word that does; among the 30 of a small desk that would be
    one, where five may well be about printers: so the share falls as desks grow, by the square root.
    """
    return count <= max(FEW, isqrt(size))


def holds(text: str) -> Q:
    """Return the condition that a ticket's document has this in it."""
    return Q(search_document__terms__holds=text)


def fulltext(expression: str, documents: str = ALL) -> Q:
    """Return the condition that the full-text index of these documents finds a ticket."""
    return Q(**{f"{documents}__terms__fulltext": expression})


def recent_from(number: int, expression: str) -> Q:
    """Return the condition that the index of the newest documents finds a ticket, from this number on."""
    return Q(**{f"{RECENT}__pk__gte": number}) & fulltext(expression, RECENT)


def needles(word: Word) -> list[Either]:
    """Return what a document that matches a word has in it: of each tuple, one at least."""
    if word.phrase:
        return [tuple(f" {' '.join(sign + each for each in word.required)} " for sign in word.signs)]
    ends = [" "] * (len(word.required) - 1) + ["" if word.prefix else " "]
    return [tuple(f" {sign}{each}{end}" for sign in word.signs) for each, end in zip(word.required, ends, strict=True)]


def scan(words: Iterable[Word]) -> Q:
    """Return the condition that a ticket's document matches each word, by reading it."""
    condition = Q()
    for word in words:
        for public, *in_note in needles(word):
            either = holds(public)
            for needle in in_note:
                either |= Q(search_document__terms__startswith=NOTED) & holds(needle)
            condition &= either
    return condition


def scan_without(words: Iterable[Word]) -> Q:
    """Return the condition that a ticket's document matches none of the words, by reading it."""
    condition = Q()
    for word in words:
        for needle in chain.from_iterable(needles(word)):
            condition &= Q(search_document__terms__lacks=needle)
    return condition


def expression_terms(word: Word) -> list[Either]:
    """Return the terms of a word as both engines write them: with a star where beginnings are meant.

    Each tuple is one of its parts, of which a document has one term at least.
    """
    stars = [""] * (len(word.required) - 1) + ["*" if word.prefix else ""]
    return [
        tuple(f"{sign}{each}{star}" for sign in word.signs) for each, star in zip(word.required, stars, strict=True)
    ]
