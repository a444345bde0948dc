"""From sign-up to the first ticket, and what one meets when something is wrong."""

import re

import pytest
from django.test import Client
from playwright.sync_api import Page, Response, expect

from accounts.models import User
from tickets.models import Ticket

pytestmark = pytest.mark.browser

PASSWORD = "Unheard-of-1"


def visible_fields(page: Page) -> list[str]:
    """Return the names of the fields that the page's form asks for."""
    fields = page.get_by_role("main").locator("input, select, textarea").all()
    return [each.get_attribute("name") for each in fields if each.is_visible()]


def test_a_newcomer_signs_up_and_asks_with_three_fields_and_learns_number_and_next_steps(open_page, db):
    page = open_page(path="/")
    page.get_by_role("link", name="Create an account").click()
    page.get_by_label("Your name").fill("Nora New")
    page.get_by_label("E-mail address").fill("nora.new@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", name="You haven't asked anything yet")).to_be_visible()

    page.get_by_role("main").get_by_role("link", name="Ask for help").click()
    # Three to fill in; files are nobody's duty.
    assert visible_fields(page) == ["title", "description", "attachments", "priority"]
    page.get_by_label("Title").fill("Projector is dead")
    page.get_by_label("Description").fill("No light at all.")
    page.get_by_role("button", name="Create ticket").click()
    page.wait_for_url(re.compile(r"/tickets/\d+/$"))

    ticket = Ticket.objects.get()
    notice = page.get_by_role("status").locator(".alert")
    expect(notice).to_contain_text(f"Your ticket is #{ticket.pk}")
    expect(notice).to_contain_text("answers and every step appear on this page")
    expect(page.get_by_role("heading", name=f"Projector is dead #{ticket.pk}")).to_be_visible()
    expect(page.locator("#ticket-head .pill-open")).to_be_visible()
    assert ticket.requester == User.objects.get(email="nora.new@example.com", role="requester")


def expect_error_page(page: Page, path: str, status: int, heading: str) -> None:
    """Open an address and expect a styled page that says what to do and names the request."""
    response = page.goto(path)
    assert response.status == status
    expect_styled(page, heading, response.header_value("X-Request-ID"))


def expect_styled(page: Page, heading: str, request_id: str) -> None:
    """Expect an error page in the house's colours, with a way on and the id of its request."""
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    card = page.locator(".public-card")
    expect(card).to_have_css("border-radius", "12px")
    expect(card.locator(".btn-primary")).to_be_visible()
    assert request_id
    expect(page.locator(".request-id code")).to_have_text(request_id)


def test_where_nothing_was_asked_before_the_form_shows_no_empty_box(open_page, requester):
    page = open_page(requester, "/tickets/new/")
    with page.expect_response("**/tickets/similar/*"):
        page.get_by_label("Title").fill("Zeppelin has landed")
    expect(page.locator("#similar")).not_to_have_class(re.compile("htmx-request"))
    assert page.locator("#similar").evaluate("(box) => box.getBoundingClientRect().height") == 0


def test_error_pages_are_styled_say_what_to_do_and_name_the_request(open_page, requester, expected, settings):
    expected += ["status of (403|404|500)", "500: http"]
    settings.ROOT_URLCONF = "tms_site.tests.urls_broken"
    page = open_page(requester)
    expect_error_page(page, "/activity/", 403, "You may not do that")
    expect(page.get_by_role("link", name="Permission table")).to_be_visible()
    expect_error_page(page, "/tickets/999999/", 404, "There is nothing here")
    expect_error_page(page, "/broken/", 500, "Something went wrong on our side")
    page.get_by_role("link", name="Go to your tickets").click()
    expect(page.get_by_role("heading", name="You haven't asked anything yet")).to_be_visible()


def test_a_form_from_another_session_is_refused_with_a_page(open_page, requester, expected):
    expected.append("status of 403")
    page = open_page(path="/accounts/password/reset/")
    page.get_by_label("E-mail address").fill(requester.email)
    page.context.clear_cookies()
    with page.expect_navigation() as navigation:
        page.get_by_role("button", name="Send the link").click()
    assert navigation.value.status == 403
    expect_styled(page, "This page was open for too long", navigation.value.header_value("X-Request-ID"))


def log_in(page: Page, email: str) -> Response:
    """Send the log-in form with a wrong password, and return the answer."""
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill("wrong")
    with page.expect_navigation() as navigation:
        page.get_by_role("button", name="Log in").click()
    return navigation.value


def test_who_tries_a_password_too_often_is_told_to_wait_at_the_form(open_page, requester, expected):
    expected.append("status of 429")
    client = Client()
    for _ in range(5):
        answer = client.post("/accounts/login/", {"login": requester.email, "password": "wrong"})
        assert answer.status_code == 422
    page = open_page()
    assert log_in(page, requester.email).status == 429
    expect(page.locator("[data-error-summary]")).to_contain_text("Too many tries. Wait a few minutes")


def test_who_asks_too_often_gets_a_page_that_says_to_wait(open_page, requester, expected, settings):
    expected.append("status of (422|429)")
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login": "1/m/ip"}
    page = open_page()
    assert log_in(page, requester.email).status == 422
    answer = log_in(page, requester.email)
    assert answer.status == 429
    expect_styled(page, "Too many tries", answer.header_value("X-Request-ID"))


def test_a_refusal_within_a_page_is_an_alert_with_its_reason(open_page, agent, expected):
    expected.append("403")
    ticket = Ticket.objects.create(title="Projector", description="Dead.", requester=agent, created_by=agent)
    page = open_page(agent, ticket.get_absolute_url())
    agent.role = "requester"
    agent.save()
    page.get_by_role("button", name="Assign to me").click()
    expect(page.get_by_role("alert").locator(".alert")).to_contain_text("Only helpdesk agents can do that.")
