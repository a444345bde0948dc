"""What the narrow screen of a phone makes of rows that have no room there."""

import pytest

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
