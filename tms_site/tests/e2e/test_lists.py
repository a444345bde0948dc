"""Lists whose address is the filter, what they say when empty, cards on a phone, and pages changed in place."""

import re

import pytest
from playwright.sync_api import Page, expect

from tickets import services
from tickets.enums import Priority, Status
from tickets.factories import CommentFactory, TicketFactory
from tms_site.tests.e2e.axe import PHONE

pytestmark = pytest.mark.browser


def titles(page: Page) -> list[str]:
    """Return the titles of the rows."""
    return page.locator("tbody .row-title").all_inner_texts()


@pytest.fixture
def five_open(requester):
    """Five open tickets of high priority, from A to E, among others."""
    TicketFactory(title="Low", requester=requester, priority=Priority.LOW)
    TicketFactory(title="Waiting", requester=requester, priority=Priority.HIGH, status=Status.WAITING)
    return [TicketFactory(title=f"{letter} high", requester=requester, priority=Priority.HIGH) for letter in "CEADB"]


def test_the_address_alone_restores_filter_order_and_page(open_page, agent, other_agent, settings, five_open):
    settings.TICKETS_PAGE_SIZE = 2
    page = open_page(agent, "/tickets/")
    page.locator(".filter-bar summary").filter(has_text="Status").click()
    page.get_by_label("Open", exact=True).check()
    page.wait_for_url("**/tickets/?status=open")
    page.keyboard.press("Escape")
    page.locator(".filter-bar summary").filter(has_text="Priority").click()
    page.get_by_label("High", exact=True).check()
    page.wait_for_url("**priority=high**")
    page.keyboard.press("Escape")
    page.get_by_role("columnheader", name="Title").get_by_role("link").click()
    page.wait_for_url("**sort=title**")
    page.get_by_role("link", name="Next").click()
    page.wait_for_url("**page=**")
    expect(page.locator("tbody .row-title").first).to_have_text("C high")
    assert titles(page) == ["C high", "D high"]

    other = open_page(other_agent, page.url)
    assert titles(other) == ["C high", "D high"]
    chips = other.get_by_role("list", name="Active filters").get_by_role("link")
    assert [" ".join(each.split()) for each in chips.all_inner_texts()] == [
        "Remove filter Status: Open",
        "Remove filter Priority: High",
        "Clear all",
    ]
    expect(other.get_by_role("columnheader", name="Title")).to_have_attribute("aria-sort", "ascending")
    for label in ("Status", "Priority"):
        summary = other.locator(".filter-bar summary").filter(has_text=label)
        summary.click()
        expect(other.locator(".filter-menu[open] :checked")).to_have_count(1)
        other.keyboard.press("Escape")
    expect(other.get_by_role("status").filter(has_text="5 tickets")).to_be_visible()


def test_back_leads_through_the_filters_one_by_one(open_page, agent, five_open):
    page = open_page(agent, "/tickets/")
    expect(page.locator("tbody tr")).to_have_count(7)
    page.locator("#id_q").fill("high")
    page.wait_for_url("**/tickets/?q=high")
    expect(page.locator("tbody tr")).to_have_count(5)
    expect(page.get_by_role("status").filter(has_text="5 tickets")).to_be_visible()
    page.locator("#id_q").fill("B high")
    page.wait_for_url("**/tickets/?q=B+high")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("link", name="B high", exact=True).click()
    page.wait_for_url(re.compile(r"/tickets/\d+/$"))
    page.go_back()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.go_back()
    expect(page.locator("#id_q")).to_have_value("high")
    expect(page.locator("tbody tr")).to_have_count(5)
    page.go_back()
    expect(page.locator("#id_q")).to_have_value("")
    expect(page.locator("tbody tr")).to_have_count(7)
    page.go_forward()
    expect(page.locator("tbody tr")).to_have_count(5)


def test_the_tab_is_called_what_the_list_is_called(open_page, agent, five_open):
    page = open_page(agent, "/tickets/?status=waiting")
    expect(page).to_have_title("Waiting · TMS")
    page.locator(".filter-bar summary").filter(has_text="Priority").click()
    page.get_by_label("High", exact=True).check()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tickets")
    expect(page).to_have_title("Tickets · TMS")
    expect(page.locator("title")).to_have_count(1)


def test_a_chip_takes_its_filter_away_with_one_click(open_page, agent, five_open):
    page = open_page(agent, "/tickets/?status=open&priority=high")
    page.get_by_role("link", name="Remove filter Priority: High").click()
    page.wait_for_url("**/tickets/?status=open")
    expect(page.locator("tbody tr")).to_have_count(6)


def test_a_colleague_who_opens_the_address_sees_only_what_they_may(open_page, agent, other_requester, five_open):
    mine = TicketFactory(title="My high", requester=other_requester, priority=Priority.HIGH)
    address = open_page(agent, "/tickets/?q=high&sort=title").url
    page = open_page(other_requester, address)
    assert titles(page) == [mine.title]
    expect(page.get_by_role("status").filter(has_text="1 ticket")).to_be_visible()


def test_no_tickets_is_not_no_matches(open_page, requester):
    page = open_page(requester, "/tickets/")
    main = page.get_by_role("main")
    expect(main.get_by_role("heading", name="No tickets yet")).to_be_visible()
    expect(main.get_by_role("link", name="New ticket")).to_have_attribute("href", "/tickets/new/")
    TicketFactory(requester=requester)
    page.goto("/tickets/?q=nothing-like-it")
    expect(main.get_by_role("heading", name="No ticket matches")).to_be_visible()
    expect(main.get_by_role("link", name="New ticket")).to_have_count(0)
    main.get_by_role("link", name="Clear all filters").click()
    expect(page.locator("tbody tr")).to_have_count(1)


def test_a_title_that_is_too_long_for_its_column_takes_a_second_line_and_no_third(open_page, sysadmin):
    words = "The projector in the big room on the third floor turns everything green "
    titles = ["Short", f"{words}since Monday", words * 2]
    for title in titles:
        TicketFactory(title=title)
    page = open_page(sysadmin, "/tickets/")
    links = [page.get_by_role("link", name=title.strip(), exact=True) for title in titles]
    short, longer, longest = (link.bounding_box()["height"] for link in links)
    assert short < longer == longest < 2 * short


def test_on_a_phone_rows_are_cards_and_nothing_needs_a_mouse_to_hover(open_page, sysadmin):
    ticket = TicketFactory(title="A title that is longer than a phone is wide, so that it takes two lines of its card")
    CommentFactory(ticket=ticket)
    page = open_page(sysadmin, "/tickets/", width=PHONE, has_touch=True, is_mobile=True)
    card = page.locator("tbody tr")
    box, title = card.bounding_box(), card.locator(".row-title").bounding_box()
    assert title["width"] > 0.75 * box["width"]
    for part in (".row-number", ".pill", ".priority", ".row-person", ".row-time"):
        inner = card.locator(part).first.bounding_box()
        assert inner["y"] >= title["y"] + title["height"], part
        assert inner["x"] + inner["width"] <= PHONE, part
    # The whole card is the link, and so is a corner of it.
    page.touchscreen.tap(box["x"] + box["width"] - 4, box["y"] + box["height"] - 4)
    page.wait_for_url(f"**{ticket.get_absolute_url()}")
    for name in ("Edit the comment", "Delete the comment"):
        action = page.get_by_role("link", name=name)
        expect(action).to_be_visible()
        assert action.evaluate("each => getComputedStyle(each).opacity") == "1"
    page.get_by_role("link", name="Delete the comment").tap()
    expect(page.get_by_role("dialog", name="Delete this comment?")).to_be_visible()


def test_a_property_changes_in_place_and_title_counts_and_conversation_stay_true(open_page, agent):
    ticket = TicketFactory(title="Projector is dead")
    page = open_page(agent, ticket.get_absolute_url())
    expect(page.locator("#rail-count-open")).to_have_text("1")
    page.evaluate("window.stayed = true")
    page.get_by_label("Status").select_option("waiting")
    expect(page.locator("#ticket-head .pill-waiting")).to_be_visible()
    expect(page.get_by_role("status").locator(".alert")).to_contain_text("Waiting")
    expect(page.locator("#rail-count-open")).to_have_text("0")
    expect(page.locator("#rail-count-waiting")).to_have_text("1")
    expect(page.locator("#thread")).to_contain_text("Waiting")
    page.get_by_label("Assigned agent").select_option(label=str(agent))
    expect(page.locator("#rail-count-assigned")).to_have_text("1")
    page.get_by_role("button", name=f"Unassign {agent}").click()
    expect(page.locator("#rail-count-assigned")).to_have_text("0")
    # Each change is made upon the version that the one before left: no conflict with oneself.
    page.get_by_label("Priority").select_option("urgent")
    expect(page.locator("#rail-count-urgent")).to_have_text("1")
    expect(page).to_have_title(f"#{ticket.pk} Projector is dead · TMS")
    assert page.evaluate("window.stayed")
    assert page.url.endswith(ticket.get_absolute_url())
    ticket.refresh_from_db()
    assert (ticket.status, ticket.priority, ticket.version) == (Status.WAITING, Priority.URGENT, 5)


def test_a_comment_appears_in_place_and_its_form_is_empty_again(open_page, requester):
    ticket = TicketFactory(requester=requester)
    page = open_page(requester, ticket.get_absolute_url())
    page.evaluate("window.stayed = true")
    for text in ("First", "Second"):
        page.get_by_label("Comment*").fill(text)
        page.get_by_role("button", name="Comment", exact=True).click()
        expect(page.locator("#thread")).to_contain_text(text)
        expect(page.get_by_label("Comment*")).to_have_value("")
    assert page.evaluate("window.stayed")
    assert list(ticket.comments.values_list("description", flat=True)) == ["First", "Second"]


def test_a_comment_that_reopens_a_ticket_changes_its_status_and_the_counts_beside(open_page, requester, agent):
    ticket = TicketFactory(requester=requester)
    page = open_page(requester)
    services.update_ticket(actor=agent, ticket_id=ticket.pk, changes={"status": "resolved"})
    page.goto(ticket.get_absolute_url())
    expect(page.locator("#rail-count-resolved")).to_have_text("1")
    expect(page.get_by_text("Your comment reopens this ticket.")).to_be_visible()
    page.get_by_label("Comment*").fill("It is dead again.")
    page.get_by_role("button", name="Comment", exact=True).click()
    expect(page.locator("#ticket-head .pill-open")).to_be_visible()
    expect(page.locator("#rail-count-resolved")).to_have_text("0")


@pytest.mark.parametrize(("path", "frame"), [("/permissions/", ".table-scroll"), ("/accounts/2fa/", ".tabs")])
def test_on_a_phone_no_column_and_no_tab_is_cut(open_page, requester, path, frame):
    page = open_page(requester, path, width=PHONE)
    assert page.locator(frame).evaluate("frame => frame.scrollWidth - frame.clientWidth") <= 0
