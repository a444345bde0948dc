"""Asking FTS5."""

from __future__ import annotations

from collections.abc import Sequence

from tickets.search import terms
from tickets.search.plans import NEWEST, Plan, expression_terms, fulltext
from tickets.search.syntax import Word


def all_of(words: Sequence[Word], own: int | None, *, without: Sequence[Word], whole: bool, of_person: bool) -> Plan:
    """Return how to find the tickets that have every word; `own` is the number of their requester."""
    parts = [(" + " if word.phrase else " AND ").join(expression_terms(word)) for word in words]
    if own is not None:
        parts.append(f"{terms.REQUESTER}{own}")
    return Plan(fulltext(" AND ".join(f"({part})" for part in parts)), first=NEWEST, asks_index=True)


def any_of(words: Sequence[Word], own: int | None) -> Plan | None:
    """Return how to find the tickets that have one of the words."""
    either = " OR ".join(term for word in words for term in expression_terms(word))
    owned = f" AND {terms.REQUESTER}{own}" if own is not None else ""
    return Plan(fulltext(f"({either}){owned}"), first=NEWEST)
