"""Ctrl-K: one field for tickets, people, views and actions, driven by the keyboard."""

import re

import pytest
from playwright.sync_api import Page, expect

from tickets import services
from tickets.models import Ticket

pytestmark = pytest.mark.browser


@pytest.fixture
def ticket(requester) -> Ticket:
    """A ticket that the search knows."""
    made = services.create_ticket(actor=requester, title="Projector is dead", description="No light.", priority="low")
    return made.ticket


def open_palette(page: Page, typed: str = "") -> None:
    """Open the palette, and type at once: no key is lost while it's loaded, and none is a shortcut of the page."""
    page.keyboard.press("Control+k")
    page.keyboard.type(typed)
    expect(page.get_by_role("combobox", name="Find tickets")).to_have_value(typed)


def chosen(page: Page, words: str | re.Pattern[str]) -> None:
    """Expect that the option with these words is the chosen one, and that the field says so."""
    option = page.locator("#palette").get_by_role("option", selected=True)
    expect(option).to_have_count(1)
    expect(option).to_contain_text(words)
    active = option.get_attribute("id")
    expect(page.get_by_role("combobox", name="Find tickets")).to_have_attribute("aria-activedescendant", active or "")


def test_the_desk_jumps_to_tickets_people_views_and_actions(open_page, agent, ticket):
    page = open_page(agent, "/accounts/profile/")
    open_palette(page, "proj")
    chosen(page, "Projector is dead")
    expect(page.locator("#palette [role=status]")).to_have_text("1 result")
    page.keyboard.press("ArrowDown")
    chosen(page, "Search all tickets for “proj”")
    page.keyboard.press("ArrowDown")
    chosen(page, "Projector is dead")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{ticket.get_absolute_url()}")

    # Enter at once: what was typed counts, not what was found for its beginning.
    open_palette(page, "jane.doe")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tickets/?requester=*")
    expect(page.locator("tbody tr")).to_have_count(1)
    open_palette(page, "unass")
    chosen(page, "Unassigned")
    page.keyboard.press("Enter")
    page.wait_for_url("**assigned_agent=none")

    page.goto(ticket.get_absolute_url())
    open_palette(page, "assign to me")
    chosen(page, "Assign to me")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text=f"{agent} works on this ticket now.")).to_be_visible()
    open_palette(page, "internal")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Internal note")).to_be_checked()
    expect(page.locator("#composer textarea")).to_be_focused()


def test_escape_leaves_it_and_the_menu_opens_it_on_a_phone(open_page, requester, ticket):
    page = open_page(requester, "/tickets/", width=390)
    page.get_by_role("button", name="Your menu").click()
    page.get_by_role("button", name="Command palette").click()
    page.keyboard.type("dead projector")
    page.get_by_role("option", name="Projector is dead").click()
    page.wait_for_url(f"**{ticket.get_absolute_url()}")
    open_palette(page)
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
