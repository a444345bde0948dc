"""How a query is asked of the documents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import isqrt

from django.db.models import Q

from tickets.search import terms
from tickets.search.syntax import Word

# How many of the newest documents tell how frequent words are.
SAMPLE = 1000
# So few tickets never make a word too frequent to say something.
FEW = 3
NEWEST, LATEST = ("-pk",), ("-updated_at", "-pk")
# By the documents' numbers: those are put in order first, and a ticket is read only for those that come first.
NEWEST_DOCUMENTS = ("-search_document__pk",)


@dataclass(frozen=True)
class Plan:
    """How to find tickets.

    Args:
        condition: what they match.
        first: in which order hits are taken where there are too many; the index's own, by relevance, if empty.
        index: which index of the tickets MySQL and MariaDB shall read; the database chooses if empty.
        asks_index: whether the full-text index is asked.
        words: those of a title that tell something, where it's about similar tickets.
    """

    condition: Q
    first: tuple[str, ...] = ()
    index: str = ""
    asks_index: bool = False
    words: tuple[Word, ...] = ()


def is_telling(count: int, size: int) -> bool:
    """Tell whether a word that `count` of the `size` newest documents have says what a ticket is about.

    "The" and "for" don't. Among 1,000 documents, 3 % have a word that does; among the 30 of a small desk that would be
    one, where five may well be about printers: so the share falls as desks grow, by the square root.
    """
    return count <= max(FEW, isqrt(size))


def holds(text: str) -> Q:
    """Return the condition that a ticket's document has this in it."""
    return Q(search_document__terms__holds=text)


def fulltext(expression: str) -> Q:
    """Return the condition that the full-text index finds a ticket."""
    return Q(search_document__terms__fulltext=expression)


def needles(word: Word) -> list[str]:
    """Return what a document that matches a word has in it, each of them."""
    encoded = [terms.WORD + each for each in word.required]
    if word.phrase:
        return [f" {' '.join(encoded)} "]
    ends = [" "] * (len(encoded) - 1) + ["" if word.prefix else " "]
    return [f" {each}{end}" for each, end in zip(encoded, ends, strict=True)]


def scan(words: Iterable[Word]) -> Q:
    """Return the condition that a ticket's document matches each word, by reading it."""
    condition = Q()
    for word in words:
        for needle in needles(word):
            condition &= holds(needle)
    return condition


def scan_without(words: Iterable[Word]) -> Q:
    """Return the condition that a ticket's document matches none of the words, by reading it."""
    condition = Q()
    for word in words:
        for needle in needles(word):
            condition &= Q(search_document__terms__lacks=needle)
    return condition


def expression_terms(word: Word) -> list[str]:
    """Return the terms of a word as both engines write them: with a star where beginnings are meant."""
    encoded = [terms.WORD + each for each in word.required]
    if word.prefix:
        encoded[-1] += "*"
    return encoded
