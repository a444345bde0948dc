"""The administration's lists fit the screen that most people have."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from tickets.factories import CommentFactory
from tickets.models import Ticket
from tms_site.tests.e2e.axe import DESKTOP, PHONE

pytestmark = pytest.mark.browser


@pytest.fixture
def long_values(sysadmin, requester, agent):
    """A ticket with a comment, and people, whose values are as long as those of a real place."""
    moment = timezone.now().replace(month=9, day=22, hour=21, minute=47) - timedelta(days=366)
    for number, person in enumerate((sysadmin, requester, agent)):
        values = {"username": "Alexandra Featherstonehaugh", "email": f"a.featherstonehaugh.{number}@example.com"}
        User.objects.filter(pk=person.pk).update(**values, date_joined=moment, last_login=moment)
    CommentFactory(
        ticket__pk=1_234_567, ticket__requester=requester, commented_by=agent, description="It shows no picture, " * 5
    )
    title = "The projector in the big meeting room on the third floor shows no picture"
    Ticket.objects.update(title=title, assigned_agent=agent, creation_date=moment, updated_at=moment)


@pytest.mark.parametrize("path", ["accounts/user/", "tickets/ticket/", "tickets/comment/", "activity/activitylog/"])
def test_no_column_of_an_administrations_list_is_cut(open_page, sysadmin, long_values, path):
    page = open_page(sysadmin, f"/admin/{path}", width=DESKTOP)
    table = page.locator(".results")
    assert table.evaluate("frame => frame.scrollWidth - frame.clientWidth") <= 0


def test_titles_in_the_administration_have_room(open_page, sysadmin, long_values):
    page = open_page(sysadmin, "/admin/tickets/ticket/", width=DESKTOP)
    assert page.locator(".field-title").first.bounding_box()["width"] >= 160


def test_on_a_phone_dates_in_the_administration_stand_on_one_line(open_page, sysadmin, long_values):
    page = open_page(sysadmin, "/admin/accounts/user/", width=PHONE)
    date = page.locator("td.field-last_login").first
    line = date.evaluate("each => parseFloat(getComputedStyle(each).lineHeight)")
    date.evaluate("each => getSelection().selectAllChildren(each)")
    assert page.evaluate("getSelection().getRangeAt(0).getBoundingClientRect().height") <= line
