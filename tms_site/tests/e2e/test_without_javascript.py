"""A day's work in a browser that runs no script, on a desk and on a phone."""

import re

import pytest
from playwright.sync_api import Page, expect

from accounts.factories import PASSWORD
from accounts.models import User
from tickets.factories import TicketFactory
from tickets.models import Ticket
from tms_site.tests.e2e.axe import DESKTOP, PHONE
from tms_site.tests.e2e.conftest import SEND_COMMENT, open_the_sheet

pytestmark = pytest.mark.browser


def notice(page: Page, text: str) -> None:
    """Expect a notice of success."""
    expect(page.get_by_role("status").locator(".alert")).to_contain_text(text)


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_all_of_a_days_work_goes_without_javascript(open_page, sysadmin, settings, width):
    settings.TICKETS_PAGE_SIZE = 2
    for number in range(3):
        TicketFactory(title=f"Old {number}", priority="low")
    page = open_page(path="/tickets/", width=width, java_script_enabled=False)
    log_in(page, sysadmin)
    ticket = create(page)
    filter_and_turn_the_page(page)
    page.get_by_role("link", name="Projector is dead").click()
    comment_assign_and_resolve(page, sysadmin)
    edit(page)
    delete(page, ticket)
    log_out(page)


def log_in(page: Page, user: User) -> None:
    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="All tickets")).to_be_visible()


def create(page: Page) -> Ticket:
    page.get_by_role("link", name="New ticket").click()
    page.get_by_label("Title").fill("Projector is dead")
    page.get_by_label("Description").fill("No light at all.")
    page.get_by_label("Priority").select_option("urgent")
    page.get_by_role("button", name="Create ticket").click()
    notice(page, "is open")
    return Ticket.objects.get(title="Projector is dead")


def filter_and_turn_the_page(page: Page) -> None:
    page.get_by_role("navigation", name="You are here").get_by_role("link", name="Tickets").click()
    open_the_sheet(page, "Filters")
    page.locator(".filter-bar summary").filter(has_text="Priority").click()
    page.get_by_label("Low").check()
    page.get_by_role("button", name="Filter", exact=True).click()
    expect(page.get_by_role("link", name="Remove filter Priority: Low")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(2)
    page.get_by_role("link", name="Next").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("link", name="Clear all").click()


def comment_assign_and_resolve(page: Page, user: User) -> None:
    page.get_by_label("Comment*").fill("Try the **other** lamp.")
    page.get_by_role("button", name=SEND_COMMENT).click()
    notice(page, "comment")
    expect(page.locator("#thread strong")).to_have_text("other")
    page.get_by_role("button", name="Assign to me").click()
    notice(page, f"{user} works on this ticket now.")
    page.get_by_label("Status").select_option("resolved")
    page.get_by_role("button", name="Save", exact=True).click()
    notice(page, "Resolved")
    expect(page.locator("#ticket-head .pill-resolved")).to_be_visible()


def edit(page: Page) -> None:
    open_the_sheet(page, "More")
    page.get_by_role("link", name="Edit", exact=True).click()
    page.get_by_label("Title").fill("Projector was dead")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Projector was dead")).to_be_visible()
    page.get_by_role("link", name="Edit the comment").click()
    page.get_by_label("Comment").fill("Try another lamp.")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#thread")).to_contain_text("Try another lamp.")


def delete(page: Page, ticket: Ticket) -> None:
    page.get_by_role("link", name="Delete the comment").click()
    expect(page.get_by_role("heading", name="Delete this comment?")).to_be_visible()
    page.get_by_role("button", name="Delete comment").click()
    expect(page.locator("#thread")).not_to_contain_text("Try another lamp.")
    open_the_sheet(page, "More")
    page.get_by_role("link", name="Delete", exact=True).click()
    expect(page.get_by_role("heading", name=f"Delete ticket #{ticket.pk}?")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("“Projector was dead” is deleted with all its comments")
    page.get_by_role("button", name="Delete ticket").click()
    notice(page, "deleted")
    assert not Ticket.objects.filter(pk=ticket.pk).exists()


def log_out(page: Page) -> None:
    page.get_by_role("button", name="Your menu").click()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    page.goto("/tickets/")
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()


def test_mistakes_are_said_without_javascript_too(open_page, requester, expected):
    expected.append("422")
    page = open_page(requester, "/tickets/new/", java_script_enabled=False)
    page.get_by_label("Title").fill("x" * 256)
    page.get_by_label("Description").fill("No light at all.")
    page.get_by_role("button", name="Create ticket").click()
    expect(page).to_have_title(re.compile("^Error: New ticket"))
    expect(page.get_by_role("alert").get_by_role("link")).to_have_attribute("href", "#id_title")
    expect(page.get_by_label("Title")).to_have_value("x" * 256)
    expect(page.get_by_label("Description")).to_have_value("No light at all.")


@pytest.mark.parametrize(
    ("persona", "path", "label", "button"),
    [
        ("requester", "/tickets/{}/", "Comment*", "Comment"),
        ("requester", "/tickets/{}/edit/", "Description*", "Save"),
        ("requester", "/tickets/new/?title=Toner", "Description*", "Create ticket"),
        ("agent", "/tickets/{}/hand-over/", "Internal note", "Hand over"),
        ("agent", "/tickets/replies/new/", "Text*", "Save canned reply"),
        ("sysadmin", "/admin/tickets/category/add/", "Description:", "Save"),
    ],
)
def test_what_is_sent_after_the_session_has_ended_is_in_the_form_again_after_the_log_in(
    open_page, request, persona, path, label, button
):
    person = request.getfixturevalue(persona)
    path = path.format(TicketFactory(requester=person).pk)
    page = open_page(person, path, java_script_enabled=False)
    field = page.get_by_label(label)
    field.fill("A long story.")
    page.context.clear_cookies(name="session")
    # Some browsers check for themselves that nothing required is missing.
    field.evaluate("field => (field.form.noValidate = true)")
    page.get_by_role("button", name=button, exact=True).first.click()
    expect(page.get_by_text("What you typed before is kept.")).to_be_visible()
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_text("We kept what you had typed. It isn't sent yet.")).to_be_visible()
    expect(field).to_have_value("A long story.")


def test_the_menu_of_a_phone_opens_without_javascript(open_page, agent):
    page = open_page(agent, "/tickets/", width=PHONE, java_script_enabled=False)
    expect(page.get_by_role("link", name="Waiting")).to_be_hidden()
    page.get_by_role("button", name="Menu", exact=True).click()
    page.get_by_role("link", name="Waiting").click()
    expect(page.get_by_role("heading", name="Waiting")).to_be_visible()


def test_nothing_is_offered_that_needs_a_script(open_page, sysadmin):
    page = open_page(sysadmin, TicketFactory().get_absolute_url(), java_script_enabled=False)
    page.get_by_role("button", name="Your menu").click()
    expect(page.get_by_role("link", name="Your profile")).to_be_visible()
    expect(page.get_by_role("button", name="Keyboard shortcuts")).to_be_hidden()
    for each in page.locator(".needs-script").all():
        expect(each).to_be_hidden()
