"""The API's pages in a browser: they show what there is, from our own files and within the policy."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_swagger_shows_the_operations_and_asks_for_a_token(open_page):
    page = open_page(path="/docs")
    expect(page.get_by_role("heading", name="TMS 1.0.0")).to_be_visible()
    expect(page.locator(".opblock-summary-description").get_by_text("Open a ticket")).to_be_visible()
    page.get_by_role("button", name="Authorize").first.click()
    expect(page.get_by_role("heading", name="login (OAuth2, password)")).to_be_visible()


def test_redoc_shows_the_operations_and_finds_one(open_page, expected):
    # Its search runs in a worker whose code it carries along.
    expected.append("another host: blob:http://localhost")
    page = open_page(path="/redoc")
    expect(page.get_by_role("heading", name="TMS (1.0.0)")).to_be_visible()
    expect(page.locator(".menu-content")).to_have_css("position", "sticky")
    page.get_by_role("textbox", name="Search").fill("timeline")
    expect(page.get_by_role("menuitem", name="Get a ticket's timeline").last).to_be_visible()


def test_a_token_is_made_copied_and_revoked(open_page, requester):
    page = open_page(requester, "/accounts/profile/")
    page.get_by_role("link", name="Access tokens").click()
    page.get_by_label("Name*").fill("Nightly report")
    page.get_by_role("button", name="Make the token").click()
    token = page.get_by_label("Your new token").input_value()
    assert token.startswith("tms_pat_")
    page.get_by_role("link", name="Revoke Nightly report").click()
    page.get_by_role("button", name="Revoke token").click()
    expect(page.get_by_role("status")).to_contain_text("revoked")
