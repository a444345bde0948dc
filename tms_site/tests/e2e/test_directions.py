"""What people write from right to left stands so, within pages that run from left to right."""

import pytest
from playwright.sync_api import expect

from tickets.factories import CommentFactory, TicketFactory

pytestmark = pytest.mark.browser

TITLE, TEXT = "الطابعة لا تعمل.", "الطابعة لا تعمل.\n\n1. أعدت تشغيلها\n2. غيرت الورق"
DIRECTION = "each => getComputedStyle(each).direction"


def test_an_arabic_ticket_runs_from_right_to_left_and_the_page_around_it_does_not(open_page, agent, requester):
    requester.username = "ليلى حداد"
    requester.save()
    ticket = TicketFactory(title=TITLE, description=TEXT, requester=requester)
    CommentFactory(ticket=ticket, commented_by=agent, description="1. One\n2. Two")
    page = open_page(agent, ticket.get_absolute_url())
    heading = page.get_by_role("heading", level=1)
    title, number = heading.locator("bdi"), heading.locator(".ticket-number")
    assert title.evaluate(DIRECTION) == "rtl"
    assert heading.evaluate(DIRECTION) == number.evaluate(DIRECTION) == "ltr"
    assert number.bounding_box()["x"] > title.bounding_box()["x"]
    texts = page.locator("#thread .prose")
    assert [each.evaluate(DIRECTION) for each in texts.all()] == ["rtl", "ltr"]
    assert texts.first.locator("ol").evaluate(DIRECTION) == "rtl"
    assert page.locator(".props .person-name").first.evaluate(DIRECTION) == "rtl"
    field = page.get_by_label("Comment*")
    field.fill(TEXT)
    assert field.evaluate(DIRECTION) == "rtl"
    page.goto("/tickets/")
    link = page.locator("tbody .row-title a")
    expect(link).to_have_text(TITLE)
    assert link.evaluate(DIRECTION) == "rtl"
