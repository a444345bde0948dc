"""Where a ticket says what was searched for: some words around it, the words themselves marked."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from functools import lru_cache

from django.db.models import Value
from django.db.models.functions import Left
from django.utils.safestring import SafeString

from accounts.actors import Actor
from tickets.models import Comment, Ticket
from tickets.search import terms
from tickets.search.syntax import Query, Word
from tms_site.lib.markup import format_text

# How much of a text is looked through, and how much is shown before and after the first word: little before, so that a
# row of a list, which cuts what it has no room for, shows the word itself.
READ_MAX = 10_000
BEFORE, AFTER = 24, 136

# Letters with their accents and vowel signs; what is written as one is cut as in the index, which has none of these.
_SIGNS = "".join(sign for sign in map(chr, range(0x300, 0xFE30)) if unicodedata.category(sign) == "Mn")
_LETTER = f"(?:[^\\W_]|[{_SIGNS}])"
_BLANKS = re.compile(r"\s+")
# What makes words bold or code on the ticket's page says nothing in a line of plain text.
_EMPHASIS = re.compile(r"\*\*|`+")

Span = tuple[int, int]


def attach_snippets(tickets: Collection[Ticket], query: Query, actor: Actor) -> None:
    """Give tickets of a list their `snippet`, from texts that the actor may see, and `marked_title`. One query.

    A note is quoted, to those who may see it, only where it has more of the words than what its requester reads.
    """
    if not query.words or not tickets:
        return
    numbers = [ticket.pk for ticket in tickets]
    text = Left("description", READ_MAX)
    descriptions = (
        Ticket.objects.visible_to(actor).filter(pk__in=numbers).values_list("pk", "pk", Value(value=False), text)
    )
    comments = (
        Comment.objects.visible_to(actor).filter(ticket__in=numbers).values_list("ticket", "pk", "is_internal", text)
    )
    public: dict[int, list[str]] = defaultdict(list)
    notes: dict[int, list[str]] = defaultdict(list)
    for number, _pk, is_internal, words in descriptions.union(comments, all=True):
        (notes if is_internal else public)[number].append(words)
    for ticket in tickets:
        texts = [*public[ticket.pk], *notes[ticket.pk]]
        place, ticket.snippet = _best(texts, query)
        ticket.snippet_is_note = place >= len(public[ticket.pk])
        ticket.marked_title = marked_title(ticket.title, query)


def snippet(texts: Collection[str], query: Query) -> SafeString:
    """Return the best place of the texts, escaped and marked; nothing where none of them has a word of the query."""
    return _best(texts, query)[1]


def _best(texts: Collection[str], query: Query) -> tuple[int, SafeString]:
    """Return which text has most words of the query, the first of equal ones, and what is shown of it."""
    best: tuple[int, int, str, list[Span]] = (0, 0, "", [])
    for place, text in enumerate(texts):
        found = _found(text, query)
        if len(found) > best[0]:
            best = (len(found), place, text, sorted(span for spans in found.values() for span in spans))
        if best[0] == len(query.words):
            break  # nothing later has more of them
    count, place, text, spans = best
    return place, _marked(text, spans) if count else SafeString("")


def marked_title(title: str, query: Query) -> SafeString:
    """Return a whole title, escaped and marked; nothing where it has no word of the query."""
    spans = sorted(span for found in _found(title, query).values() for span in found)
    if not spans:
        return SafeString("")
    marked, place = _between(title, spans, 0, len(title))
    return format_text("{}{}", marked, title[place:])


def _found(text: str, query: Query) -> dict[Word, list[Span]]:
    """Return where a text has which words."""
    words, found = tuple(query.words), dict[Word, list[Span]]()
    if not _may_have(text, words):
        return found
    for start, end in _pieces(text, words):
        folded = terms.fold(text[start:end])
        for word in query.words:
            spans = list(_spans(word, folded, start, end))
            if spans:
                found.setdefault(word, []).extend(spans)
    return found


def _may_have(text: str, words: tuple[Word, ...]) -> bool:
    """Tell whether a text has a word's letters anywhere: most of a ticket's comments haven't, and are done with."""
    letters = terms.letters(terms.fold(text))
    return any(term in letters for term in _folded_terms(words))


@lru_cache(maxsize=256)
def _folded_terms(words: tuple[Word, ...]) -> frozenset[str]:
    return frozenset(terms.decode(term) for word in words for term in word.required)


def _pieces(text: str, words: tuple[Word, ...]) -> Iterator[Span]:
    for pattern in _patterns(words, plain=text.isascii()):
        yield from (match.span() for match in pattern.finditer(text))


@lru_cache(maxsize=256)
def _patterns(words: tuple[Word, ...], *, plain: bool) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return how to find what may be one of these words, and compounds that may be.

    What has no sign beyond ASCII must begin as one of them, a compound with the same letter at least; the rest is
    folded and compared.

    Args:
        words: those of a query.
        plain: whether the text has nothing but ASCII.
    """
    required = sorted({term for word in words for term in word.required})
    beginnings = "|".join(map(re.escape, required))
    if not plain:
        begins = f"(?i:{beginnings})|[A-Za-z0-9]*+[^\\x00-\\x7f]"
        return re.compile(f"(?<!{_LETTER})(?={begins}){_LETTER}+"), terms.COMPOUNDS
    letters = "".join(re.escape(letter) for letter in sorted({term[0] for term in required}))
    return (
        re.compile(rf"(?<![^\W_])(?:{beginnings})[^\W_]*", re.IGNORECASE),
        re.compile(f"(?=[{letters}]){terms.COMPOUNDS.pattern}", re.IGNORECASE),
    )


def _spans(word: Word, folded: str, start: int, end: int) -> Iterator[Span]:
    if not folded.isascii() and len(folded) == end - start and len(terms.split(folded)) != 0:
        yield from _unspaced_spans(word, folded, start)
    encoded = terms.encode("".join(terms.split(folded)))
    last = len(word.required) - 1
    for place, wanted in enumerate(word.required):
        begins = word.prefix and place == last and encoded.startswith(wanted)
        if encoded == wanted or begins:
            yield start, end
            return


def _unspaced_spans(word: Word, folded: str, start: int) -> Iterator[Span]:
    wanted = _folded_terms((word,))
    for place in range(len(folded)):
        for size in (2, 1):
            part = folded[place : place + size]
            if part in wanted and len(part) == size and terms.is_unspaced(part):
                yield start + place, start + place + size
                break


def _marked(text: str, spans: list[Span]) -> SafeString:
    first = spans[0][0]
    begin = _at_blank(text, max(0, first - BEFORE), first)
    end = min(len(text), first + AFTER)
    dots = ("… " if begin else "", "…" if end < len(text) else "")
    marked, place = _between(text, spans, begin, end, _line)
    return format_text("{}{}{}{}", dots[0], marked, _line(text[place:end]), dots[1])


def _between(
    text: str, spans: list[Span], begin: int, end: int, cleaned: Callable[[str], str] = str
) -> tuple[SafeString, int]:
    """Return a part of a text, marked up to the last of the spans within it, and where that ends."""
    marked, place = SafeString(""), begin
    for start, stop in spans:
        if start < place or stop > end:
            continue
        marked += format_text("{}<mark>{}</mark>", cleaned(text[place:start]), text[start:stop])
        place = stop
    return marked, place


def _at_blank(text: str, place: int, before: int) -> int:
    """Return the beginning of the first whole word from `place` on."""
    if place == 0:
        return 0
    blank = _BLANKS.search(text, place, before)
    return blank.end() if blank else place


def _line(text: str) -> str:
    return _BLANKS.sub(" ", _EMPHASIS.sub("", text))
