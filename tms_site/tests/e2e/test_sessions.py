"""Ending one of one's sessions, and what the other browser makes of it."""

import pytest
from playwright.sync_api import Page, expect

from accounts.factories import PASSWORD
from accounts.models import User
from tms_site.tests.e2e.axe import DESKTOP, PHONE, problems_of

pytestmark = pytest.mark.browser

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Safari/604.1"
SESSIONS = "/accounts/sessions/"


def log_in(page: Page, user: User) -> Page:
    """Log in by the form, which is what sessions are noted by."""
    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Sessions")).to_be_visible()
    return page


@pytest.mark.parametrize(("width", "script"), [(DESKTOP, True), (PHONE, True), (DESKTOP, False), (PHONE, False)])
def test_one_session_is_ended_and_its_browser_is_logged_out_at_its_next_page(open_page, requester, width, script):
    there = log_in(open_page(path=SESSIONS, user_agent=IPHONE), requester)
    here = log_in(open_page(path=SESSIONS, width=width, java_script_enabled=script), requester)
    end = here.get_by_role("button", name="End the session of ")
    expect(end).to_have_count(1)
    expect(end).to_have_accessible_name("End the session of Safari on iPhone")
    end.click()
    expect(here.get_by_role("status").locator(".alert")).to_contain_text("The session of Safari on iPhone has ended.")
    expect(here.get_by_role("row").filter(has_text="This one")).to_be_visible()
    expect(end).to_have_count(0)
    there.goto("/accounts/profile/")
    expect(there.get_by_role("heading", name="Log in")).to_be_visible()


def test_the_list_of_sessions_is_accessible(open_page, requester):
    log_in(open_page(path=SESSIONS, user_agent=IPHONE), requester)
    assert problems_of(log_in(open_page(path=SESSIONS), requester)) == []
