"""What was typed into a form that no page can show any more can be copied from the page that says so."""

import pytest
from playwright.sync_api import expect

from tickets import services
from tickets.factories import TicketFactory
from tms_site.tests.e2e.axe import PHONE, problems_of, problems_on_a_phone

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [PHONE, None])
def test_the_text_for_a_ticket_that_was_deleted_meanwhile_is_there_to_copy(open_page, agent, sysadmin, expected, width):
    expected.append("status of 404")
    ticket = TicketFactory()
    page = open_page(agent, f"{ticket.get_absolute_url()}edit/", **({"width": width} if width else {}))
    page.get_by_label("Description").fill("It blinks.\n\nAnd hums.")
    services.delete_ticket(actor=sysadmin, ticket_id=ticket.pk)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="What you typed")).to_be_visible()
    expect(page.get_by_role("textbox", name="What you typed").last).to_have_value("It blinks.\n\nAnd hums.")
    assert (problems_on_a_phone if width else problems_of)(page) == []
