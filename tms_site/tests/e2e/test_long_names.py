"""Names, titles and addresses without a blank: they break, and no page grows wider than the window."""

import pytest

from tickets import services
from tickets.enums import TITLE_MAX, VIEW_NAME_MAX
from tickets.factories import CommentFactory, TicketFactory
from tms_site.tests.e2e.axe import DESKTOP, NARROW, PHONE

pytestmark = pytest.mark.browser

WIDTHS = (NARROW, PHONE, DESKTOP)
NAME = "Featherstonehaugh" * 5
URL = f"https://example.com/{'path' * 45}"
# How wide the page is, and what reaches beyond the window; names that the rail cuts off; cells of one letter a line;
# counts, and first words of buttons, that stand in several lines.
MEASURE = """() => {
    const boxes = (selector) => [...document.querySelectorAll(selector)].filter((each) => each.checkVisibility())
        .map((each) => ({ ...each.getBoundingClientRect().toJSON(), each }));
    // In how many lines the first word of an element stands.
    const firstWord = (element) => {
        const text = document.createTreeWalker(element, NodeFilter.SHOW_TEXT, (each) =>
            each.data.trim() ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_SKIP).nextNode();
        const range = document.createRange(), begin = text.data.search(/\\S/);
        range.setStart(text, begin);
        range.setEnd(text, begin + text.data.trim().split(/\\s/)[0].length);
        return new Set([...range.getClientRects()].map(({ top }) => top)).size;
    };
    const wide = boxes("body *").filter(({ right }) => right > innerWidth + 1).slice(-3);
    return {
        width: document.documentElement.scrollWidth,
        wide: wide.map(({ each }) => `${each.tagName}.${each.className} in ${each.parentElement.className}`),
        cut: boxes("#rail .rail-link").map(({ each }) => each).filter((each) => each.scrollWidth > each.clientWidth)
            .map((each) => each.textContent),
        narrow: boxes("tbody :is(td:not(.original), th)").filter(({ width, height }) => width < 60 && height > 200)
            .map(({ each }) => each).filter((each) => each.innerText.length > 20).map((each) => each.className),
        broken: boxes(".rail-count, .btn").map(({ each }) => each)
            .filter((each) => each.innerText.trim() && firstWord(each) > 1).map((each) => each.innerText),
    };
}"""


@pytest.fixture
def world(sysadmin, agent, requester):
    """Everybody has a long name, and every ticket a long title."""
    for person in (sysadmin, agent, requester):
        person.username = f"{NAME[:-1]}{person.pk}"
        person.save()
    rows = {"requester": requester, "assigned_agent": agent}
    tickets = [TicketFactory(title=title, **rows) for title in ("W" * TITLE_MAX, URL)]
    TicketFactory.create_batch(10, **rows)
    for ticket in tickets:
        CommentFactory(ticket=ticket, commented_by=agent, description=f"{URL} and `{'w' * 200}`")
        services.update_ticket(actor=sysadmin, ticket_id=ticket.pk, changes={"priority": "urgent"})
    services.create_view(actor=sysadmin, name="V" * VIEW_NAME_MAX, parameters="status=open")
    return tickets


def faults_of(page, paths):
    found = []
    for path in paths:
        page.goto(path)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            seen = page.evaluate(MEASURE)
            if seen["width"] > width:
                found.append(f"{path} at {width} px is {seen['width']} px wide: {seen['wide']}")
            found += [f"{path} at {width} px cuts off {name} in the rail" for name in seen["cut"]]
            found += [f"{path} at {width} px breaks {text}" for text in seen["broken"]]
            found += [f"{path} at {width} px has a narrow cell {name}" for name in seen["narrow"]]
    return "\n".join(found)


def test_the_desk_pages_break_them(open_page, sysadmin, agent, requester, world):
    page = open_page(sysadmin)
    paths = [
        "/tickets/",
        "/dashboard/",
        "/activity/",
        f"/activity/users/{agent.pk}/",
        f"/tickets/leaving/?user={agent.pk}",
    ]
    paths += [f"/tickets/?assigned_agent={agent.pk}&requester={requester.pk}", "/tickets/views/", "/accounts/profile/"]
    paths += [
        f"{ticket.get_absolute_url()}{page}"
        for ticket in world
        for page in ("", "edit/", "merge/", "delete/", "print/", "hand-over/")
    ]
    assert faults_of(page, paths) == ""


def test_the_requesters_pages_break_them(open_page, requester, world):
    page = open_page(requester)
    assert faults_of(page, ["/", "/tickets/mine/", "/tickets/", world[0].get_absolute_url()]) == ""


def test_the_admin_breaks_them(open_page, sysadmin, agent, world):
    page = open_page(sysadmin)
    users = [f"/admin/accounts/user/{path}" for path in ("", f"{agent.pk}/change/", f"{agent.pk}/history/")]
    tickets = [
        f"/admin/tickets/ticket/{path}"
        for path in ("", *(f"{ticket.pk}/{page}/" for ticket in world for page in ("change", "delete")))
    ]
    assert faults_of(page, [*users, *tickets]) == ""
