"""Notices lie over the page, but never over what has the focus, and not over what one does next."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tickets.factories import CommentFactory, TicketFactory
from tms_site.tests.e2e.axe import DESKTOP, PHONE
from tms_site.tests.e2e.conftest import SEND_COMMENT

pytestmark = pytest.mark.browser


def covers(notice: Locator, other: Locator) -> bool:
    """Tell whether a notice lies over any part of something else, once it has come to rest."""
    notice.evaluate("each => Promise.all(each.getAnimations().map((animation) => animation.finished))")
    one, two = notice.bounding_box(), other.bounding_box()
    return all(
        one[start] < two[start] + two[length] and two[start] < one[start] + one[length]
        for start, length in (("x", "width"), ("y", "height"))
    )


def expect_free(notice: Locator, other: Locator) -> None:
    """Wait until a notice lies over no part of something else: the page may still be on its way there."""
    apart = "a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top"
    notice.page.wait_for_function(
        f"(both) => {{ const [a, b] = both.map((each) => each.getBoundingClientRect()); return {apart}; }}",
        arg=[notice.element_handle(), other.element_handle()],
    )


def comment(page: Page, text: str) -> Locator:
    """Send a comment, and return the notice that says so."""
    page.get_by_label("Comment*").fill(text)
    page.get_by_role("button", name=SEND_COMMENT).click()
    expect(page.locator("#thread > li").last).to_contain_text(text)
    return page.get_by_role("status").locator(".alert")


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_the_notice_of_a_comment_leaves_the_next_one_free(open_page, agent, width):
    ticket = TicketFactory(assigned_agent=agent)
    CommentFactory.create_batch(9, ticket=ticket)
    page = open_page(agent, ticket.get_absolute_url(), width=width)
    notice = comment(page, "On my way.")
    page.get_by_label("Comment*").focus()
    for other in (page.get_by_label("Comment*"), page.locator(".attach-button"), page.locator("#thread > li").last):
        expect_free(notice, other)


def test_a_notice_makes_way_for_what_gets_the_focus_below_it(open_page, agent):
    ticket = TicketFactory(title="The projector in the big meeting room shows no picture", assigned_agent=agent)
    page = open_page(agent, ticket.get_absolute_url(), width=PHONE)
    notice = comment(page, "On my way.")
    page.evaluate("scrollTo(0, 0)")
    link = page.get_by_role("navigation", name="You are here").get_by_role("link", name="Tickets")
    assert covers(notice, link)
    link.focus()
    expect_free(notice, link)


def test_a_notice_that_pointer_and_focus_have_left_waits_for_whoever_comes_back(open_page, agent):
    page = open_page(agent, TicketFactory(assigned_agent=agent).get_absolute_url())
    page.clock.install()
    notice = comment(page, "On my way.")
    dismiss = notice.get_by_role("button")
    notice.hover()
    dismiss.focus()
    page.get_by_label("Comment*").hover()
    page.get_by_label("Comment*").focus()
    notice.hover()
    page.clock.run_for(60_000)
    expect(notice).to_be_visible()
    page.get_by_label("Comment*").hover()
    page.clock.run_for(60_000)
    expect(notice).to_have_count(0)
