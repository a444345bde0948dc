"""Back on the form for a new ticket after it was sent, with a script and without."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tickets.factories import TicketFactory
from tickets.models import Ticket
from tms_site.tests.e2e.axe import PHONE, problems_of, problems_on_a_phone

pytestmark = pytest.mark.browser
# As browsers do that keep the page itself: it comes back as it was left, and is told so.
COMES_BACK = "dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))"


def opened(page: Page) -> Ticket:
    """Fill in the form and send it; returns the ticket."""
    page.goto("/tickets/new/")
    page.get_by_label("Title").fill("Toner is dry")
    page.get_by_label("Description").fill("It does not print.")
    page.get_by_label("Priority").select_option("high")
    send(page)
    page.wait_for_url(re.compile(r"/tickets/\d+/$"))
    return Ticket.objects.get()


def send(page: Page) -> None:
    page.get_by_role("button", name="Create ticket").click()


def expect_typed(page: Page, title: str = "Toner is dry") -> None:
    expect(page.get_by_label("Title")).to_have_value(title)
    expect(page.get_by_label("Description")).to_have_value("It does not print.")
    expect(page.get_by_label("Priority")).to_have_value("high")


def test_back_finds_what_was_typed_and_the_same_again_leads_to_the_same_ticket(open_page, requester):
    page = open_page(requester, "/tickets/")
    ticket = opened(page)
    page.go_back()
    expect_typed(page)
    expect(page.locator("#opened")).to_contain_text(f"You have opened #{ticket.pk} Toner is dry with this form")
    send(page)
    page.wait_for_url(f"**{ticket.get_absolute_url()}")
    assert Ticket.objects.count() == 1


def test_what_is_changed_after_going_back_is_asked_about_and_kept(open_page, requester, expected):
    expected.append("status of 422")
    page = open_page(requester, "/tickets/")
    ticket = opened(page)
    page.go_back()
    page.get_by_label("Title").fill("Toner is empty")
    send(page)
    expect(page.locator("[data-error-summary]")).to_contain_text("Send it once more if you want a second ticket.")
    expect(page.locator("#opened").get_by_role("link")).to_have_attribute("href", ticket.get_absolute_url())
    expect_typed(page, "Toner is empty")
    assert Ticket.objects.count() == 1
    send(page)
    page.wait_for_url(re.compile(r"/tickets/\d+/$"))
    assert set(Ticket.objects.values_list("title", flat=True)) == {"Toner is dry", "Toner is empty"}


def test_without_a_script_back_says_what_was_opened_and_what_is_sent_again_is_sent(open_page, requester):
    page = open_page(requester, "/tickets/", java_script_enabled=False)
    ticket = opened(page)
    page.go_back()
    expect_typed(page)
    expect(page.locator("#opened")).to_have_text(f"You have just opened #{ticket.pk} Toner is dry.")
    send(page)
    page.wait_for_url(re.compile(r"/tickets/\d+/$"))
    assert ticket.get_absolute_url() not in page.url
    assert Ticket.objects.count() == 2


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("persona", ["requester", "agent", "sysadmin"])
def test_a_fresh_form_is_another_ticket_each_time_though_it_says_the_same(open_page, request, persona, script):
    page = open_page(request.getfixturevalue(persona), "/tickets/", java_script_enabled=script)
    for number in range(1, 4):
        page.goto("/tickets/new/")
        page.get_by_label("Title").fill("Toner is dry")
        page.get_by_label("Description").fill("See title.")
        send(page)
        page.wait_for_url(re.compile(r"/tickets/\d+/$"))
        assert Ticket.objects.count() == number


def test_both_texts_changed_after_going_back_are_asked_about_by_the_forms_name(open_page, requester, expected):
    expected.append("status of 422")
    page = open_page(requester, "/tickets/")
    opened(page)
    page.go_back()
    page.get_by_label("Title").fill("Toner is empty")
    page.get_by_label("Description").fill("It doesn't print.")
    send(page)
    expect(page.locator("[data-error-summary]")).to_contain_text("Send it once more if you want a second ticket.")
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize("width", [PHONE, None])
def test_the_link_beside_it_leads_to_an_empty_form(open_page, requester, width):
    page = open_page(requester, "/tickets/", **({"width": width} if width else {}))
    opened(page)
    page.go_back()
    page.get_by_label("Title").fill("Toner is empty")
    assert (problems_on_a_phone if width else problems_of)(page) == []
    page.get_by_role("link", name="Open another ticket").click()
    page.wait_for_url("**/tickets/new/")
    expect(page.get_by_label("Title")).to_have_value("")
    expect(page.locator("#opened").get_by_role("link")).to_have_count(0)


def test_a_page_that_the_browser_has_kept_asks_what_its_form_has_become(open_page, requester):
    page = open_page(requester, "/tickets/new/")
    page.get_by_label("Title").fill("Toner is dry")
    page.get_by_label("Description").fill("It does not print.")
    page.evaluate("addEventListener('submit', (event) => event.preventDefault())")
    send(page)
    form = page.locator("form.ticket-form")
    sent = form.evaluate("form => fetch('', {method: 'POST', body: new FormData(form)}).then(answer => answer.ok)")
    assert sent
    page.evaluate(COMES_BACK)
    ticket = Ticket.objects.get()
    expect(page.locator("#opened")).to_contain_text(f"You have opened #{ticket.pk}")
    expect(page.get_by_label("Title")).to_have_value("Toner is dry")


def test_a_second_tab_whose_form_was_sent_in_the_first_one_says_so_and_keeps_its_text(open_page, requester, expected):
    expected.append("status of 422")
    first = open_page(requester, "/tickets/new/")
    first.get_by_label("Title").fill("Toner is dry")
    expect(first.locator("[data-draft-state]")).to_have_text("Draft saved.")
    second = first.context.new_page()
    second.goto("/tickets/new/")
    first.get_by_label("Description").fill("It does not print.")
    send(first)
    first.wait_for_url(re.compile(r"/tickets/\d+/$"))
    second.get_by_label("Description").fill("It doesn't print any more.")
    expect(second.locator("#opened")).to_contain_text(f"You have opened #{Ticket.objects.get().pk}")
    expect(second.locator("[data-draft-state]")).to_have_text("This tab keeps your text.")
    send(second)
    expect(second.locator("[data-error-summary]")).to_contain_text("Send it once more if you want a second ticket.")
    expect(second.get_by_label("Description")).to_have_value("It doesn't print any more.")
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize("width", [PHONE, None])
def test_back_on_the_form_for_a_follow_up_it_says_so_too(open_page, requester, width):
    resolved = timezone.now() - timedelta(days=365)
    old = TicketFactory(requester=requester, status="resolved", resolution_date=resolved)
    page = open_page(requester, f"{old.get_absolute_url()}follow-up/", **({"width": width} if width else {}))
    page.get_by_label("Title").fill("Toner is dry")
    page.get_by_label("Description").fill("It does not print.")
    page.get_by_role("button", name="Open the ticket").click()
    page.wait_for_url(re.compile(r"/tickets/\d+/$"))
    ticket = Ticket.objects.latest("pk")
    page.go_back()
    expect(page.locator("#opened")).to_contain_text(f"You have opened #{ticket.pk} Toner is dry with this form")
    expect(page.get_by_label("Description")).to_have_value("It does not print.")
    assert (problems_on_a_phone if width else problems_of)(page) == []
    page.get_by_role("button", name="Open the ticket").click()
    page.wait_for_url(f"**{ticket.get_absolute_url()}")
    assert Ticket.objects.count() == 2
