"""Asking InnoDB's full-text index, after a look at the newest documents.

InnoDB reads the whole list of every word that it's asked for, and gives the oldest of equal documents first, so that
all it finds are read to know the newest: 6 to 13 ms for a word that one in 1,000 of 1,000,000 tickets has, seconds for
one that most of them have. So it's asked for rare words only. A word's share among the newest documents says which are
rare; where whole queries match many of those, reading the newest documents finds enough. As it also shows only what
has been committed, few documents are never asked of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from tickets.models import SearchDocument
from tickets.search import terms
from tickets.search.plans import LATEST, NEWEST, NEWEST_DOCUMENTS, Plan, expression_terms, fulltext, needles, scan
from tickets.search.syntax import Word

# How many of the newest documents a look reads. Up to so many in all, the index isn't asked.
SAMPLE = 1000
# Beyond this share, reading the newest documents finds enough hits as soon as the index: at 1,000,000 tickets both took
# 40 ms for a word of one in 200, and 165 against 10 for one of one in 50. Where filters leave tickets out, more
# documents have to be read for as many hits.
COMMON_SHARE, COMMON_SHARE_OF_SOME = 0.005, 0.03
# Words that are so much more frequent than the rarest one are checked in its hits instead of being asked for.
MUCH_MORE = 5
# So few of them suggest similar tickets; the rarest say most, and those of a greater share say nothing.
SUGGESTING_WORDS, TELLING_SHARE = 6, 0.03


@dataclass(frozen=True)
class Sample:
    """How many of the newest documents were read, whether that's all there are, how many have each word, and all."""

    size: int
    complete: bool
    each: list[int]
    together: int


def all_of(words: Sequence[Word], own: int | None, *, whole: bool) -> Plan:
    """Return how to find the tickets that have every word.

    Args:
        words: what they have.
        own: the number of their requester, where only one person's are looked for.
        whole: whether it's about all tickets, without filters.
    """
    sample = look(words)
    common = COMMON_SHARE if whole else COMMON_SHARE_OF_SOME
    if sample.complete or sample.together > common * sample.size:
        if own is None:
            return Plan(scan(words), NEWEST_DOCUMENTS, index="PRIMARY")
        # One person's tickets have an index of their own by which the latest of them come first.
        return Plan(scan(words), LATEST)
    by_rarity = [words[place] for place in sorted(range(len(words)), key=sample.each.__getitem__)]
    limit = MUCH_MORE * (min(sample.each) + 1)
    rare = [word for word in by_rarity if sample.each[words.index(word)] <= limit]
    asked = [f"+{term}" for word in rare for term in expression_terms(word)]
    if own is not None and min(sample.each) > SAMPLE // 500:
        asked.append(f"+{terms.REQUESTER}{own}")
    read = [word for word in words if word not in rare or word.phrase]
    return Plan(fulltext(" ".join(asked)) & scan(read), NEWEST_DOCUMENTS)


def any_of(words: Sequence[Word], own: int | None) -> Plan | None:
    """Return how to find the tickets that have one of the words, None where all of them say nothing."""
    sample = look(words)
    rare = [(count, word) for count, word in zip(sample.each, words, strict=True) if _is_telling(count, sample)]
    if not rare:
        return None
    chosen = [word for _count, word in sorted(rare, key=lambda pair: pair[0])[:SUGGESTING_WORDS]]
    if sample.complete:
        condition = scan(chosen[:1])
        for word in chosen[1:]:
            condition |= scan([word])
        return Plan(condition, first=NEWEST)
    owned = [f"+{terms.REQUESTER}{own}"] if own is not None else []
    return Plan(fulltext(" ".join([*owned, *(term for word in chosen for term in expression_terms(word))])))


def _is_telling(count: int, sample: Sample) -> bool:
    return sample.complete or count < TELLING_SHARE * sample.size


def look(words: Sequence[Word]) -> Sample:
    """Read the newest documents."""
    table = connection.ops.quote_name(SearchDocument._meta.db_table)
    tests, parameters = [], []
    for place, word in enumerate(words):
        wanted = needles(word)
        tests.append(f"{' AND '.join(['INSTR(terms, %s) > 0'] * len(wanted))} AS word{place}")
        parameters += wanted
    names = [f"word{place}" for place in range(len(words))]
    # The inner table holds no texts: a temporary table of texts would be one on disk.
    statement = (
        f"SELECT COUNT(*), (SELECT MIN(ticket_id) FROM {table}) = MIN(ticket_id),"  # noqa: S608 - our own names
        f" {', '.join(f'SUM({name})' for name in names)}, SUM({' AND '.join(names)})"
        f" FROM (SELECT ticket_id, {', '.join(tests)} FROM {table} ORDER BY ticket_id DESC LIMIT {SAMPLE}) newest"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        size, complete, *counts = cursor.fetchone()
    found = [int(count or 0) for count in counts]
    return Sample(size=size, complete=bool(complete), each=found[:-1], together=found[-1])
