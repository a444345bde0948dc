"""Whatever somebody types, a search stays a small question (row 29 of docs/security.md)."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tickets.factories import TicketFactory
from tickets.search import syntax, terms
from tickets.search.tests.behaviour import HOSTILE
from tickets.search.tests.conftest import LIST

TERM = re.compile(r"[a-z0-9_]+")
HUGE = ["x" * 10_000, "(a+)+$" * 2_000, "%_%_" * 2_500, '"' + "the " * 2_500]
# Session, person, saved views, agents; look, ranking, rows, their people and snippets; the entry in the log.
MOST_QUERIES = 14


@pytest.mark.parametrize("text", [*HOSTILE, *HUGE], ids=range(len(HOSTILE) + len(HUGE)))
def test_what_is_asked_are_few_short_terms_of_letters_and_digits(text):
    words = syntax.parse(text).words
    assert len(words) <= syntax.WORDS_MAX
    for word in words:
        for term in word.required:
            assert TERM.fullmatch(term)
            assert len(term) <= terms.TERM_MAX


@pytest.mark.django_db
def test_a_page_takes_as_many_queries_for_hostile_text_as_for_any(client_for, agent):
    TicketFactory(title="Water")
    client = client_for(agent)
    for text in ["water", "((((a+)+)+)+$", "%_%_" * 40, " ".join("abcdefghijklmnopqrstuvwxyz"), *HUGE]:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(LIST, {"q": text}).status_code == 200
        assert len(queries) <= MOST_QUERIES, text[:20]
