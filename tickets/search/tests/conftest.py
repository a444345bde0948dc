"""What the tests of the search share."""

import pytest
from django.db import connection
from django.urls import reverse

from tickets import services
from tickets.models import SearchDocument, Ticket
from tickets.search import engine, rebuild, syntax


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
def printer(requester):
    """A ticket that a service has opened."""
    return services.create_ticket(actor=requester, title="Printer", description="Smoke").ticket


def terms_of(ticket):
    """Return what the index holds of a ticket."""
    return SearchDocument.objects.get(pk=ticket.pk).terms


def assert_whole():
    """Fail where the index isn't as the tickets are."""
    assert [line for _tickets, lines in rebuild.check() for line in lines] == []


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
