"""What the tests of the search share."""

import pytest
from django.db import connection
from django.urls import reverse

from tickets.models import Ticket
from tickets.search import engine, syntax


@pytest.fixture
def search():
    """Return the titles that a person's search finds, best first; the list without an order must agree."""

    def run(text, actor):
        query, tickets = syntax.parse(text), Ticket.objects.visible_to(actor)
        ids = engine.ranked(tickets, query, actor).ids
        assert set(engine.filter(tickets, query, actor).values_list("pk", flat=True)) == set(ids)
        titles = Ticket.objects.in_bulk(ids)
        return [titles[number].title for number in ids]

    return run


@pytest.fixture
def always_fulltext(monkeypatch):
    """Ask the full-text index of MySQL and MariaDB also of databases as small as a test's; it sees what's committed."""
    monkeypatch.setattr("tickets.search.mysql.SAMPLE", 0)
    asked = []

    def note(execute, statement, *arguments):
        asked.append("MATCH" in str(statement))
        return execute(statement, *arguments)

    with connection.execute_wrapper(note):
        yield
    assert any(asked), "the index was not asked"


LIST = reverse("tickets:list")
