"""The menus of a list's filters by keyboard: the list is loaded for the choice that one stays at alone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tickets.factories import TicketFactory

pytestmark = pytest.mark.browser


@pytest.fixture
def page(open_page, agent, other_agent):
    """The list, which counts how often it's asked for in `window.asked`."""
    TicketFactory(title="Mine", assigned_agent=agent)
    TicketFactory(title="Nobody's", assigned_agent=None)
    page = open_page(agent, "/tickets/")
    page.evaluate("""() => {
        window.asked = 0;
        document.addEventListener("htmx:beforeRequest", (event) => {
            if (event.detail.target.id === "results") window.asked += 1;
        });
    }""")
    return page


def asked(page: Page) -> int:
    return page.evaluate("window.asked")


def walk(page: Page, *keys: str) -> str:
    """Press keys while the menu of agents has the focus, and return what it has then."""
    menu = page.get_by_label("Assigned to", exact=True)
    menu.focus()
    # In one go, as quickly as somebody does who knows where they want to get to.
    for key in keys:
        page.keyboard.press(key)
    return menu.input_value()


def expect_list_of(page: Page, value: str) -> None:
    expect(page).to_have_url(re.compile(rf"[?&]assigned_agent={value}(&|$)"))


@pytest.mark.parametrize("key", ["Enter", "Tab"])
def test_enter_or_leaving_loads_the_list_once(page, key):
    value = walk(page, "ArrowDown", "ArrowDown", "ArrowDown")
    page.keyboard.press(key)
    expect_list_of(page, value)
    assert asked(page) == 1


def test_a_short_rest_loads_it_too_and_the_focus_stays(page):
    value = walk(page, "ArrowDown", "ArrowDown")
    expect_list_of(page, value)
    assert asked(page) == 1
    expect(page.get_by_label("Assigned to", exact=True)).to_be_focused()
    # Back to what the page began with is a choice as well.
    walk(page, "ArrowUp", "ArrowUp", "Enter")
    expect(page).to_have_url(re.compile(r"/tickets/$"))
    assert asked(page) == 2


def test_going_back_to_what_it_was_loads_nothing(page):
    walk(page, "ArrowDown", "ArrowUp", "Tab")
    page.locator("#id_q").fill("Mine")
    expect(page).to_have_url(re.compile(r"/tickets/\?q=Mine$"))
    assert asked(page) == 1


def test_what_is_picked_from_the_opened_menu_filters_at_once(page):
    value = walk(page, "Space", "ArrowDown", "ArrowDown", "Enter")
    expect_list_of(page, value)
    assert asked(page) == 1


def test_a_choice_that_waits_goes_along_with_another_filter(page):
    value = walk(page, "ArrowDown", "ArrowDown")
    page.locator("#id_q").fill("Mine")
    expect_list_of(page, value)
    expect(page).to_have_url(re.compile("q=Mine"))
