"""Colleagues are named by an @ and the beginning of their name."""

import pytest
from playwright.sync_api import expect

from accounts.factories import UserFactory
from tickets.factories import TicketFactory
from tickets.watching.models import TicketWatcher
from tms_site.tests.e2e.axe import DESKTOP, PHONE, problems_of, problems_on_a_phone
from tms_site.tests.e2e.conftest import SEND_COMMENT

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_typing_an_at_sign_offers_colleagues_and_enter_names_one(open_page, agent, other_agent, requester, width):
    look = problems_on_a_phone if width == PHONE else problems_of
    UserFactory(agent=True, username="Alma Åse")
    ticket = TicketFactory(requester=requester)
    page = open_page(agent, ticket.get_absolute_url(), width=width)
    field = page.get_by_label("Comment*")
    field.press_sequentially("Please ask @al")
    options = page.get_by_role("listbox", name="Colleagues").get_by_role("option")
    expect(options).to_have_text(["Alex Johnson", "Alma Åse"])
    field.press("ArrowDown")
    field.press("ArrowUp")
    assert look(page) == []
    field.press("Enter")
    expect(field).to_have_value("Please ask @Alex Johnson ")
    expect(options).to_have_count(0)
    page.keyboard.type("for the toner, me@alma")
    expect(options).to_have_count(0)
    page.get_by_role("button", name=SEND_COMMENT).click()
    expect(page.locator("#thread .prose b")).to_have_text("@Alex Johnson")
    assert [row.user for row in TicketWatcher.objects.all()] == [other_agent]
    assert look(page) == []


def test_an_enter_of_an_input_method_names_nobody(open_page, agent, other_agent, requester):
    page = open_page(agent, TicketFactory(requester=requester).get_absolute_url())
    field = page.get_by_label("Comment*")
    field.press_sequentially("Please ask @al")
    options = page.get_by_role("listbox", name="Colleagues").get_by_role("option")
    expect(options).to_have_text(["Alex Johnson"])
    composing = "{key: 'Enter', isComposing: true, bubbles: true, cancelable: true}"
    field.evaluate(f"(each) => each.dispatchEvent(new KeyboardEvent('keydown', {composing}))")
    expect(field).to_have_value("Please ask @al")
    expect(options).to_have_count(1)


def test_a_requesters_form_offers_nobody(open_page, requester, agent):
    page = open_page(requester, TicketFactory(requester=requester).get_absolute_url())
    expect(page.get_by_label("Comment*")).to_be_visible()
    expect(page.locator("[data-mentions]")).to_have_count(0)
