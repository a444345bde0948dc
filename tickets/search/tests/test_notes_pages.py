"""Wherever one can search, the desk finds what stands in notes, and its requester what would be found without them."""

import csv
from io import StringIO

import pytest
from django.db import connection
from django.urls import reverse

from tickets import services
from tickets.factories import CommentFactory, TicketFactory
from tickets.search.tests.conftest import LIST
from tms_site.tests.api.client import api

pytestmark = pytest.mark.django_db

# In the text, in a note, and one in each.
IN_TEXT, IN_NOTE, IN_BOTH = "lamp", "zirconium", "lamp zirconium"


@pytest.fixture(autouse=True)
def tickets(agent, requester):
    """Three tickets of Jane's, with the lamp in the text: of the third a note says zirconium as well."""
    made = [TicketFactory(title=f"Projector {number}", description="Lamp", requester=requester) for number in "123"]
    CommentFactory(ticket=made[2], commented_by=agent, is_internal=True, description="Of zirconium, <b>they</b> say")
    return made


def listed(client, text):
    page = client.get(LIST, {"q": text})
    listing = page.context["listing"]
    assert f"{len(listing.page.items)} ticket" in listing.count_label
    sorted_by_title = client.get(LIST, {"q": text, "sort": "title"}).context["listing"]
    assert {ticket.pk for ticket in sorted_by_title.page.items} == {ticket.pk for ticket in listing.page.items}
    assert str(sorted_by_title.count) == str(listing.count)
    return len(listing.page.items)


def exported(client, text):
    response = client.get(reverse("tickets:export"), {"q": text})
    return len(list(csv.reader(StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))) - 1


def in_the_palette(client, text):
    return len(client.get(reverse("tickets:palette"), {"q": text}).context["tickets"])


@pytest.mark.parametrize("count", [listed, exported, in_the_palette])
def test_pages_find_what_stands_in_notes_for_the_desk_alone(client_for, agent, sysadmin, requester, count):
    for actor, found in ((agent, (3, 1, 1)), (sysadmin, (3, 1, 1)), (requester, (3, 0, 0))):
        client = client_for(actor)
        assert tuple(count(client, text) for text in (IN_TEXT, IN_NOTE, IN_BOTH)) == found


def test_so_does_the_api(agent, requester):
    for actor, found in ((agent, 1), (requester, 0)):
        for query in ("q=zirconium", "q=lamp+zirconium", "q=zirconium&sort=title"):
            assert len(api(actor).get(f"/tickets?{query}").json()["items"]) == found


def test_a_saved_view_shows_and_counts_what_its_visitor_may_find(client_for, agent, requester):
    for actor, found in ((agent, 1), (requester, 0)):
        view = services.create_view(actor=actor, name="Rare", parameters="q=zirconium")
        client = client_for(actor)
        assert len(client.get(LIST, {"view": view.slug}).context["listing"].page.items) == found
        counts = client.get(reverse("tickets:counts")).content.decode()
        assert f'id="rail-count-{view.slug}" hx-swap-oob="true" class="rail-count">{found}<' in counts


def test_all_that_match_in_notes_are_chosen_for_a_bulk_action(client_for, agent, tickets):
    chosen = {"action": "priority", "all": "1", "query": "q=zirconium"}
    page = client_for(agent).get(reverse("tickets:bulk"), chosen)
    assert page.context["numbers"] == [tickets[2].pk]


def test_the_administration_finds_them_too(client_for, sysadmin, tickets):
    page = client_for(sysadmin).get(reverse("admin:tickets_ticket_changelist"), {"q": "zirconium"})
    assert [ticket.pk for ticket in page.context["cl"].result_list] == [tickets[2].pk]


def test_while_a_title_is_typed_notes_suggest_nothing_to_anybody(client_for, agent, requester):
    for actor in (agent, requester):
        page = client_for(actor).get(reverse("tickets:similar"), {"title": "zirconium"})
        assert page.context["similar"] == []


MARK = "Internal note</span> "


def test_a_hit_that_a_note_says_is_marked_as_one(client_for, agent, requester):
    page = client_for(agent).get(LIST, {"q": "zirconium"}).content.decode()
    assert f"{MARK}Of <mark>zirconium</mark>, &lt;b&gt;they&lt;/b&gt; say</p>" in page
    assert "zirconium" not in client_for(requester).get(LIST, {"q": "lamp"}).content.decode()
    assert "Of" not in client_for(requester).get(LIST, {"q": "zirconium"}).content.decode().split('id="results"')[1]


def test_what_its_requester_reads_is_quoted_where_it_has_as_many_of_the_words(client_for, agent, tickets):
    client = client_for(agent)
    for text, is_note in ((IN_TEXT, False), (IN_BOTH, False), ("zirconium they", True), ("they lamp say", True)):
        hit = next(hit for hit in client.get(LIST, {"q": text}).context["listing"].page.items if hit == tickets[2])
        assert (hit.snippet_is_note, bool(hit.snippet)) == (is_note, True), text
    services.add_comment(actor=agent, ticket_id=tickets[2].pk, description="They sent zirconium.")
    assert MARK not in client.get(LIST, {"q": "zirconium they"}).content.decode()


@pytest.mark.parametrize("order", [1, -1])
def test_the_order_in_which_texts_are_read_does_not_matter(client_for, agent, requester, order):
    ticket = TicketFactory(title="Printer", description="x", requester=requester)
    for is_internal in (True, False)[::order]:
        CommentFactory(ticket=ticket, commented_by=agent, is_internal=is_internal, description="kettle")
    [hit] = client_for(agent).get(LIST, {"q": "kettle"}).context["listing"].page.items
    assert not hit.snippet_is_note


def test_the_help_beside_the_box_says_so_to_the_desk_alone(client_for, agent, requester):
    assert "Internal notes are searched as well" in client_for(agent).get(LIST).content.decode()
    assert "nternal notes are" not in client_for(requester).get(LIST).content.decode()


RANKED = 9 if connection.vendor == "sqlite" else 10


@pytest.mark.parametrize("rows", [1, 3, 20])
def test_notes_take_no_query_more(client_for, agent, rows, django_assert_num_queries):
    for ticket in TicketFactory.create_batch(rows, title="Ink"):
        CommentFactory.create_batch(3, ticket=ticket, commented_by=agent, is_internal=True, description="kettle")
    client = client_for(agent)
    client.get(LIST, {"q": "kettle"})
    with django_assert_num_queries(RANKED):
        client.get(LIST, {"q": "kettle"})
