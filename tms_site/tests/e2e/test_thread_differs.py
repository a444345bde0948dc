"""Comments that come or go in the midst of a conversation that somebody has open."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tickets import services
from tickets.factories import CommentFactory, TicketFactory
from tickets.merging.services import merge_tickets
from tms_site.tests.e2e.axe import problems_of

pytestmark = pytest.mark.browser
LINK = "Show the conversation as it is now"


def comment(ticket, minutes_ago, text, **values):
    moment = timezone.now() - timedelta(minutes=minutes_ago)
    return CommentFactory(ticket=ticket, creation_date=moment, description=text, **values)


@pytest.fixture
def ticket(requester):
    ticket = TicketFactory(requester=requester)
    comment(ticket, 9, "The printer is dead.")
    comment(ticket, 5, "Is anybody there?")
    return ticket


def seen_by(page: Page) -> str:
    return page.locator("input[name=seen]").input_value()


def test_what_a_merge_has_brought_is_told_and_comes_by_a_link_without_a_reload(open_page, agent, other_agent, ticket):
    page = open_page(agent, ticket.get_absolute_url())
    field = page.get_by_label("Comment*")
    field.fill("Have you tried to turn it off?")
    before = seen_by(page)
    other = TicketFactory(requester=ticket.requester)
    comment(other, 7, "It smells, too.")
    merge_tickets(actor=other_agent, target_id=ticket.pk, source_ids=[other.pk])
    link = page.get_by_role("status").get_by_role("link", name=LINK)
    expect(link).to_be_visible()
    expect(page.locator("#thread")).not_to_contain_text("It smells, too.")
    assert problems_of(page) == []
    link.focus()
    page.keyboard.press("Enter")
    texts = page.locator("#thread .comment-body")
    expect(texts.filter(has_text="It smells, too.")).to_be_visible()
    expect(link).to_have_count(0)
    expect(field).to_have_value("Have you tried to turn it off?")
    assert seen_by(page) != before
    page.get_by_role("button", name="Send reply").click()
    expect(page.locator("#thread .comment-agent").last).to_contain_text("Have you tried to turn it off?")
    expect(link).to_have_count(0)


def test_a_note_that_its_author_makes_public_stops_a_reply_that_crosses_it(
    open_page, agent, other_agent, ticket, expected
):
    expected.extend(["status of 409", "Status Error Code 409"])
    note = comment(ticket, 3, "It's the fuser.", is_internal=True, commented_by=other_agent)
    page = open_page(agent, ticket.get_absolute_url())
    field = page.get_by_label("Comment*")
    field.fill("It may be the toner.")
    services.publish_note(actor=other_agent, ticket_id=ticket.pk, comment_id=note.pk)
    expect(page.get_by_role("link", name=LINK)).to_be_visible()
    page.get_by_role("button", name="Send reply").click()
    expect(page.get_by_role("alert", name="Somebody answered")).to_contain_text("It's the fuser.")
    expect(field).to_have_value("It may be the toner.")
    page.get_by_role("button", name="Send anyway").click()
    expect(page.locator("#thread .comment-agent").last).to_contain_text("It may be the toner.")


def test_what_was_seen_of_a_merge_stays_seen_when_a_new_comment_is_seen(open_page, agent, other_agent, ticket):
    page = open_page(agent, ticket.get_absolute_url())
    before = seen_by(page)
    answer = services.add_comment(actor=other_agent, ticket_id=ticket.pk, description="I am on it.").comment
    expect(page.locator("#thread .was-new", has_text="I am on it.")).to_be_visible()
    assert seen_by(page) == f"{answer.pk}.{before.partition('.')[2]}"
