"""What a search finds, on each engine and however it's asked."""

import pytest

from accounts.factories import UserFactory
from tickets.factories import CommentFactory, TicketFactory
from tickets.models import Ticket
from tickets.search import engine, syntax
from tickets.search.tests.behaviour import FINDS, HOSTILE, MISSES

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("title", "description", "text"), FINDS)
def test_a_search_finds(search, agent, title, description, text):
    TicketFactory(title="Something else", description="of no interest")
    TicketFactory(title=title, description=description)
    assert search(text, agent) == [title]


@pytest.mark.parametrize(("title", "description", "text"), MISSES)
def test_a_search_does_not_find(search, agent, title, description, text):
    TicketFactory(title=title, description=description)
    assert search(text, agent) == []


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_only_text(search, agent, requester, text):
    TicketFactory(title="Water", description="x", requester=requester)
    for actor in (agent, requester):
        assert search(text, actor) in ([], ["Water"])


def test_comments_are_found(search, agent):
    ticket = TicketFactory(title="Printer")
    CommentFactory(ticket=ticket, description="The **toner** is empty")
    assert search("toner printer", agent) == ["Printer"]


def test_requesters_find_their_own_tickets_only(search, requester, other_requester, agent):
    TicketFactory(title="Ink of Jane", requester=requester)
    TicketFactory(title="Ink of Michael", requester=other_requester)
    assert search("ink", requester) == ["Ink of Jane"]
    assert search("ink", other_requester) == ["Ink of Michael"]
    assert set(search("ink", agent)) == {"Ink of Jane", "Ink of Michael"}
    assert search("ink", UserFactory(requester=True, is_active=False)) == []


def test_nobody_finds_a_foreign_ticket_by_its_number(search, requester, other_requester):
    ticket = TicketFactory(title="Secret", requester=other_requester)
    assert search(f"#{ticket.pk}", requester) == []
    assert search(f"{ticket.pk}", requester) == []
    assert search(f"#{ticket.pk}", other_requester) == ["Secret"]


def test_a_number_is_a_word_too_and_the_ticket_of_that_number_comes_first(search, agent):
    ticket = TicketFactory(title="Its number")
    TicketFactory(title=f"{ticket.pk} in the title")
    assert search(f"{ticket.pk}", agent) == ["Its number", f"{ticket.pk} in the title"]
    assert search(f"#{ticket.pk}", agent) == ["Its number"]


def test_a_word_in_the_title_counts_more_than_one_in_the_text(search, agent):
    TicketFactory(title="Toner", description="for the printer")
    TicketFactory(title="Printers", description="need toner")
    TicketFactory(title="The printer", description="needs toner")
    TicketFactory(title="Toner again", description="for the printer")
    assert search("printer", agent)[:2] == ["The printer", "Printers"]


def test_of_two_alike_the_one_that_was_touched_later_comes_first(search, agent):
    older, newer = TicketFactory(title="Older printer"), TicketFactory(title="Newer printer")
    assert search("printer", agent) == [newer.title, older.title]
    Ticket.objects.filter(pk=newer.pk).update(updated_at="2020-01-01T00:00Z")
    assert search("printer", agent) == [older.title, newer.title]


def test_words_side_by_side_count_more(search, agent):
    TicketFactory(title="One", description="The paper jam again")
    TicketFactory(title="Two", description="Jam on the paper")
    assert search("paper jam", agent)[0] == "One"


def test_filters_stay_in_force(agent):
    TicketFactory(title="Ink", status="open")
    TicketFactory(title="Ink", status="waiting")
    found = engine.ranked(Ticket.objects.filter(status="waiting"), syntax.parse("ink"), agent)
    assert list(Ticket.objects.filter(pk__in=found.ids).values_list("status", flat=True)) == ["waiting"]


@pytest.fixture
def newest_two(agent, monkeypatch):
    """Return what is ranked of many hits, and the two newest of them."""
    monkeypatch.setattr(engine, "RANKED_MAX", 2)

    def rank(**filters):
        made = TicketFactory.create_batch(5, title="Ink")
        TicketFactory(title="Ink", status="waiting")
        found = engine.ranked(Ticket.objects.filter(**filters), syntax.parse("ink"), agent)
        return found, [ticket.pk for ticket in reversed(made[-2:])]

    return rank


def test_of_more_than_can_be_ranked_the_newest_are_and_it_is_said(newest_two):
    found, newest = newest_two(status="open")
    assert (found.ids, found.capped) == (newest, True)


@pytest.mark.mysql
@pytest.mark.django_db(transaction=True)
def test_of_more_than_can_be_ranked_the_index_of_a_server_gives_the_newest(newest_two, always_fulltext):
    found, newest = newest_two(status="open")
    assert (found.ids, found.capped) == (newest, True)


@pytest.mark.mysql
@pytest.mark.django_db(transaction=True)
def test_the_full_text_index_of_a_server_finds_the_same(search, agent, requester, always_fulltext):
    cases = [(case, True) for case in FINDS] + [(case, False) for case in MISSES]
    for number, ((title, description, text), expected) in enumerate(cases):
        Ticket.objects.all().delete()
        TicketFactory(title=title, description=description, requester=requester)
        for actor in (agent, requester):
            assert search(text, actor) == ([title] if expected else []), (number, text)
    for text in HOSTILE:
        assert search(text, agent) in ([], ["zzprinter"])


@pytest.mark.mysql
@pytest.mark.django_db(transaction=True)
def test_rare_words_are_asked_for_and_frequent_ones_checked(search, agent, requester, monkeypatch):
    monkeypatch.setattr("tickets.search.mysql.SAMPLE", 20)
    TicketFactory(title="Toner of long ago", description="printer", requester=requester)
    TicketFactory.create_batch(40, title="Printer")
    assert search("toner printer", agent) == search("toner printer", requester) == ["Toner of long ago"]
    assert search("toner", requester) == ["Toner of long ago"]
    assert search("printer", requester) == ["Toner of long ago"]
    assert len(search("printer", agent)) == 41
