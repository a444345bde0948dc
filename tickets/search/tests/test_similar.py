"""Who begins a ticket is shown similar ones that they may see."""

import pytest
from django.urls import reverse

from tickets.factories import CommentFactory, TicketFactory
from tickets.models import Ticket
from tickets.search import engine
from tickets.seeding import seed
from tms_site.lib.time_limit import TooSlow

pytestmark = pytest.mark.django_db
SIMILAR, NEW = reverse("tickets:similar"), reverse("tickets:create")


def suggested(actor, title, most=5):
    numbers = engine.similar(Ticket.objects.visible_to(actor), title, actor, most)
    titles = Ticket.objects.in_bulk(numbers)
    return [titles[number].title for number in numbers]


@pytest.fixture
def tickets(requester, other_requester):
    TicketFactory(title="Printer jams on the second floor", requester=requester)
    TicketFactory(title="VPN is slow", requester=requester)
    TicketFactory(title="Printer on second floor without toner", requester=other_requester)


def test_the_desk_is_shown_the_tickets_of_all_that_share_words(agent, tickets):
    # The first of them has "the" besides.
    both = ["Printer jams on the second floor", "Printer on second floor without toner"]
    assert suggested(agent, "The printer of the second floor") == both
    assert suggested(agent, "The printer of the second floor", most=1) == both[:1]


def test_requesters_are_shown_their_own_only(requester, tickets):
    assert suggested(requester, "printer on second floor") == ["Printer jams on the second floor"]


@pytest.mark.parametrize("title", ["", "!!", "x", "is on", "scanner", "scanner floor", "\x00", "%_" * 100])
def test_nothing_is_like_it(agent, tickets, title):
    assert suggested(agent, title) == []


def test_one_word_is_enough_where_there_is_no_other(agent, tickets):
    assert suggested(agent, "VPN") == ["VPN is slow"]


@pytest.mark.mysql
@pytest.mark.django_db(transaction=True)
def test_the_full_text_index_of_a_server_suggests_the_same(agent, requester, tickets, always_fulltext):
    assert len(suggested(agent, "printer of the second floor")) == 2
    assert suggested(requester, "printer of the second floor") == ["Printer jams on the second floor"]
    assert suggested(agent, "scanner") == []


def test_words_that_everybody_uses_suggest_nothing(agent, tickets):
    TicketFactory.create_batch(30, title="What is the printer for?")
    assert suggested(agent, "printer") == []
    assert suggested(agent, "What is the printer for?") == []


def test_what_everybody_uses_is_told_by_the_newest_tickets(agent, tickets, monkeypatch):
    TicketFactory.create_batch(30, title="Printer")
    TicketFactory.create_batch(20, title="Scanner")
    for vendor in ("mysql", "sqlite"):
        monkeypatch.setattr(f"tickets.search.{vendor}.SAMPLE", 20)
    assert suggested(agent, "scanner") == []


def test_one_word_that_tells_something_is_looked_for_in_titles(agent, tickets):
    TicketFactory(title="Cannot work from home", description="It began when the VPN was new.")
    TicketFactory.create_batch(30, title="What is the matter with this?")
    assert suggested(agent, "What is the matter with the VPN?") == ["VPN is slow"]


@pytest.mark.parametrize(
    ("title", "about"),
    [
        ("The printer on floor 2 is jammed", "printer"),
        ("Stripes on all the pages from the printer that was new", "printer"),
        ("The VPN has dropped from my home office again", "vpn"),
    ],
)
def test_the_demo_suggests_what_it_is_about(sysadmin, title, about):
    seed()
    titles = suggested(sysadmin, title)
    assert titles
    assert all(about in each.lower() for each in titles)


def test_the_demo_has_nothing_like_what_shares_the_small_words_only(sysadmin):
    seed()
    assert suggested(sysadmin, "The zeppelin for you and that one from the museum has landed") == []


def test_the_fragment_has_links_and_the_last_answer_to_what_is_resolved(client_for, requester, agent, tickets):
    done = TicketFactory(title="Printer jam", status="resolved", requester=requester)
    CommentFactory(ticket=done, commented_by=agent, description="First answer")
    CommentFactory(ticket=done, commented_by=agent, description="Open <b>tray 2</b>.")
    CommentFactory(ticket=done, description="Thanks!")
    CommentFactory(ticket=done, commented_by=agent, description="A note among colleagues", is_internal=True)
    still_open = Ticket.objects.get(title="Printer jams on the second floor")
    CommentFactory(ticket=still_open, commented_by=agent, description="Not yet the answer")
    headers = {"HX-Request": "true"}
    assert b"colleagues" not in client_for(agent).get(SIMILAR, {"title": "printer jam"}, headers=headers).content
    page = client_for(requester).get(SIMILAR, {"title": "printer jam"}, headers=headers).content.decode()
    assert "<html" not in page
    assert f'href="{done.get_absolute_url()}"' in page
    assert "Open &lt;b&gt;tray 2&lt;/b&gt;." in page
    for hidden in ("First answer", "Thanks!", "Not yet the answer", "without toner"):
        assert hidden not in page


def test_without_javascript_it_is_a_step_that_leads_to_the_form(client_for, requester, tickets):
    client = client_for(requester)
    assert SIMILAR in client.get(NEW).content.decode()
    page = client.get(SIMILAR, {"title": "Printer & floor, second"}).content.decode()
    assert "Printer jams on the second floor" in page
    assert f'href="{NEW}?title=Printer%20%26%20floor%2C%20second"' in page
    assert "Nothing like it" in client.get(SIMILAR, {"title": "scanner"}).content.decode()
    assert "Nothing like it" not in client.get(SIMILAR).content.decode()
    form = client.get(NEW, {"title": "Printer & floor, second"}).context["form"]
    assert form["title"].value() == "Printer & floor, second"


def test_a_suggestion_that_takes_too_long_is_none(client_for, requester, tickets, monkeypatch):
    def slow(*args):
        raise TooSlow

    monkeypatch.setattr("tickets.views.similar.engine.similar", slow)
    response = client_for(requester).get(SIMILAR, {"title": "printer"}, headers={"HX-Request": "true"})
    assert (response.status_code, b"<li>" in response.content) == (200, False)


@pytest.mark.parametrize("title", ["x" * 10_000, "\x00\ud7ff", "' OR 1=1 --", "<script>alert(1)</script>"])
def test_odd_titles_are_only_titles(client_for, requester, title):
    for address in (SIMILAR, NEW):
        response = client_for(requester).get(address, {"title": title})
        assert response.status_code == 200
        assert b"<script>alert" not in response.content


def test_the_answer_has_no_signs_of_markdown(client_for, requester, agent):
    done = TicketFactory(title="Printer jam", status="resolved", requester=requester)
    CommentFactory(ticket=done, commented_by=agent, description="## Done\n\nOpen **tray 2**, see [how](https://x.org).")
    page = client_for(requester).get(SIMILAR, {"title": "printer jam"}).content.decode()
    assert "Open tray 2, see how." in page
    for sign in ("##", "**", "https://x.org"):
        assert sign not in page


@pytest.mark.parametrize("rows", [1, 3, 5])
def test_suggestions_take_a_constant_number_of_queries(client_for, agent, rows, django_assert_max_num_queries):
    TicketFactory.create_batch(30)
    for _row in range(rows):
        CommentFactory(ticket=TicketFactory(title="Printer jam", status="resolved"), commented_by=agent)
    client = client_for(agent)
    with django_assert_max_num_queries(7):
        client.get(SIMILAR, {"title": "printer jam"}, headers={"HX-Request": "true"})


@pytest.mark.mysql
@pytest.mark.django_db(transaction=True)
def test_the_one_that_is_similar_is_found_behind_many_of_ones_own(requester, monkeypatch):
    monkeypatch.setattr("tickets.search.mysql.SAMPLE", 5)
    monkeypatch.setattr(engine, "SIMILAR_CANDIDATES", 5)
    TicketFactory(title="Printer jams on the second floor", requester=requester)
    TicketFactory.create_batch(20, title="Something else", requester=requester)
    assert suggested(requester, "printer jams") == ["Printer jams on the second floor"]
