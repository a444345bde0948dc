"""A bare number is a word, and the ticket of that number too."""

import pytest

from tickets.factories import TicketFactory
from tickets.models import Ticket
from tickets.search import engine, syntax
from tickets.search.tests.conftest import LIST

pytestmark = pytest.mark.django_db


@pytest.fixture
def numbered(monkeypatch, requester):
    """A ticket, and five newer ones with its number in their titles: more than are ranked."""
    monkeypatch.setattr(engine, "RANKED_MAX", 2)
    first = TicketFactory(title="Its number", requester=requester)
    return [first, *TicketFactory.create_batch(5, title=f"Exchange {first.pk} problem", requester=requester)]


def found(tickets, number, actor):
    hits = engine.filter(tickets, syntax.parse(str(number)), actor)
    return sorted(hits.values_list("pk", flat=True))


def finds_all(numbered, *people):
    numbers = [ticket.pk for ticket in numbered]
    others = Ticket.objects.exclude(pk=numbers[0])
    for person in people:
        assert found(Ticket.objects.visible_to(person), numbers[0], person) == numbers
        assert found(others, numbers[0], person) == numbers[1:]
    return True


@pytest.mark.parametrize("most", [3, 20])
def test_all_tickets_with_the_number_are_found_however_many_there_are(monkeypatch, numbered, agent, requester, most):
    monkeypatch.setattr(engine, "KNOWN_MAX", most)
    assert finds_all(numbered, agent, requester)


def test_the_ticket_of_that_number_comes_first_however_old_it_is(numbered, agent):
    ranking = engine.ranked(Ticket.objects.all(), syntax.parse(str(numbered[0].pk)), agent)
    assert ranking.ids == [numbered[0].pk, numbered[-1].pk]
    assert ranking.capped


def test_each_order_of_a_list_shows_them(client_for, numbered, agent):
    listing = client_for(agent).get(LIST, {"q": str(numbered[0].pk), "sort": "creation_date"}).context["listing"]
    assert [ticket.pk for ticket in listing.page.items] == [ticket.pk for ticket in numbered]
    assert str(listing.count) == "6"


def test_where_the_ranking_ends_it_says_that_another_order_shows_all(client_for, numbered, agent, settings):
    settings.TICKETS_PAGE_SIZE = 1
    client = client_for(agent)
    first = client.get(LIST, {"q": "exchange"})
    assert first.context["listing"].count_label == "2+ tickets, of which the newest 2 are ranked"
    assert "There are more hits" not in first.content.decode()
    last = client.get(first.context["listing"].next_url)
    assert last.context["listing"].next_url == ""
    content = last.content.decode()
    assert "There are more hits than the newest 2, which are ranked here." in content
    assert 'href="/tickets/?q=exchange&amp;sort=-updated_at"' in content


def test_where_all_hits_are_ranked_there_is_nothing_to_say(client_for, agent):
    page = client_for(agent).get(LIST, {"q": TicketFactory(title="Kettle").title})
    assert page.context["listing"].count_label == "1 ticket"
    assert "There are more hits" not in page.content.decode()


@pytest.mark.mysql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("most", [3, 20])
def test_a_server_finds_all_whether_they_are_few_or_many(
    monkeypatch, always_fulltext, numbered, agent, requester, most
):
    monkeypatch.setattr(engine, "KNOWN_MAX", most)
    assert finds_all(numbered, agent, requester)
