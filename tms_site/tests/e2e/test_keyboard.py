"""Everything by keyboard, with the focus in sight, and shortcuts that keep out of the way."""

import re
from contextlib import suppress

import pytest
from playwright.sync_api import Locator, Page, TimeoutError, expect  # noqa: A004 - Playwright's own name

from tickets.enums import Priority, Status
from tickets.factories import CommentFactory, TicketFactory
from tickets.models import Ticket
from tms_site.tests.e2e.axe import PHONE

pytestmark = pytest.mark.browser

STOPS = 80
# Scrolling to an element takes a few frames. Milliseconds.
SCROLLED = 2_000
# What one sees of the focused element: its ring (a row's ring is drawn around the whole row), how the ring stands
# out from what is behind it, and whether something lies over it.
FOCUS = """() => {
    const element = document.activeElement;
    if (element === document.body || element === document.documentElement) return null;
    const numbers = (colour) => (colour.match(/[\\d.]+/g) ?? []).map(Number);
    const rings = [getComputedStyle(element), getComputedStyle(element, "::after")];
    const ring = rings.find((style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2);
    const light = ([red, green, blue]) => [red, green, blue].map((each) => each / 255)
        .map((each) => (each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4))
        .reduce((sum, each, index) => sum + each * [0.2126, 0.7152, 0.0722][index], 0);
    let behind = element.parentElement;
    while (behind && numbers(getComputedStyle(behind).backgroundColor)[3] === 0) behind = behind.parentElement;
    const colours = ring && behind && [ring.outlineColor, getComputedStyle(behind).backgroundColor];
    const pair = colours && colours.map(numbers).map(light);
    const box = element.getClientRects()[0] ?? element.getBoundingClientRect();
    const top = document.elementFromPoint(box.x + Math.min(box.width, innerWidth) / 2, box.y + box.height / 2);
    return {
        name: `${element.tagName} ${element.id} “${element.textContent.trim().replace(/\\s+/g, " ").slice(0, 40)}”`,
        ring: Boolean(ring),
        contrast: pair ? (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05) : 0,
        covered: !top || !(element.contains(top) || top.contains(element) || element.labels?.[0]?.contains(top)),
    };
}"""


def press(page: Page, *keys: str) -> None:
    """Press one key after the other."""
    for key in keys:
        page.keyboard.press(key)


def focused(page: Page) -> dict | None:
    """Return what one sees of the focused element, once the page has scrolled to it."""
    focus = page.evaluate(FOCUS)
    if focus and focus["covered"]:
        with suppress(TimeoutError):
            page.wait_for_function(f"() => !({FOCUS})().covered", timeout=SCROLLED)
        focus = page.evaluate(FOCUS)
    return focus


def tab_to(page: Page, target: Locator, key: str = "Tab") -> None:
    """Move the focus with Tab until the target has it."""
    for _ in range(STOPS):
        page.keyboard.press(key)
        if target.evaluate("each => each === document.activeElement"):
            return
    pytest.fail(f"Tab doesn't reach {target}")


def test_the_first_stop_is_the_skip_link_and_it_leads_past_the_navigation(open_page, agent):
    page = open_page(agent, "/tickets/")
    press(page, "Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    press(page, "Enter")
    expect(page.get_by_role("main")).to_be_focused()
    press(page, "Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_the_log_in_page_has_a_skip_link_too(open_page):
    page = open_page(path="/accounts/login/")
    page.get_by_label("E-mail address").focus()
    tab_to(page, page.get_by_role("link", name="Skip to content"), "Shift+Tab")
    press(page, "Enter")
    expect(page.get_by_role("main")).to_be_focused()


def test_a_ticket_is_created_filtered_answered_and_resolved_without_a_mouse(open_page, agent, requester):
    TicketFactory(title="Another", status=Status.WAITING)
    page = open_page(agent, "/tickets/")
    press(page, "c")
    title = page.get_by_label("Title")
    expect(title).to_be_focused()
    page.keyboard.type("Projector is dead")
    press(page, "Tab")
    expect(page.get_by_label("Description")).to_be_focused()
    page.keyboard.type("No light at all.")
    tab_to(page, page.get_by_label("Priority"))
    page.keyboard.type("Urg")
    tab_to(page, page.get_by_label("Requester"))
    page.keyboard.type("Jane")
    tab_to(page, page.get_by_role("button", name="Create ticket"))
    press(page, "Enter")
    page.wait_for_url(re.compile(r"/tickets/\d+/$"))

    ticket = Ticket.objects.get(title="Projector is dead")
    assert (ticket.priority, ticket.requester) == (Priority.URGENT, requester)
    tab_to(page, page.get_by_role("navigation", name="You are here").get_by_role("link", name="Tickets"))
    press(page, "Enter")
    page.wait_for_url("**/tickets/")
    tab_to(page, page.locator(".filter-bar summary", has_text="Status"))
    press(page, "Enter", "Tab", "Space")
    page.wait_for_url("**/tickets/?status=open")
    expect(page.locator("tbody tr")).to_have_count(1)
    press(page, "Escape")
    expect(page.locator(".filter-bar summary", has_text="Status")).to_be_focused()

    press(page, "j", "Enter")
    page.wait_for_url(f"**{ticket.get_absolute_url()}")
    press(page, "r")
    expect(page.get_by_label("Comment*")).to_be_focused()
    page.keyboard.type("On my way.")
    press(page, "Control+Enter")
    expect(page.locator("#thread")).to_contain_text("On my way.")
    tab_to(page, page.get_by_label("Status"))
    page.keyboard.type("Res")
    press(page, "Enter")
    expect(page.locator("#ticket-head .pill-resolved")).to_be_visible()
    ticket.refresh_from_db()
    assert ticket.is_resolved


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_focus_is_always_visible_and_never_covered(open_page, sysadmin, theme):
    ticket = TicketFactory(assigned_agent=sysadmin)
    CommentFactory.create_batch(2, ticket=ticket)
    page = open_page(sysadmin, color_scheme=theme)
    faults = []
    for path in (
        "/tickets/?status=open",
        "/tickets/new/",
        ticket.get_absolute_url(),
        "/activity/",
        "/accounts/profile/",
    ):
        page.goto(path)
        page.get_by_role("link", name="Skip to content").focus()
        stops = [page.evaluate(FOCUS)]
        while len(stops) < STOPS:
            press(page, "Tab")
            focus = focused(page)
            if focus is None:
                break
            stops.append(focus)
        assert len(stops) > 10, path
        faults += [(path, stop) for stop in stops if not stop["ring"] or stop["contrast"] < 3 or stop["covered"]]
    assert not faults, "\n".join(str(each) for each in faults)


def test_a_question_mark_lists_the_shortcuts(open_page, requester):
    page = open_page(requester, "/tickets/")
    press(page, "?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_be_visible()
    press(page, "Escape")
    expect(dialog).to_be_hidden()


def test_slash_searches_and_j_k_and_enter_walk_through_the_list(open_page, requester):
    tickets = [TicketFactory(requester=requester) for _ in range(3)]
    page = open_page(requester, "/tickets/?sort=creation_date")
    links = page.locator("tbody .row-title a")
    press(page, "j")
    expect(links.nth(0)).to_be_focused()
    press(page, "j", "j", "j")
    expect(links.nth(2)).to_be_focused()
    press(page, "k")
    expect(links.nth(1)).to_be_focused()
    press(page, "Enter")
    page.wait_for_url(f"**{tickets[1].get_absolute_url()}")
    press(page, "/")
    expect(page.get_by_label("Search tickets")).to_be_focused()
    page.keyboard.type(tickets[2].title)
    press(page, "Enter")
    page.wait_for_url("**/tickets/?q=*")
    expect(page.locator("tbody tr")).to_have_count(1)


def test_back_from_a_ticket_j_begins_at_its_row(open_page, requester):
    tickets = [TicketFactory(requester=requester) for _ in range(3)]
    page = open_page(requester, "/tickets/?sort=creation_date")
    links = page.locator("tbody .row-title a")
    links.nth(1).click()
    page.wait_for_url(f"**{tickets[1].get_absolute_url()}")
    page.go_back()
    page.evaluate("document.activeElement.blur()")
    press(page, "j")
    expect(links.nth(1)).to_be_focused()
    press(page, "j")
    expect(links.nth(2)).to_be_focused()
    # A list that one doesn't come back to begins at its beginning.
    page.goto("/tickets/")
    press(page, "j")
    expect(links.nth(0)).to_be_focused()


def test_a_assigns_the_ticket_to_oneself(open_page, agent):
    ticket = TicketFactory()
    page = open_page(agent, ticket.get_absolute_url())
    press(page, "a")
    expect(page.get_by_role("status").filter(has_text=f"{agent} works on this ticket now.")).to_be_visible()
    ticket.refresh_from_db()
    assert ticket.assigned_agent == agent


def test_a_shortcut_is_a_letter_while_one_types(open_page, agent):
    page = open_page(agent, "/tickets/")
    address = page.url
    field = page.get_by_label("Search this list")
    field.focus()
    page.keyboard.type("c/jk?")
    expect(field).to_have_value("c/jk?")
    expect(page.locator("dialog[open]")).to_have_count(0)
    assert page.url.startswith(address)
    page.goto("/tickets/new/")
    page.get_by_label("Description").focus()
    page.keyboard.type("c/jk?r a")
    expect(page.get_by_label("Description")).to_have_value("c/jk?r a")


def test_a_key_with_a_modifier_is_the_browsers(open_page, agent):
    page = open_page(agent, "/tickets/")
    press(page, "Control+j", "Alt+/")
    expect(page.locator("tbody a:focus")).to_have_count(0)
    expect(page.get_by_label("Search tickets")).not_to_be_focused()


def test_shortcuts_can_be_switched_off_for_good_but_for_those_with_ctrl(open_page, agent):
    TicketFactory()
    page = open_page(agent, "/tickets/")
    press(page, "?")
    page.get_by_role("link", name="Switch them off in your profile").click()
    page.get_by_label("Use single-key shortcuts").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").filter(has_text="Your profile is saved.")).to_be_visible()
    page.goto("/tickets/")
    press(page, "?", "/", "j", "c")
    expect(page.locator("dialog[open]")).to_have_count(0)
    assert page.evaluate("document.activeElement === document.body")
    assert page.url.endswith("/tickets/")
    press(page, "Control+k")
    expect(page.get_by_role("combobox", name="Find tickets")).to_be_focused()


def test_r_replies_and_n_notes_but_no_key_gives_more_readers_to_what_is_written_already(open_page, agent):
    page = open_page(agent, TicketFactory().get_absolute_url())
    press(page, "n")
    expect(page.get_by_label("Internal note")).to_be_checked()
    expect(page.locator("#composer textarea")).to_be_focused()
    page.keyboard.type("Secret")
    page.locator("#composer textarea").blur()
    press(page, "r")
    expect(page.locator("#composer textarea")).to_be_focused()
    expect(page.get_by_label("Internal note")).to_be_checked()
    page.keyboard.press("Control+a")
    press(page, "Delete")
    page.locator("#composer textarea").blur()
    press(page, "r")
    expect(page.get_by_label("Public reply")).to_be_checked()
    page.keyboard.type("Not for everybody")
    page.locator("#composer textarea").blur()
    press(page, "n")
    expect(page.locator("#composer textarea")).to_be_focused()
    expect(page.get_by_label("Internal note")).to_be_checked()
    expect(page.locator("#composer textarea")).to_have_value("Not for everybody")


def test_a_link_to_the_form_for_a_comment_leads_into_its_text(open_page, requester):
    ticket = TicketFactory(requester=requester, status=Status.WAITING)
    CommentFactory.create_batch(5, ticket=ticket)
    page = open_page(requester, "/tickets/mine/", width=PHONE)
    text = page.locator("#composer textarea")
    page.get_by_role("link", name="Answer").click()
    page.wait_for_url(f"**{ticket.get_absolute_url()}#composer")
    expect(text).to_be_focused()
    expect(text).to_be_in_viewport()
    page.goto(ticket.get_absolute_url())
    page.get_by_role("link", name="Comment", exact=True).click()
    expect(text).to_be_focused()
    expect(text).to_be_in_viewport()


def test_the_desk_answers_a_long_conversation_from_its_head(open_page, agent):
    ticket = TicketFactory()
    CommentFactory.create_batch(12, ticket=ticket)
    page = open_page(agent, ticket.get_absolute_url())
    text = page.locator("#composer textarea")
    expect(text).not_to_be_in_viewport()
    page.get_by_role("link", name="Reply", exact=True).click()
    expect(text).to_be_focused()
    expect(text).to_be_in_viewport()
