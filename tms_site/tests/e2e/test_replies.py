"""A canned reply is inserted by typing a slash, and from its list without script."""

import pytest
from playwright.sync_api import expect

from tickets.factories import TicketFactory
from tickets.models import Ticket
from tickets.replies import services
from tms_site.tests.e2e.axe import PHONE, problems_of
from tms_site.tests.e2e.conftest import SEND_COMMENT

pytestmark = pytest.mark.browser


@pytest.fixture
def ticket(requester, agent):
    for name, body, values in (
        ("Thanks", "Dear {{ requester }}, thank you.", {}),
        ("Theatre", "Curtain.", {}),
        ("Wait for parts", "Parts are on their way.", {"status": "waiting", "assignment": "me"}),
    ):
        services.create_reply(actor=agent, values={"name": name, "body": body, **values})
    return TicketFactory(requester=requester)


def test_typing_a_slash_offers_replies_and_enter_puts_one_where_the_caret_is(open_page, agent, ticket):
    page = open_page(agent, ticket.get_absolute_url())
    field = page.get_by_label("Comment*")
    page.get_by_label("Attach files").set_input_files([{"name": "a.txt", "mimeType": "", "buffer": b"x"}])
    page.get_by_label("Internal note").check()
    field.press_sequentially("Hello 🎫 /th")
    options = page.get_by_role("listbox", name="Canned replies")
    expect(options.get_by_role("option")).to_have_text(["Thanks (/thanks)", "Theatre (/theatre)"])
    field.press("ArrowDown")
    expect(options.get_by_role("option", selected=True)).to_have_text("Theatre (/theatre)")
    assert problems_of(page) == []
    field.press("ArrowUp")
    field.press("Enter")
    expect(field).to_have_value(f"Hello 🎫 Dear {ticket.requester.username}, thank you.")
    expect(field).to_be_focused()
    page.keyboard.type(" Bye.")
    expect(field).to_have_value(f"Hello 🎫 Dear {ticket.requester.username}, thank you. Bye.")
    # The rest of the form is as it was.
    expect(page.get_by_label("Internal note")).to_be_checked()
    expect(page.locator(".attach-list li")).to_have_count(1)


def test_a_reply_is_inserted_without_javascript_and_a_macro_says_what_it_changes(open_page, agent, ticket):
    page = open_page(agent, ticket.get_absolute_url(), java_script_enabled=False, width=PHONE)
    page.get_by_label("Comment*").fill("Hello.")
    page.get_by_label("Canned reply").select_option(label="Wait for parts (/wait-for-parts)")
    page.get_by_role("button", name="Insert").click()
    expect(page.get_by_label("Comment*")).to_have_value("Hello.\n\nParts are on their way.")
    expect(page.get_by_label("Wait for parts: sets the status to Waiting")).to_be_checked()
    page.get_by_role("button", name=SEND_COMMENT).click()
    expect(page.locator("#thread")).to_contain_text("Parts are on their way.")
    changed = Ticket.objects.get()
    assert (changed.status, changed.assigned_agent) == ("waiting", agent)
