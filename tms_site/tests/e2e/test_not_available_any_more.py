"""Whoever was chosen and has left the desk since is named, in what the browser keeps as in what the server shows."""

import pytest
from playwright.sync_api import expect

from accounts.services import deactivate_user
from tickets.factories import TicketFactory
from tickets.models import Ticket
from tms_site.tests.e2e.axe import PHONE, problems_of, problems_on_a_phone

pytestmark = pytest.mark.browser
GONE = "Alex Johnson (not available any more)"
REFUSED = "Alex Johnson isn't available any more. Choose an active agent."


@pytest.mark.parametrize("width", [PHONE, None])
def test_a_form_that_the_browser_has_kept_names_who_is_gone_and_the_server_refuses_them(
    open_page, agent, other_agent, sysadmin, expected, width
):
    expected.append("status of 422")
    ticket = TicketFactory()
    page = open_page(agent, f"{ticket.get_absolute_url()}hand-over/", **({"width": width} if width else {}))
    page.get_by_label("Assigned agent").select_option("Alex Johnson")
    page.get_by_label("Internal note").fill("Call Jane first.")
    deactivate_user(actor=sysadmin, user=other_agent)
    page.reload()
    expect(page.get_by_label("Assigned agent").locator("option:checked")).to_have_text(GONE)
    page.get_by_role("button", name="Hand over").click()
    expect(page.locator("[data-error-summary]")).to_contain_text(REFUSED)
    expect(page.get_by_label("Assigned agent").locator("option:checked")).to_have_text(GONE)
    expect(page.get_by_label("Internal note")).to_have_value("Call Jane first.")
    assert (problems_on_a_phone if width else problems_of)(page) == []
    assert Ticket.objects.get().version == 1


def test_the_properties_name_who_is_gone_and_keep_what_is_stored(open_page, agent, other_agent, sysadmin, expected):
    expected += ["status of 422", "Status Error Code 422"]
    page = open_page(agent, TicketFactory().get_absolute_url())
    deactivate_user(actor=sysadmin, user=other_agent)
    page.get_by_label("Assigned agent").select_option("Alex Johnson")
    expect(page.locator("#properties [data-error-summary]")).to_contain_text(REFUSED)
    expect(page.get_by_label("Assigned agent").locator("option:checked")).to_have_text(GONE)
    assert Ticket.objects.get().version == 1
    page.get_by_label("Assigned agent").select_option("John Smith")
    expect(page.get_by_role("status").locator(".alert")).to_be_visible()
    assert Ticket.objects.get().assigned_agent == agent
