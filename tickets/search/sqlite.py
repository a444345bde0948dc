"""Asking FTS5."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from tickets.models import SearchDocument
from tickets.search import terms
from tickets.search.plans import NEWEST, SAMPLE, Plan, expression_terms, fulltext, is_telling
from tickets.search.syntax import Word


def all_of(words: Sequence[Word], own: int | None, *, without: Sequence[Word], whole: bool, of_person: bool) -> Plan:
    """Return how to find the tickets that have every word; `own` is the number of their requester."""
    parts = [_expression(word) for word in words]
    if own is not None:
        parts.append(f"{terms.REQUESTER}{own}")
    return Plan(fulltext(" AND ".join(f"({part})" for part in parts)), first=NEWEST, asks_index=True)


def _expression(word: Word) -> str:
    """Return what FTS5 is asked for a word; a phrase stands as a whole in one text or the other."""
    parts = expression_terms(word)
    if word.phrase:
        return " OR ".join(f"({' + '.join(phrase)})" for phrase in zip(*parts, strict=True))
    return " AND ".join(f"({' OR '.join(either)})" for either in parts)


def any_of(words: Sequence[Word], own: int | None) -> Plan | None:
    """Return how to find the tickets that have one of the words, None where all of them say nothing."""
    size, counts = _frequencies(words)
    telling = tuple(word for word, count in zip(words, counts, strict=True) if is_telling(count, size))
    if not telling:
        return None
    either = " OR ".join(term for word in telling for part in expression_terms(word) for term in part)
    owned = f" AND {terms.REQUESTER}{own}" if own is not None else ""
    return Plan(fulltext(f"({either}){owned}"), first=NEWEST, words=telling)


def _frequencies(words: Sequence[Word]) -> tuple[int, list[int]]:
    """Return how many the newest documents are, and how many of them have each word: the index reads no others."""
    quote, meta = connection.ops.quote_name, SearchDocument._meta
    table, index = quote(meta.db_table), quote(f"{meta.db_table}_fts")
    count = f"(SELECT COUNT(*) FROM {index} WHERE {index} MATCH %s AND rowid >= first)"  # noqa: S608 - our own names
    statement = (
        f"SELECT {', '.join(['size', *[count] * len(words)])} FROM (SELECT COUNT(*) AS size, MIN(ticket_id) AS first"  # noqa: S608 - our own names
        f" FROM (SELECT ticket_id FROM {table} ORDER BY ticket_id DESC LIMIT {SAMPLE}))"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [_expression(word) for word in words])
        size, *counts = cursor.fetchone()
    return size, counts
