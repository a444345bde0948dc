"""Asking InnoDB's full-text index, after a look at the newest documents.

InnoDB reads the whole list of every word that it's asked for, and gives the oldest of equal documents first, so that
all it finds are read to know the newest: 6 to 13 ms for a word that one in 1,000 of 1,000,000 tickets has, seconds for
one that most of them have. So it's asked for rare words only, and of the newest documents first, where these are kept
once more (tickets/search/recent.py). A word's share among the newest documents says which are rare; where whole queries
match many of those, reading the newest documents finds enough. As it also shows only what has been committed, few
documents are never asked of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain

from django.db import connection

from tickets.models import SearchDocument
from tickets.search import recent, terms
from tickets.search.plans import (
    LATEST,
    NEWEST,
    NEWEST_DOCUMENTS,
    NOTED,
    SAMPLE,
    Either,
    Plan,
    expression_terms,
    fulltext,
    is_telling,
    needles,
    recent_from,
    scan,
)
from tickets.search.syntax import Word

# Beyond this share, reading the newest documents finds enough hits as soon as the index: at 1,000,000 tickets both took
# 40 ms for a word of one in 200, and 165 against 10 for one of one in 50. Where filters leave tickets out, more
# documents have to be read for as many hits.
COMMON_SHARE, COMMON_SHARE_OF_SOME = 0.005, 0.03
# Beyond this share of its rarest term, a question asks the index for too much: each hit costs it 25 microseconds, four
# times as much as reading the next document. One person's own tickets are so few that reading them is sooner even.
ASKABLE_SHARE, ASKABLE_SHARE_OF_OWN = 0.05, 0.002
# Up to this share, the index of the newest documents (tickets.search.recent) is sooner than reading them one by one:
# for a word of one in 200, 6 ms against 69; at this share both take 20.
RECENT_SHARE = 0.015
# Of so many terms of each word or phrase the frequency is looked at.
SAMPLED_TERMS = 10
# Words that are so much more frequent than the rarest one are checked in its hits instead of being asked for.
MUCH_MORE = 5
# So few of them suggest similar tickets: the rarest say most.
SUGGESTING_WORDS = 6


@dataclass(frozen=True)
class Sample:
    """What the newest documents say.

    Args:
        size: how many of them were read.
        newest: the number of the newest one.
        complete: whether that's all there are.
        each: how many have each word.
        together: how many have all of them, and nothing of what they shall not have.
        parts: how many have one of the terms that the index can be asked for together, as they're written there.
    """

    size: int
    newest: int
    complete: bool
    each: list[int]
    together: int
    parts: dict[Either, int]


def all_of(
    words: Sequence[Word], own: int | None, *, without: Sequence[Word] = (), whole: bool, of_person: bool
) -> Plan:
    """Return how to find the tickets that have every word.

    Args:
        words: what they have.
        own: the number of their requester, where only one person's are looked for.
        without: what they don't have; the caller adds it to the condition.
        whole: whether it's about all tickets, without filters.
        of_person: whether a filter leaves only one person's, whoever looks.
    """
    sample = look(words, without)
    common = COMMON_SHARE if whole else COMMON_SHARE_OF_SOME
    rarest = min(sample.parts.values())
    askable = ASKABLE_SHARE if own is None else ASKABLE_SHARE_OF_OWN
    is_common = sample.together > common * sample.size or rarest > askable * sample.size
    # A phrase is rarer than its words: those that are frequent are read in what the rare ones find, and so is it.
    asked = {part for part, count in sample.parts.items() if count <= MUCH_MORE * (rarest + 1)}
    read = [word for word in words if word.phrase or not asked.issuperset(expression_terms(word))]
    by_rarity = sorted(asked, key=lambda part: (sample.parts[part], part))
    expression = " ".join(f"+{_one_of(part)}" for part in by_rarity)
    is_own = of_person or own is not None
    begin = 0 if is_own or (is_common and rarest > RECENT_SHARE * sample.size) else recent.first(sample.newest)
    newest = recent_from(begin, expression) & scan(read) if begin else None
    if sample.complete or is_common:
        return replace(_by_reading(words, of_person=is_own), recent=newest)
    return Plan(fulltext(expression) & scan(read), NEWEST_DOCUMENTS, asks_index=True, recent=newest)


def _one_of(part: Either) -> str:
    return part[0] if len(part) == 1 else f"({' '.join(part)})"


def _by_reading(words: Sequence[Word], *, of_person: bool) -> Plan:
    # One person's tickets have an index of their own by which the latest of them come first.
    return Plan(scan(words), LATEST) if of_person else Plan(scan(words), NEWEST_DOCUMENTS, index="PRIMARY")


def any_of(words: Sequence[Word], own: int | None) -> Plan | None:
    """Return how to find the tickets that have one of the words, None where all of them say nothing."""
    sample = look(words)
    rare = [(count, word) for count, word in zip(sample.each, words, strict=True) if is_telling(count, sample.size)]
    if not rare:
        return None
    telling = tuple(word for _count, word in rare)
    chosen = [word for _count, word in sorted(rare, key=lambda pair: pair[0])[:SUGGESTING_WORDS]]
    if sample.complete:
        condition = scan(chosen[:1])
        for word in chosen[1:]:
            condition |= scan([word])
        return Plan(condition, first=NEWEST, words=telling)
    either = " ".join(_one_of(part) for word in chosen for part in expression_terms(word))
    if own is None:
        return Plan(fulltext(either), words=telling)
    # One person's in their own order: the index's would tell which of equal ones the desk wrote a note on lately.
    return Plan(fulltext(f"+{terms.REQUESTER}{own} +({either})"), first=NEWEST, words=telling)


def look(words: Sequence[Word], without: Sequence[Word] = ()) -> Sample:
    """Read the newest documents. Up to so many in all, the index isn't asked."""
    table = connection.ops.quote_name(SearchDocument._meta.db_table)
    askable = {part: either for word in words for part, either in _askable_parts(word)}
    wanted = [needles(word) for word in words]
    unwanted = [either for word in without for either in needles(word)]
    names: dict[Either, str] = {}
    for either in chain(askable.values(), *wanted, unwanted):
        names.setdefault(either, f"has{len(names)}")
    each = [" AND ".join(names[either] for either in needed) for needed in wanted]
    together = " AND ".join([*each, *(f"NOT {names[either]}" for either in unwanted)])
    sums = [f"SUM({condition})" for condition in (*map(names.__getitem__, askable.values()), *each, together)]
    # The inner table holds no texts: a temporary table of texts would be one on disk.
    statement = (
        f"SELECT COUNT(*), MAX(ticket_id), (SELECT MIN(ticket_id) FROM {table}) = MIN(ticket_id), {', '.join(sums)}"  # noqa: S608 - our own names
        f" FROM (SELECT ticket_id, {', '.join(f'{_has(either)} AS {name}' for either, name in names.items())}"
        f" FROM {table} ORDER BY ticket_id DESC LIMIT {SAMPLE}) newest"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, list(chain.from_iterable(names)))
        size, newest, complete, *counts = cursor.fetchone()
    found = [int(count or 0) for count in counts]
    return Sample(
        size=size,
        newest=newest or 0,
        complete=bool(complete),
        each=found[len(askable) : -1],
        together=found[-1],
        parts=dict(zip(askable, found, strict=False)),
    )


def _has(either: Either) -> str:
    has = "INSTR(terms, %s) > 0"
    return has if len(either) == 1 else f"{has} OR terms LIKE '{NOTED}%%' AND {has}"


def _askable_parts(word: Word) -> list[tuple[Either, Either]]:
    """Return what the index can be asked for, each with what a document that has it has in it."""
    pairs = list(zip(expression_terms(word), needles(replace(word, phrase=False)), strict=True))
    # Of a long phrase the longest words: they are the rarest. It's read as a whole in any case.
    return sorted(pairs, key=lambda pair: len(pair[0][0]), reverse=True)[:SAMPLED_TERMS]
