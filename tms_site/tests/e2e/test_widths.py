"""Lists between the phone and the desktop: a tablet, half of a screen, a page that is enlarged."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from accounts.tokens.services import create_personal_token
from activity.webhooks.factories import WebhookFactory
from tickets import services
from tickets.enums import Priority, Status
from tickets.factories import TicketFactory
from tickets.models import Ticket
from tms_site.tests.e2e.axe import DESKTOP, NARROW, PHONE

pytestmark = pytest.mark.browser

# On both sides of each limit: the rail's, and those of the tables.
WIDTHS = (NARROW, PHONE, 640, 700, 768, 832, 840, 900, 1024, 1100, 1220, 1240, DESKTOP)
TITLE = 200
# How far the widest thing of the page reaches, a table that leaves its frame without pushing the page, and the titles.
MEASURE = """() => ({
    page: document.documentElement.scrollWidth,
    tables: [...document.querySelectorAll("table.rows")]
        .map((table) => table.getBoundingClientRect().right - table.parentElement.getBoundingClientRect().right),
    titles: [...document.querySelectorAll("tbody .row-title")].map((title) => title.getBoundingClientRect().width),
})"""


@pytest.fixture
def long_values(requester, agent):
    """Tickets of people with long names, the first of them with all that a row can have."""
    names = {requester: "Maximiliane von Hohenstaufen-Schwarzenberg", agent: "Alexandra Featherstonehaugh"}
    for person, name in names.items():
        User.objects.filter(pk=person.pk).update(username=name)
        person.username = name
    moment = timezone.now() - timedelta(days=330)
    rows = {"requester": requester, "assigned_agent": agent, "status": Status.IN_PROGRESS, "priority": Priority.MEDIUM}
    TicketFactory(pk=1_234_567, title="The projector in the big meeting room shows no picture " * 2, **rows)
    TicketFactory(title="Short", **rows)
    Ticket.objects.update(creation_date=moment, updated_at=moment)


def problems_of(page, path):
    """Open a list and return what is wrong with it at which width."""
    page.goto(path)
    expect(page.locator("table.rows tbody tr").first).to_be_visible()
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        seen = page.evaluate(MEASURE)
        if seen["page"] > width:
            found.append(f"{path} at {width} px is {seen['page']} px wide")
        found += [f"{path} at {width} px: {beyond} px beyond the frame" for beyond in seen["tables"] if beyond > 0]
        found += [f"{path} at {width} px: a title of {title} px" for title in seen["titles"] if title < TITLE]
    return found


@pytest.mark.parametrize("person", ["requester", "agent", "sysadmin"])
def test_a_list_of_tickets_has_room_for_its_titles_and_scrolls_sideways_at_no_width(
    request, open_page, long_values, person
):
    page = open_page(request.getfixturevalue(person))
    assert problems_of(page, "/tickets/") == []


def test_the_other_lists_scroll_sideways_at_no_width(open_page, sysadmin, long_values):
    services.delete_ticket(actor=sysadmin, ticket_id=1_234_567)
    WebhookFactory(
        name="The pager of the night shift in the northern building", url=f"https://example.com/{'hook' * 40}"
    )
    create_personal_token(
        actor=sysadmin, name="The reporting script on the server of the main house", scope="write", days=90
    )
    page = open_page(sysadmin)
    paths = ["/tickets/trash/", "/activity/", "/webhooks/", "/accounts/tokens/"]
    assert [problem for path in paths for problem in problems_of(page, path)] == []


def test_cards_name_in_full_who_a_table_cuts_short(open_page, agent, long_values):
    page = open_page(agent, "/tickets/")
    name = page.locator("tbody .row-requester").first
    for width, whole in ((DESKTOP, False), (1024, True), (640, True), (NARROW, True)):
        page.set_viewport_size({"width": width, "height": 900})
        assert name.evaluate("cell => cell.scrollWidth <= cell.clientWidth") is whole, width


def test_the_keyboard_sees_by_what_it_sorts_cards(open_page, agent, long_values):
    page = open_page(agent, "/tickets/", width=900)
    head = page.locator("table.rows thead")
    assert head.bounding_box()["height"] <= 1
    page.get_by_role("link", name="Export this list as CSV").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Select all on this page")).to_be_focused()
    page.keyboard.press("Tab")
    link = page.get_by_role("columnheader", name="Title").get_by_role("link")
    expect(link).to_be_focused()
    box, frame = link.bounding_box(), head.bounding_box()
    assert frame["y"] <= box["y"] < box["y"] + box["height"] <= frame["y"] + frame["height"]
    page.keyboard.press("Enter")
    page.wait_for_url("**sort=title**")


def test_cards_say_which_of_two_people_and_times_is_which(open_page, sysadmin, long_values):
    services.delete_ticket(actor=sysadmin, ticket_id=1_234_567)
    page = open_page(sysadmin, "/tickets/trash/")
    cells = page.locator("tbody td[data-label]")
    heads = [head.strip() for head in page.locator("thead th").all_inner_texts()[1:]]
    assert [cell.get_attribute("data-label") for cell in cells.all()] == heads
    shown = "cell => getComputedStyle(cell, '::before').content"
    assert cells.first.evaluate(shown) == "none"
    page.set_viewport_size({"width": 768, "height": 900})
    assert "Requester" in cells.first.evaluate(shown)
