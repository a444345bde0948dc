"""Views in a browser: saved from a filtered list, counted in the rail, one of them where TMS begins."""

import pytest
from playwright.sync_api import expect

from tickets.factories import TicketFactory

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("javascript", [True, False])
def test_a_filtered_list_becomes_a_view_where_tms_begins(open_page, agent, javascript):
    TicketFactory(title="Kite", priority="high")
    TicketFactory(title="Rope")
    page = open_page(agent, "/tickets/?priority=high", java_script_enabled=javascript)
    page.get_by_role("link", name="Save as view").click()
    page.get_by_label("Name").fill("Urgent kites")
    page.get_by_role("button", name="Save view").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Urgent kites")
    link = page.get_by_role("navigation", name="Main").get_by_role("link", name="Urgent kites")
    expect(link).to_have_attribute("aria-current", "page")
    if javascript:
        expect(link.locator(".rail-count")).to_have_text("1")
    page.goto("/tickets/views/")
    page.get_by_role("button", name="Begin here").click()
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Urgent kites")
    expect(page.locator("tbody .row-title")).to_have_text(["Kite"])
