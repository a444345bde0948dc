"""Errors, notices, questions, busy buttons, lost sessions and conflicts."""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Locator, Page, Request, expect

from accounts.factories import PASSWORD
from tickets import services
from tickets.factories import CommentFactory, TicketFactory
from tickets.models import Comment, Ticket

pytestmark = pytest.mark.browser

TOO_LONG = "x" * 256
PROBLEMS = {
    "Title": "This is too long: at most 255 characters, and it has 256.",
    "Description": "Enter a description.",
}
# Clicks a button; once its form says that it's being sent, tries all ways to send it again. In the page itself, as
# Playwright waits for the page that follows.
SEND_TWICE = """(button) => new Promise((resolve) => {
    const form = button.form, began = performance.now();
    button.click();
    const look = () => {
        if (!form.hasAttribute("data-busy")) return requestAnimationFrame(look);
        const after = performance.now() - began;
        button.click();
        form.requestSubmit();
        form.requestSubmit(button);
        resolve([after, button.ariaDisabled, form.ariaBusy, getComputedStyle(button, "::after").animationName]);
    };
    look();
})"""


def without_instant_feedback(page: Page) -> None:
    """Let the forms be sent with their mistakes, as if the browser had checked nothing."""
    page.evaluate("document.querySelectorAll('form').forEach((form) => delete form.dataset.validate)")


def words_at(field: Locator) -> str:
    """Return the message that a field names as its description."""
    ids = (field.get_attribute("aria-describedby") or "").split()
    message = next(each for each in ids if each.endswith("_error"))
    return field.page.locator(f"#{message}").inner_text().strip()


@pytest.mark.parametrize("checked_by", ["browser", "server"])
def test_mistakes_are_said_in_a_summary_with_the_focus_and_in_the_same_words_at_the_fields(
    open_page, agent, expected, checked_by
):
    expected.append("422")
    page = open_page(agent, "/tickets/new/")
    if checked_by == "server":
        without_instant_feedback(page)
    title, description = page.get_by_label("Title"), page.get_by_label("Description")
    title.fill(TOO_LONG)
    page.get_by_label("Priority").select_option("high")
    page.get_by_role("button", name="Create ticket").click()

    summary = page.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("There is a problem")
    expect(page).to_have_title(re.compile("^Error: New ticket"))
    links = summary.get_by_role("link")
    assert links.all_inner_texts() == [f"{label}: {words}" for label, words in PROBLEMS.items()]
    for label, words in PROBLEMS.items():
        field = page.get_by_label(label)
        expect(field).to_have_attribute("aria-invalid", "true")
        assert words_at(field).endswith(words)
    links.nth(1).click()
    expect(description).to_be_focused()
    links.nth(0).click()
    expect(title).to_be_focused()
    expect(title).to_have_value(TOO_LONG)
    expect(page.get_by_label("Priority")).to_have_value("high")
    assert not Ticket.objects.exists()
    # What is mended says so at once, and the form goes through.
    title.fill("Projector is dead")
    expect(title).not_to_have_attribute("aria-invalid", "true") if checked_by == "browser" else None
    description.fill("No light at all.")
    page.get_by_role("button", name="Create ticket").click()
    page.wait_for_url(re.compile(r"/tickets/\d+/$"))


def test_a_comment_refused_by_the_server_stays_in_its_place_with_all_that_was_typed(open_page, requester, expected):
    expected.append("422")
    ticket = TicketFactory(requester=requester)
    page = open_page(requester, ticket.get_absolute_url())
    without_instant_feedback(page)
    text = "y" * 100_001
    page.evaluate("window.stayed = true")
    page.get_by_label("Comment*").fill(text)
    page.get_by_role("button", name="Comment", exact=True).click()
    summary = page.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    expect(page).to_have_title(re.compile(f"^Error: #{ticket.pk}"))
    words = "This is too long: at most 100000 characters, and it has 100001."
    assert summary.get_by_role("link").all_inner_texts() == [f"Comment: {words}"]
    field = page.get_by_label("Comment*")
    assert words_at(field).endswith(words)
    assert field.input_value() == text
    assert page.evaluate("window.stayed")
    assert not Comment.objects.exists()


def test_what_is_left_is_counted_for_texts_and_not_for_numbers(open_page, agent):
    page = open_page(agent, f"{TicketFactory().get_absolute_url()}links/")
    page.get_by_label("Ticket number").fill("12")
    expect(page.locator(".counter")).to_have_count(0)
    page.goto("/tickets/new/")
    page.get_by_label("Title").fill("x" * 250)
    expect(page.locator(".counter")).to_have_text("5 characters left")


def test_log_in_errors_are_said_the_same_way(open_page, requester, expected):
    expected.append("422")
    page = open_page(path="/accounts/login/")
    page.get_by_label("E-mail address").fill(requester.email)
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Log in").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page).to_have_title(re.compile("^Error: Log in"))
    expect(page.get_by_label("E-mail address")).to_have_value(requester.email)


def test_a_success_notice_stays_five_seconds_and_leaves_the_focus_where_it_is(open_page, requester):
    ticket = TicketFactory(requester=requester)
    page = open_page(requester)
    page.clock.install()
    page.goto(ticket.get_absolute_url())
    page.get_by_label("Comment*").fill("Thank you.")
    page.get_by_role("button", name="Comment", exact=True).click()
    notice = page.get_by_role("status").locator(".alert")
    expect(notice).to_be_visible()
    assert page.evaluate("!document.activeElement.closest('.toasts')")
    page.clock.fast_forward(5_000)
    expect(notice).to_be_visible()
    page.clock.fast_forward(10_000)
    expect(notice).to_have_count(0)


def test_a_notice_that_comes_with_a_page_is_a_status_and_can_be_dismissed(open_page, requester):
    ticket = TicketFactory(requester=requester)
    page = open_page(requester, f"{ticket.get_absolute_url()}edit/")
    page.get_by_label("Title").fill("Changed")
    page.get_by_role("button", name="Save").click()
    notice = page.get_by_role("status").locator(".alert")
    expect(notice).to_be_visible()
    assert page.evaluate("document.activeElement === document.body")
    notice.get_by_role("button", name="Dismiss").click()
    expect(notice).to_have_count(0)


def test_a_failure_is_an_alert_that_stays_and_loses_nothing(open_page, requester, expected):
    expected += ["ERR_INTERNET_DISCONNECTED", "htmx:(sendError|afterRequest)"]
    ticket = TicketFactory(requester=requester)
    page = open_page(requester)
    page.clock.install()
    page.goto(ticket.get_absolute_url())
    field = page.get_by_label("Comment*")
    field.fill("Can you hear me?")
    page.context.set_offline(True)
    page.get_by_role("button", name="Comment", exact=True).click()
    alert = page.get_by_role("alert").locator(".alert")
    expect(alert).to_contain_text("could not be reached")
    page.clock.fast_forward(60_000)
    expect(alert).to_be_visible()
    expect(field).to_have_value("Can you hear me?")
    page.context.set_offline(False)
    alert.get_by_role("button", name="Try again").click()
    expect(page.locator("#thread")).to_contain_text("Can you hear me?")
    assert Comment.objects.count() == 1


def test_a_change_that_does_not_reach_the_server_can_be_tried_again(open_page, agent, expected):
    expected += ["ERR_INTERNET_DISCONNECTED", "htmx:(sendError|afterRequest)"]
    ticket = TicketFactory(priority="low")
    page = open_page(agent, ticket.get_absolute_url())
    page.context.set_offline(True)
    page.get_by_label("Priority").select_option("urgent")
    alert = page.get_by_role("alert").locator(".alert").filter(has=page.get_by_role("button", name="Try again"))
    expect(alert).to_be_visible()
    page.context.set_offline(False)
    alert.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("status").locator(".alert").filter(has_text="Urgent")).to_be_visible()
    expect(alert).to_have_count(0)
    ticket.refresh_from_db()
    assert ticket.priority == "urgent"


def test_a_filter_that_does_not_reach_the_server_can_be_tried_again(open_page, agent, expected):
    expected += ["ERR_INTERNET_DISCONNECTED", "htmx:(sendError|afterRequest)"]
    TicketFactory(title="Projector", priority="low")
    page = open_page(agent, "/tickets/")
    page.context.set_offline(True)
    page.locator(".filter-bar summary").filter(has_text="Priority").click()
    page.get_by_label("Urgent").check()
    again = page.get_by_role("alert").get_by_role("button", name="Try again")
    expect(again).to_be_visible()
    page.context.set_offline(False)
    again.click()
    expect(page.get_by_role("link", name="Remove filter Priority: Urgent")).to_be_visible()


def test_a_form_whose_token_is_gone_is_sent_after_a_reload_that_the_message_offers(open_page, requester, expected):
    expected.append("403")
    ticket = TicketFactory(requester=requester)
    page = open_page(requester, ticket.get_absolute_url())
    page.get_by_label("Comment*").fill("A long story.")
    page.context.clear_cookies(name="csrf")
    page.get_by_role("button", name="Comment", exact=True).click()
    page.get_by_role("alert").get_by_role("button", name="Reload the page").click()
    expect(page.get_by_role("alert").locator(".alert")).to_have_count(0)
    expect(page.get_by_label("Comment*")).to_have_value("A long story.")
    page.get_by_role("button", name="Comment", exact=True).click()
    expect(page.locator("#thread")).to_contain_text("A long story.")


def test_deleting_a_ticket_asks_in_a_dialog_that_names_it_and_what_follows(open_page, sysadmin):
    ticket = TicketFactory(title="Projector is dead")
    page = open_page(sysadmin, ticket.get_absolute_url())
    opener = page.get_by_role("link", name="Delete", exact=True)
    opener.click()
    dialog = page.get_by_role("dialog", name=f"Delete ticket #{ticket.pk}?")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("“Projector is dead” is deleted with all its comments")
    expect(dialog).to_contain_text("SysAdmins can restore it from the trash for 30 days")
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()
    assert Ticket.objects.exists()
    opener.click()
    dialog.get_by_role("button", name="Delete ticket").click()
    page.wait_for_url("**/tickets/")
    expect(page.get_by_role("status").locator(".alert")).to_contain_text("deleted")
    assert not Ticket.objects.exists()


def test_deleting_a_comment_asks_in_a_dialog_that_names_its_author_and_what_follows(open_page, sysadmin):
    comment = CommentFactory()
    page = open_page(sysadmin, comment.ticket.get_absolute_url())
    address = page.url
    page.get_by_role("link", name="Delete the comment").click()
    dialog = page.get_by_role("dialog", name="Delete this comment?")
    expect(dialog).to_contain_text(f"The comment by {comment.commented_by}")
    expect(dialog).to_contain_text("can't be undone")
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_be_hidden()
    assert page.url == address
    page.get_by_role("link", name="Delete the comment").click()
    dialog.get_by_role("button", name="Delete comment").click()
    expect(page.get_by_role("status").locator(".alert")).to_contain_text("deleted")
    assert not Comment.objects.exists()


@pytest.mark.parametrize("kind", ["page", "htmx"])
def test_a_form_is_busy_at_once_and_a_second_click_does_nothing(open_page, requester, kind):
    ticket = TicketFactory(requester=requester)
    page = open_page(requester, "/tickets/new/" if kind == "page" else ticket.get_absolute_url())
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    if kind == "page":
        page.get_by_label("Title").fill("Projector is dead")
        page.get_by_label("Description").fill("No light at all.")
        button = page.get_by_role("button", name="Create ticket")
    else:
        page.get_by_label("Comment*").fill("Thank you.")
        button = page.get_by_role("button", name="Comment", exact=True)
    after, disabled, busy, spinner = button.evaluate(SEND_TWICE)
    assert after < 100
    assert (disabled, busy, spinner) == ("true", "true", "tms-spin")
    if kind == "page":
        page.wait_for_url(re.compile(r"/tickets/\d+/$"))
        assert Ticket.objects.filter(title="Projector is dead").count() == 1
    else:
        expect(page.locator("#thread")).to_contain_text("Thank you.")
        expect(page.get_by_role("button", name="Comment", exact=True)).not_to_have_attribute("aria-disabled", "true")
        assert Comment.objects.count() == 1
    assert len(sent) == 1


def test_back_to_a_form_that_was_sent_finds_it_ready_and_sends_no_second_ticket(open_page, requester):
    page = open_page(requester, "/tickets/new/")
    page.get_by_label("Title").fill("Projector is dead")
    page.get_by_label("Description").fill("No light at all.")
    page.get_by_role("button", name="Create ticket").click()
    page.wait_for_url(re.compile(r"/tickets/\d+/$"))
    page.go_back()
    expect(page.get_by_role("button", name="Create ticket")).not_to_have_attribute("aria-disabled", "true")


@pytest.mark.parametrize("kind", ["page", "htmx"])
def test_an_expired_session_leads_to_log_in_and_back_with_what_was_typed(open_page, requester, kind):
    ticket = TicketFactory(requester=requester)
    path = "/tickets/new/" if kind == "page" else ticket.get_absolute_url()
    page = open_page(requester, path)
    if kind == "page":
        page.get_by_label("Title").fill("Projector is dead")
        field, button = page.get_by_label("Description"), page.get_by_role("button", name="Create ticket")
    else:
        field, button = page.get_by_label("Comment*"), page.get_by_role("button", name="Comment", exact=True)
    field.fill("A long story.")
    Session.objects.all().delete()
    button.click()
    page.wait_for_url("**/accounts/login/?next=*")
    expect(page.get_by_text("What you typed before is kept.")).to_be_visible()
    page.get_by_label("E-mail address").fill(requester.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    # The form for a ticket bears its name in the address since it was sent.
    page.wait_for_url(re.compile(rf"{path}(\?form=[\w-]+)?$"))
    expect(field).to_have_value("A long story.")
    expect(page.get_by_role("status").filter(has_text="We kept what you had typed.")).to_be_visible()
    button.click()
    expect(page.locator("#thread")).to_contain_text("A long story.")
    # Sent is sent: the form is empty the next time.
    page.goto(path)
    expect(field).to_have_value("")


def test_a_form_of_the_desk_has_what_was_typed_again_and_says_so_once(open_page, agent):
    page = open_page(agent, "/tickets/replies/new/")
    page.get_by_label("Name").fill("Thanks")
    page.get_by_label("Text").fill("Dear {{ requester }}, thank you.")
    page.get_by_label("Status").select_option("resolved")
    page.get_by_label("Share with the helpdesk").check()
    Session.objects.all().delete()
    page.get_by_role("button", name="Save canned reply").click()
    page.wait_for_url("**/accounts/login/?next=*")
    page.get_by_label("E-mail address").fill(agent.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/tickets/replies/new/")
    expect(page.get_by_label("Text")).to_have_value("Dear {{ requester }}, thank you.")
    expect(page.get_by_label("Status")).to_have_value("resolved")
    # The browser's own storage keeps no boxes: this one comes from the server.
    expect(page.get_by_label("Share with the helpdesk")).to_be_checked()
    expect(page.locator(".toasts .alert").filter(has_text="We kept what you had typed.")).to_have_count(1)
    page.get_by_role("button", name="Save canned reply").click()
    expect(page.get_by_role("status").filter(has_text="is saved")).to_be_visible()


def test_a_button_that_is_pressed_after_the_session_has_ended_is_said_to_have_done_nothing(open_page, agent):
    ticket = TicketFactory()
    page = open_page(agent, ticket.get_absolute_url())
    page.context.clear_cookies(name="session")
    page.get_by_role("button", name="Assign to me").click()
    page.wait_for_url("**/accounts/login/?next=*")
    expect(page.get_by_text("nothing was changed")).to_be_visible()
    page.get_by_label("E-mail address").fill(agent.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(f"**{ticket.get_absolute_url()}")
    expect(page.get_by_role("alert").filter(has_text="nothing was changed")).to_be_visible()
    expect(page.get_by_label("Assigned agent")).to_have_value("")


def test_a_conflict_shows_both_texts_and_keeps_what_was_typed(open_page, agent, expected):
    expected.append("409")
    ticket = services.create_ticket(actor=agent, title="Projector", description="Dead.").ticket
    page = open_page(agent, f"{ticket.get_absolute_url()}edit/")
    services.update_ticket(actor=ticket.requester, ticket_id=ticket.pk, changes={"title": "Theirs"})
    page.get_by_label("Title").fill("Mine")
    page.get_by_label("Description").fill("Quite dead.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert").filter(has_text="Somebody else changed this too")).to_be_focused()
    expect(page).to_have_title(re.compile("^Error:"))
    for name, text in (("Before", "Projector"), ("Theirs", "Theirs"), ("Yours", "Mine")):
        expect(page.get_by_role("region", name=name)).to_contain_text(text)
    expect(page.get_by_label("Title")).to_have_value("Mine")
    expect(page.get_by_label("Description")).to_have_value("Quite dead.")
    page.get_by_label("Save mine").check()
    page.get_by_role("button", name="Save my choice").click()
    page.wait_for_url(f"**{ticket.get_absolute_url()}")
    ticket.refresh_from_db()
    assert (ticket.title, ticket.description) == ("Mine", "Quite dead.")


def test_a_conflict_of_properties_is_settled_without_leaving_the_page(open_page, agent, expected):
    expected.append("409")
    ticket = services.create_ticket(actor=agent, title="Projector", description="Dead.", priority="low").ticket
    page = open_page(agent, ticket.get_absolute_url())
    services.update_ticket(actor=agent, ticket_id=ticket.pk, changes={"priority": "urgent"})
    page.get_by_label("Priority").select_option("high")
    expect(page.get_by_role("region", name="Theirs")).to_contain_text("Urgent")
    page.get_by_label("Keep theirs").check()
    page.get_by_role("button", name="Save my choice").click()
    expect(page.get_by_label("Priority")).to_have_value("urgent")
