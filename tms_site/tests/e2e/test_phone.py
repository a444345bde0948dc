"""What the narrow screen of a phone makes of rows that have no room there."""

import pytest
from django.utils import timezone

from tickets.factories import CommentFactory, TicketFactory
from tms_site.tests.e2e.axe import NARROW, PHONE

pytestmark = pytest.mark.browser

TAP = 44


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


def test_a_comments_actions_stand_at_the_right_of_its_first_line(open_page, sysadmin, agent):
    agent.username = "Maximiliane von Hohenstaufen-Schwarzenberg"
    agent.save()
    ticket = TicketFactory()
    CommentFactory(ticket=ticket, commented_by=ticket.requester)
    CommentFactory(ticket=ticket, commented_by=agent, is_internal=True, edited_at=timezone.now())
    page = open_page(sysadmin, ticket.get_absolute_url(), width=PHONE)
    for name, count in ((ticket.requester.username, 3), (agent.username, 4)):
        head = page.locator(".comment-head").filter(has=page.get_by_text(name, exact=True)).last
        actions = [each.bounding_box() for each in head.locator(".comment-actions").get_by_role("link").all()]
        who, frame = head.locator("b").bounding_box(), head.bounding_box()
        assert len(actions) == count
        for action in actions:
            assert action["y"] <= who["y"] < action["y"] + action["height"]
            assert action["x"] >= who["x"] + who["width"]
        assert actions[-1]["x"] + actions[-1]["width"] == pytest.approx(frame["x"] + frame["width"], abs=8)
