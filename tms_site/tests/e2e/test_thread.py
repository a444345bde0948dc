"""A long timeline in a browser, and two people at one ticket."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tickets import services
from tickets.factories import CommentFactory, TicketFactory
from tickets.models import Comment
from tms_site.tests.e2e.axe import PHONE

pytestmark = pytest.mark.browser


@pytest.fixture
def long_ticket(requester):
    begin = timezone.now() - timedelta(days=9)
    ticket = TicketFactory(requester=requester, creation_date=begin)
    Comment.objects.bulk_create(
        Comment(
            ticket=ticket,
            commented_by=requester,
            description=f"Word {number}.",
            creation_date=begin + timedelta(minutes=number),
        )
        for number in range(120)
    )
    return ticket


@pytest.mark.parametrize("with_script", [True, False])
def test_earlier_entries_come_on_demand_and_an_old_address_opens_its_entry(open_page, agent, long_ticket, with_script):
    page = open_page(agent, long_ticket.get_absolute_url(), java_script_enabled=with_script, width=PHONE)
    comments = page.locator("#thread .comment-body")
    expect(comments).to_have_count(51)
    page.get_by_role("link", name="Show 50 earlier entries").click()
    expect(page.get_by_text("Word 20.")).to_be_visible()
    expect(comments).to_have_count(101 if with_script else 51)
    if with_script:
        # The next button has taken the focus over, so that the keyboard goes on from there.
        expect(page.get_by_role("link", name="Show 20 earlier entries")).to_be_focused()
    first = Comment.objects.get(description="Word 3.")
    # Without a script only the address that the page gives away will do.
    address = (
        f"#comment-{first.pk}" if with_script else first.get_absolute_url().removeprefix(long_ticket.get_absolute_url())
    )
    page.goto(f"{long_ticket.get_absolute_url()}{address}")
    marked = page.locator("#thread > .is-marked")
    expect(marked).to_contain_text("Word 3.")
    expect(marked).to_be_in_viewport()


def test_two_people_at_one_ticket_see_each_other_and_their_replies_dont_cross(
    open_page, agent, other_agent, requester, expected
):
    expected.extend(["status of 409", "Status Error Code 409"])
    ticket = TicketFactory(requester=requester)
    CommentFactory(ticket=ticket)
    theirs = open_page(other_agent, ticket.get_absolute_url())
    mine = open_page(agent, ticket.get_absolute_url())
    theirs.get_by_label("Comment*").fill("I am on it.")
    expect(mine.locator("#presence")).to_have_text("Alex Johnson is replying.")
    field = mine.get_by_label("Comment*")
    field.fill("Have you tried to turn it off?")
    # What happens comes into my page, marked, and takes neither my text nor my place.
    services.update_ticket(actor=other_agent, ticket_id=ticket.pk, changes={"priority": "high"})
    news = mine.locator("#thread .is-new, #thread .was-new")
    expect(news).to_contain_text("changed the priority")
    expect(mine.locator("#thread-said")).to_contain_text("1 new entry")
    expect(mine.get_by_label("Priority")).to_have_value("high")
    expect(field).to_be_focused()
    expect(field).to_have_value("Have you tried to turn it off?")
    # An answer that I haven't seen yet stops mine.
    mine.evaluate("document.querySelector('input[name=seen]').value = 0")
    theirs.get_by_role("button", name="Send reply").click()
    expect(theirs.locator("#thread")).to_contain_text("I am on it.")
    mine.get_by_role("button", name="Send reply").click()
    expect(mine.get_by_role("alert", name="Somebody answered")).to_contain_text("I am on it.")
    expect(field).to_have_value("Have you tried to turn it off?")
    mine.get_by_role("button", name="Send anyway").click()
    expect(mine.locator("#thread .comment-agent").last).to_contain_text("Have you tried to turn it off?")
    expect(mine.locator("#thread").get_by_text("I am on it.")).to_have_count(1)
