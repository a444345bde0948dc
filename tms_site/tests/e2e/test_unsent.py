"""What didn't reach the server can be sent again, whatever has come into the page meanwhile."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tickets.factories import TicketFactory

pytestmark = pytest.mark.browser


@pytest.fixture
def expected() -> list[str]:
    return ["ERR_INTERNET_DISCONNECTED", "htmx:(sendError|afterRequest)"]


def notice(page: Page, name: str) -> Locator:
    """The notice that something wasn't sent; what, it says first."""
    return page.get_by_role("alert").locator(".alert").filter(has_text=f"{name}: ")


def again(page: Page, name: str) -> Locator:
    return notice(page, name).get_by_role("button", name="Try again")


@pytest.mark.parametrize("order", [("Properties", "Assign to me"), ("Assign to me", "Properties")])
def test_two_changes_made_offline_both_arrive_when_they_are_tried_again(open_page, agent, order):
    ticket = TicketFactory(priority="low")
    page = open_page(agent, ticket.get_absolute_url())
    page.context.set_offline(True)
    page.get_by_label("Priority").select_option("urgent")
    expect(again(page, "Properties")).to_be_visible()
    page.get_by_role("button", name="Assign to me").click()
    expect(again(page, "Assign to me")).to_be_visible()
    page.context.set_offline(False)
    said = {"Properties": "Urgent", "Assign to me": f"{agent} works on this ticket now."}
    for name in order:
        again(page, name).click()
        expect(page.get_by_role("status").locator(".alert").filter(has_text=said[name])).to_be_visible()
        expect(notice(page, name)).to_have_count(0)
    ticket.refresh_from_db()
    assert (ticket.priority, ticket.assigned_agent) == ("urgent", agent)


def test_what_cannot_be_sent_any_more_is_named_and_said_to_be_lost(open_page, agent):
    page = open_page(agent, TicketFactory(status="in_progress").get_absolute_url())
    page.context.set_offline(True)
    page.get_by_role("button", name="Assign to me").click()
    expect(again(page, "Assign to me")).to_be_visible()
    page.context.set_offline(False)
    page.get_by_label("Assigned agent").select_option(str(agent.pk))
    expect(page.get_by_role("button", name="Assign to me")).to_have_count(0)
    again(page, "Assign to me").click()
    expect(notice(page, "Assign to me")).to_contain_text("This was not sent, and the page has changed since then.")
    expect(again(page, "Assign to me")).to_have_count(0)


def test_a_form_that_fails_twice_says_so_once(open_page, agent):
    ticket = TicketFactory(priority="low", status="open")
    page = open_page(agent, ticket.get_absolute_url())
    page.context.set_offline(True)
    for label, value in (("Priority", "urgent"), ("Status", "in_progress")):
        with page.expect_event("requestfailed"):
            page.get_by_label(label).select_option(value)
    expect(again(page, "Properties")).to_have_count(1)
    page.context.set_offline(False)
    again(page, "Properties").click()
    expect(notice(page, "Properties")).to_have_count(0)
    expect(page.locator("#ticket-head .pill-in_progress")).to_be_visible()
    ticket.refresh_from_db()
    assert (ticket.priority, ticket.status) == ("urgent", "in_progress")
