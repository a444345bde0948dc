"""A ticket's timeline in the API: page by page, oldest first, each event in exactly one of them."""

import pytest

from activity.factories import EntryFactory
from tickets.factories import CommentFactory, TicketFactory
from tms_site.tests.api.client import api, errors

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(requester):
    """Jane's, with comments and changes in turns: fourteen events."""
    ticket = TicketFactory(requester=requester)
    for number in range(7):
        CommentFactory(ticket=ticket, commented_by=requester, description=str(number))
        about = {"target_type": "ticket", "target_id": ticket.pk, "ticket_id": ticket.pk}
        EntryFactory(activity_type="update", changes={"priority": ["low", "high"], "title": ["", str(number)]}, **about)
    return ticket


def walk(program, address, towards, cursor=""):
    """Go from page to page and return them."""
    pages = []
    while not pages or cursor:
        pages.append(program.get(f"{address}&cursor={cursor}" if cursor else address).json())
        cursor = pages[-1][towards]
    return pages


@pytest.mark.parametrize("limit", [1, 3, 7, 13])
def test_each_event_stands_on_one_page_there_and_back(requester, ticket, limit):
    program, address = api(requester), f"/tickets/{ticket.pk}/timeline"
    every = program.get(f"{address}?limit=100").json()
    assert len(every["items"]) == 14
    assert (every["next_cursor"], every["previous_cursor"]) == (None, None)
    pages = walk(program, f"{address}?limit={limit}", "next_cursor")
    assert {len(page["items"]) for page in pages[:-1]} == {limit}
    assert [item for page in pages for item in page["items"]] == every["items"]
    back = walk(program, f"{address}?limit={limit}", "previous_cursor", pages[-1]["previous_cursor"])
    seen = [item for page in reversed(back) for item in page["items"]] + pages[-1]["items"]
    assert seen == every["items"]


def test_whoever_asks_for_no_page_gets_the_first_fifty_and_the_way_on(requester, ticket):
    for number in range(50):
        CommentFactory(ticket=ticket, commented_by=requester, description=str(number))
    answer = api(requester).get(f"/tickets/{ticket.pk}/timeline")
    assert len(answer.json()["items"]) == 50
    assert f"cursor={answer.json()['next_cursor']}" in answer["Link"]
    assert 'rel="next"' in answer["Link"]


def test_what_is_written_meanwhile_comes_on_the_next_page(requester, ticket):
    program, address = api(requester), f"/tickets/{ticket.pk}/timeline?limit=13"
    cursor = program.get(address).json()["next_cursor"]
    CommentFactory(ticket=ticket, commented_by=requester, description="New")
    items = program.get(f"{address}&cursor={cursor}").json()["items"]
    assert len(items) == 2
    assert items[-1]["comment"]["description"] == "New"


@pytest.mark.parametrize("cursor", ["x", "0.0.0", "n", "n1.2.3", "n-1.0.", "q0.0.0", "p0.0.1%00"])
def test_a_cursor_that_tms_did_not_make_is_named(requester, ticket, cursor):
    assert set(errors(api(requester).get(f"/tickets/{ticket.pk}/timeline?cursor={cursor}"))) == {"cursor"}


@pytest.mark.parametrize("limit", ["0", "101", "x"])
def test_a_limit_has_bounds(requester, ticket, limit):
    assert set(errors(api(requester).get(f"/tickets/{ticket.pk}/timeline?limit={limit}"))) == {"limit"}


def test_a_made_up_cursor_shows_nothing_that_one_may_not_see(requester, agent, ticket):
    CommentFactory(ticket=ticket, commented_by=agent, description="Secret", is_internal=True)
    address = f"/tickets/{ticket.pk}/timeline?cursor=n0.0.1"
    assert b"Secret" not in api(requester).get(address).content
    assert b"Secret" in api(agent).get(address).content


def test_an_empty_timeline_is_one_page(requester):
    answer = api(requester).get(f"/tickets/{TicketFactory(requester=requester).pk}/timeline").json()
    assert answer == {"items": [], "next_cursor": None, "previous_cursor": None}
