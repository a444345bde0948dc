"""How much a list of 50 rows and a ticket of 100 comments may weigh, compressed."""

import gzip

import brotli
import pytest
from playwright.sync_api import Page, Response, expect

from tickets import services
from tickets.factories import CommentFactory, TicketFactory

pytestmark = pytest.mark.browser

KB = 1000
BUDGETS = {"document": 60 * KB, "stylesheet": 35 * KB, "script": 40 * KB}
REQUESTS = 10
SHIFT = 0.02
# Shifts within half a second of a press or a key are answers to it; nobody presses anything here.
SUM_SHIFTS = """() => { window.shift = 0; new PerformanceObserver((list) => list.getEntries().forEach((each) => {
    if (!each.hadRecentInput) window.shift += each.value;
})).observe({type: "layout-shift", buffered: true}); }"""
COMMENT = "I have tried **that** twice now; the lamp stays dark, and the log says `E42`.\n\n- once\n- twice\n"


def weight(response: Response) -> int:
    """Return how many bytes travel: pages are compressed with gzip as they are made, files with Brotli beforehand."""
    body = response.body()
    return len(gzip.compress(body, 6)) if response.request.resource_type == "document" else len(brotli.compress(body))


def expect_budget(page: Page, path: str, ready: str) -> None:
    """Open a page and weigh all that it loads."""
    responses: list[Response] = []
    page.on("response", lambda response: responses.append(response))  # noqa: PLW0108 - Playwright marks the function
    page.add_init_script(f"({SUM_SHIFTS})()")
    page.goto(path, wait_until="networkidle")
    expect(page.locator(ready)).not_to_be_empty()
    weights = dict.fromkeys(BUDGETS, 0)
    for response in responses:
        kind = response.request.resource_type
        weights[kind] = weights.get(kind, 0) + weight(response)
    for kind, budget in BUDGETS.items():
        assert 0 < weights[kind] <= budget, weights
    assert len(responses) <= REQUESTS, [each.url for each in responses]
    assert page.evaluate("window.shift") <= SHIFT


def test_a_list_of_fifty_rows_keeps_its_budget(open_page, sysadmin):
    TicketFactory.create_batch(51, title="The projector in the big room is dead", assigned_agent=sysadmin)
    page = open_page(sysadmin)
    expect_budget(page, "/tickets/?status=open", "#rail-count-open")
    expect(page.locator("tbody tr")).to_have_count(50)


def test_a_ticket_of_a_hundred_comments_keeps_its_budget(open_page, sysadmin, agent, requester):
    ticket = TicketFactory(requester=requester, description=COMMENT)
    for author in (requester, agent) * 50:
        CommentFactory(ticket=ticket, commented_by=author, description=COMMENT)
    for status in ("in_progress", "waiting"):
        services.update_ticket(actor=agent, ticket_id=ticket.pk, changes={"status": status})
    page = open_page(sysadmin)
    expect_budget(page, ticket.get_absolute_url(), "#rail-count-waiting")
    # Its newest part: the description, 48 comments and two changes.
    expect(page.locator("article.comment")).to_have_count(49)


def test_a_phone_keeps_the_budget_too(open_page, agent):
    TicketFactory.create_batch(50)
    expect_budget(open_page(agent, width=390), "/tickets/", "#rail-count-open")
