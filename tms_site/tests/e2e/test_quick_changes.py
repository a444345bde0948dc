"""The properties beside a ticket: a choice is saved at once, with the keyboard only the one that somebody stays at."""

import pytest
from playwright.sync_api import Page, expect

from accounts.factories import PASSWORD
from activity.models import ActivityLog
from tickets.enums import Priority, Status
from tickets.factories import TicketFactory
from tms_site.tests.e2e.axe import DESKTOP, PHONE, problems_of, problems_on_a_phone

pytestmark = pytest.mark.browser


@pytest.fixture
def ticket(agent):
    return TicketFactory(assigned_agent=agent, priority=Priority.LOW)


@pytest.fixture
def page(open_page, agent, ticket):
    """The ticket's page, which counts what its parts send in `window.sent`."""
    page = open_page(agent, ticket.get_absolute_url())
    page.evaluate("""() => {
        window.sent = 0;
        document.getElementById("ticket").addEventListener("htmx:beforeRequest", () => (window.sent += 1));
    }""")
    return page


def sent(page: Page) -> int:
    return page.evaluate("window.sent")


def changes_of(ticket) -> int:
    return ActivityLog.objects.filter(target_id=ticket.pk, activity_type="update").count()


def walk(page: Page, label: str, *keys: str) -> None:
    """Press keys while a select has the focus."""
    page.get_by_label(label).focus()
    for key in keys:
        page.keyboard.press(key)


def test_what_the_arrows_pass_by_is_not_saved_and_leaving_saves_what_one_stays_at(page, ticket):
    walk(page, "Priority", "ArrowDown", "ArrowDown", "ArrowDown")
    expect(page.locator("#quick-hint")).to_have_text("Press Enter to save, or go on to the next field.")
    assert sent(page) == 0
    page.keyboard.press("Tab")
    expect(page.locator("#ticket-head .priority-urgent")).to_be_visible()
    expect(page.get_by_role("status").locator(".alert")).to_have_count(1)
    assert sent(page) == 1
    assert changes_of(ticket) == 1


def test_enter_saves_and_the_focus_stays(page, ticket):
    walk(page, "Status", "ArrowDown", "ArrowDown", "Enter")
    expect(page.locator("#ticket-head .pill-waiting")).to_be_visible()
    expect(page.get_by_label("Status")).to_be_focused()
    assert sent(page) == 1
    ticket.refresh_from_db()
    assert ticket.status == Status.WAITING


def test_going_back_to_what_it_was_saves_nothing(page):
    walk(page, "Priority", "ArrowDown", "ArrowUp", "Tab")
    expect(page.locator("#quick-hint")).to_be_empty()
    assert sent(page) == 0


def test_what_is_picked_from_the_opened_menu_is_saved_at_once(page):
    walk(page, "Priority", "Space", "ArrowDown", "ArrowDown")
    assert sent(page) == 0
    page.keyboard.press("Enter")
    expect(page.locator("#ticket-head .priority-high")).to_be_visible()
    assert sent(page) == 1


def test_a_choice_that_is_not_saved_yet_outlives_the_answer_to_the_one_before(page, ticket):
    walk(page, "Status", "ArrowDown", "Tab")
    walk(page, "Priority", "ArrowDown")
    expect(page.locator("#ticket-head .pill-in_progress")).to_be_visible()
    expect(page.get_by_label("Priority")).to_have_value("medium")
    page.get_by_label("Priority").press("Enter")
    expect(page.locator("#ticket-head .priority-medium")).to_be_visible()
    ticket.refresh_from_db()
    assert (ticket.status, ticket.priority) == (Status.IN_PROGRESS, Priority.MEDIUM)


def test_whoever_is_quicker_than_the_answers_loses_no_choice(page, ticket):
    held = []
    page.route(f"**{ticket.get_absolute_url()}", lambda route: route.continue_() if held else held.append(route))
    with page.expect_request(lambda request: request.method == "POST"):
        walk(page, "Status", "ArrowDown", "Tab")
    walk(page, "Priority", "ArrowDown", "Tab")
    held[0].continue_()
    expect(page.locator("#ticket-head .priority-medium")).to_be_visible()
    ticket.refresh_from_db()
    assert (ticket.status, ticket.priority) == (Status.IN_PROGRESS, Priority.MEDIUM)


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_what_was_chosen_after_the_session_had_ended_is_there_after_the_log_in_and_saved_by_a_button(
    open_page, agent, ticket, script, width
):
    page = open_page(agent, ticket.get_absolute_url(), java_script_enabled=script, width=width)
    page.context.clear_cookies(name="session")
    page.get_by_label("Tags").fill("wind")
    page.get_by_label("Priority").select_option("urgent")
    if not script:
        page.locator("#quick-form").get_by_role("button", name="Save").click()
    page.get_by_label("E-mail address").fill(agent.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_label("Priority")).to_have_value("urgent")
    expect(page.get_by_label("Tags")).to_have_value("wind")
    expect(page.get_by_text("We kept what you had chosen. It isn't saved yet.")).to_be_visible()
    expect(page.locator("#quick-form")).to_be_in_viewport()
    expect(page.locator("#quick-form")).to_contain_text("This is what you chose before. It isn't saved yet.")
    ticket.refresh_from_db()
    assert ticket.priority == Priority.LOW
    if script:
        assert (problems_on_a_phone if width == PHONE else problems_of)(page) == []
    page.locator("#quick-form").get_by_role("button", name="Save").click()
    expect(page.locator("#ticket-head .priority-urgent")).to_be_visible()
    ticket.refresh_from_db()
    assert (ticket.priority, ticket.tags) == (Priority.URGENT, ["wind"])
