"""What InnoDB's index is asked for, and what is read instead."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tickets.factories import TicketFactory
from tickets.search.mysql import SAMPLED_TERMS, all_of, look
from tickets.search.syntax import Word
from tickets.search.tests.conftest import LIST

pytestmark = [pytest.mark.mysql, pytest.mark.django_db(transaction=True)]

ASKED = re.compile(r"AGAINST \('([^']*)'")
# A term that must be there, or several of which one must.
PART = re.compile(r"\+(\([^)]*\)|\S+)")


@pytest.fixture
def many(monkeypatch, requester):
    """Tickets of long ago behind many others, of which the newest are looked at."""
    monkeypatch.setattr("tickets.search.mysql.SAMPLE", 20)
    TicketFactory(title="Long ago", description="Back to the toner", requester=requester)
    TicketFactory.create_batch(40, title="Another", description="the toner way to", requester=requester)
    TicketFactory(title="Lone kettle", description="Back to the kettle", requester=requester)
    TicketFactory.create_batch(40, title="Another", description="the toner way to", requester=requester)


@pytest.fixture
def asked_for(search):
    """Return what a search finds, and the terms that the index was asked for."""

    def run(text, actor):
        with CaptureQueriesContext(connection) as queries:
            found = search(text, actor)
        parts = {part for query in queries for asked in ASKED.findall(query["sql"]) for part in PART.findall(asked)}
        return found, parts

    return run


def test_a_phrase_of_frequent_words_is_looked_for_by_reading(asked_for, many, agent, requester):
    for actor in (agent, requester):
        assert asked_for('"to the toner"', actor) == (["Long ago"], set())


def test_of_a_phrase_only_the_rare_words_are_asked_for(asked_for, many, agent, requester):
    assert asked_for('"to the kettle"', agent) == (["Lone kettle"], {"(zzkettle nnkettle)"})
    assert asked_for('"to the kettle"', requester) == (["Lone kettle"], {"zzkettle"})


def test_a_rare_word_beside_a_phrase_is_asked_for_and_the_phrase_read(asked_for, many, agent):
    assert asked_for('kettle "to the"', agent) == (["Lone kettle"], {"(zzkettle* nnkettle*)"})
    assert asked_for('kettle "the to"', agent) == ([], {"(zzkettle* nnkettle*)"})


def test_frequent_words_that_are_never_together_are_looked_for_by_reading(asked_for, many, agent):
    assert asked_for("back toner", agent) == (["Long ago"], {"(zzback* nnback*)"})
    TicketFactory.create_batch(10, title="Back", description="again")
    assert asked_for("back toner", agent) == (["Long ago"], set())


def test_of_a_long_phrase_only_some_words_are_counted():
    phrase = Word(tuple(f"w{number}" for number in range(90)), phrase=True)
    assert len(look([phrase]).parts) == SAMPLED_TERMS


def test_of_one_person_the_latest_tickets_are_read_and_of_all_the_newest_documents(many):
    frequent = [Word(("toner",))]
    assert all_of(frequent, None, whole=False, of_person=True).index == ""
    assert all_of(frequent, None, whole=False, of_person=False).index == "PRIMARY"


def test_filters_by_a_person_let_a_phrase_be_found_among_their_tickets(client_for, many, agent, requester):
    client = client_for(agent)
    for sort in ("match", "title"):
        page = client.get(LIST, {"q": '"to the toner"', "requester": requester.pk, "sort": sort})
        assert [ticket.title for ticket in page.context["listing"].page.items] == ["Long ago"]


def test_what_tickets_shall_not_have_makes_frequent_words_rare(many):
    toner, way = Word(("toner",)), Word(("way",))
    assert (look([toner]).together, look([toner], [way]).together) == (20, 0)
    assert look([toner], [Word(("kettle",))]).together == 20
