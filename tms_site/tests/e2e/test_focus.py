"""The keyboard keeps its place when a part of the page is replaced."""

import pytest
from playwright.sync_api import expect

from activity.factories import EntryFactory
from tickets.factories import TicketFactory

pytestmark = pytest.mark.browser


def test_after_sorting_the_head_of_the_column_has_the_focus(open_page, agent):
    TicketFactory()
    page = open_page(agent, "/tickets/")
    link = page.get_by_role("columnheader", name="Title").get_by_role("link")
    link.focus()
    for direction in ("ascending", "descending"):
        page.keyboard.press("Enter")
        expect(page.get_by_role("columnheader", name="Title")).to_have_attribute("aria-sort", direction)
        expect(link).to_be_focused()


def test_what_is_pressed_as_soon_as_it_stands_there_is_no_new_page(open_page, agent):
    TicketFactory()
    page = open_page(agent, "/tickets/")
    page.evaluate("""() => {
        window.isSamePage = true;
        document.addEventListener("htmx:afterRequest", (event) => {
            if (event.detail.xhr.responseURL.endsWith("?sort=title")) document.getElementById("sort-title").click();
        });
    }""")
    page.get_by_role("columnheader", name="Title").get_by_role("link").click()
    expect(page.get_by_role("columnheader", name="Title")).to_have_attribute("aria-sort", "descending")
    assert page.evaluate("window.isSamePage")


def test_paging_leads_the_focus_to_the_top_of_the_new_page_as_it_does_the_eye(open_page, sysadmin):
    EntryFactory.create_batch(60)
    page = open_page(sysadmin, "/activity/")
    rows = page.locator("tbody tr")
    page.get_by_role("link", name="Next").focus()
    first = rows.first.inner_text()
    page.keyboard.press("Enter")
    expect(rows.first).not_to_have_text(first)
    expect(page.locator("#results")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Export this list as CSV")).to_be_focused()


def test_taking_and_giving_back_a_ticket_leaves_the_focus_in_the_part_that_changed(open_page, agent):
    ticket = TicketFactory()
    page = open_page(agent, ticket.get_absolute_url())
    page.get_by_role("button", name="Assign to me").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    page.get_by_role("button", name=f"Unassign {agent}").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#properties")).to_be_focused()


def test_the_field_or_link_that_one_has_gone_on_to_keeps_the_focus(open_page, agent):
    ticket = TicketFactory()
    page = open_page(agent, ticket.get_absolute_url())
    page.get_by_label("Tags").fill("ink")
    page.keyboard.press("Tab")
    expect(page.locator("#thread")).to_contain_text("ink")
    link = page.get_by_role("link", name="All their tickets")
    expect(link).to_be_focused()
    expect(page.get_by_label("Tags")).to_have_value("ink")


def test_after_choosing_what_is_shown_the_next_stop_is_beside_the_choice(open_page, agent):
    ticket = TicketFactory()
    page = open_page(agent, ticket.get_absolute_url())
    page.get_by_role("link", name="Conversation", exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**show=*")
    choice = page.get_by_role("navigation", name="What is shown")
    expect(choice.locator("[aria-current]")).to_have_text("Conversation")
    page.keyboard.press("Tab")
    expect(choice.get_by_role("link").first).to_be_focused()
