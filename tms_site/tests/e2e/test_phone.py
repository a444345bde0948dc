"""What the narrow screen of a phone makes of rows that have no room there."""

import pytest
from django.utils import timezone

from tickets.factories import CommentFactory, TicketFactory
from tms_site.tests.e2e.axe import NARROW, PHONE

pytestmark = pytest.mark.browser

TAP = 44
# The texts of a comment's head that its actions cover, or that reach beyond it.
COVERED = """(head) => {
    const actions = head.querySelector(".comment-actions").getBoundingClientRect();
    const frame = head.getBoundingClientRect();
    const range = document.createRange();
    const texts = document.createTreeWalker(head.querySelector(".comment-facts"), NodeFilter.SHOW_TEXT);
    const covered = [];
    while (texts.nextNode()) {
        range.selectNodeContents(texts.currentNode);
        for (const {left, right, top, bottom, width} of texts.currentNode.data.trim() ? range.getClientRects() : []) {
            const beside = right <= actions.left || top >= actions.bottom;
            if (width && !(beside && left >= frame.left && right <= frame.right && bottom <= frame.bottom)) {
                covered.push(texts.currentNode.data);
            }
        }
    }
    return covered;
}"""


@pytest.mark.parametrize("width", [PHONE, NARROW])
def test_the_tabs_of_ones_account_fill_whole_lines_and_none_hides(open_page, requester, width):
    page = open_page(requester, "/accounts/tokens/", width=width)
    tabs = page.get_by_role("navigation", name="Your account")
    frame = tabs.get_by_role("list").bounding_box()
    boxes = [tab.bounding_box() for tab in tabs.get_by_role("link").all()]
    lines = {box["y"]: box for box in boxes}  # the last of each line
    assert len(lines) < len(boxes)
    for last in lines.values():
        assert last["x"] + last["width"] == pytest.approx(frame["x"] + frame["width"], abs=2)
    for box in boxes:
        assert box["height"] >= TAP
        assert frame["x"] <= box["x"] < box["x"] + box["width"] <= width


@pytest.mark.parametrize("width", [PHONE, NARROW])
def test_a_comments_actions_stand_at_the_right_of_its_first_line_each_as_big_as_a_finger(
    open_page, sysadmin, agent, width
):
    agent.username = "Maximiliane von Hohenstaufen-Schwarzenberg"
    agent.save()
    ticket = TicketFactory()
    CommentFactory(ticket=ticket, commented_by=ticket.requester)
    CommentFactory(ticket=ticket, commented_by=agent, is_internal=True, edited_at=timezone.now())
    page = open_page(sysadmin, ticket.get_absolute_url(), width=width)
    for name, count in ((ticket.requester.username, 3), (agent.username, 4)):
        head = page.locator(".comment-head").filter(has=page.get_by_text(name, exact=True)).last
        actions = [each.bounding_box() for each in head.locator(".comment-actions").get_by_role("link").all()]
        who, frame = head.locator("b").bounding_box(), head.bounding_box()
        assert len(actions) == count
        for action in actions:
            assert action["y"] <= who["y"] < action["y"] + action["height"]
            assert min(action["width"], action["height"]) >= TAP
            assert action["y"] >= frame["y"]
            assert action["y"] + action["height"] <= frame["y"] + frame["height"]
        edges = [edge for action in actions for edge in (action["x"], action["x"] + action["width"])]
        assert edges == sorted(edges)
        assert edges[-1] == pytest.approx(frame["x"] + frame["width"], abs=8)


@pytest.mark.parametrize("width", [PHONE, NARROW])
def test_nothing_in_a_comments_head_stands_below_its_actions_or_beyond_its_edge(open_page, sysadmin, agent, width):
    agent.username = f"Maximiliane von Hohenstaufen-Schwarzenberg {'Featherstonehaugh' * 3}"
    agent.save()
    ticket = TicketFactory()
    CommentFactory(ticket=ticket, commented_by=agent, is_internal=True, edited_at=timezone.now(), moved_from=7)
    head = open_page(sysadmin, ticket.get_absolute_url(), width=width).locator(".comment-head").last
    assert head.locator(".comment-actions").get_by_role("link").count() == 4
    assert head.evaluate(COVERED) == []
