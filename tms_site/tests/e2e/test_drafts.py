"""What one types is kept while one types: the page may die, the session may end."""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, Route, expect

from accounts.factories import PASSWORD
from tickets.drafts.models import Draft
from tickets.factories import TicketFactory
from tickets.models import Comment
from tickets.services import create_ticket
from tms_site.tests.e2e.axe import DESKTOP, PHONE, problems_of, problems_on_a_phone
from tms_site.tests.e2e.conftest import SEND_COMMENT

pytestmark = pytest.mark.browser


@pytest.fixture
def ticket(requester):
    return TicketFactory(requester=requester)


def state(page: Page):
    return page.locator("[data-draft-state]")


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_a_page_that_dies_loses_nothing_and_what_is_sent_is_no_draft(open_page, agent, ticket, width):
    page = open_page(agent, ticket.get_absolute_url(), width=width)
    page.get_by_label("Internal note").check()
    page.get_by_label("Comment*").press_sequentially("It is the <b>toner</b>")
    expect(state(page)).to_have_text("Draft saved.")
    page.context.close()
    page = open_page(agent, ticket.get_absolute_url(), width=width)
    field = page.get_by_label("Comment*")
    expect(field).to_have_value("It is the <b>toner</b>")
    expect(page.get_by_label("Internal note")).to_be_checked()
    expect(state(page)).to_have_text("Draft from just now.")
    look = problems_on_a_phone if width == PHONE else problems_of
    assert look(page) == []
    page.get_by_label("Public reply").check()
    field.fill("It is the <b>toner</b>!")
    page.get_by_role("button", name=SEND_COMMENT).click()
    expect(page.locator("#thread")).to_contain_text("It is the <b>toner</b>!")
    expect(state(page)).to_have_text("")
    page.reload()
    expect(field).to_have_value("")
    assert not Draft.objects.exists()
    assert Comment.objects.count() == 1


def test_a_mere_choice_is_kept_without_a_word(open_page, agent, ticket):
    page = open_page(agent, ticket.get_absolute_url())
    page.get_by_label("Internal note").check()
    page.reload()
    expect(page.get_by_label("Internal note")).to_be_checked()
    expect(page.locator(".toasts .alert")).to_have_count(0)


def test_a_session_that_ends_in_the_midst_of_typing_loses_nothing(open_page, requester, ticket):
    page = open_page(requester, ticket.get_absolute_url())
    field = page.get_by_label("Comment*")
    field.press_sequentially("It is the")
    expect(state(page)).to_have_text("Draft saved.")
    Session.objects.all().delete()
    field.fill("It is the toner")
    expect(state(page)).to_contain_text("You are logged out. This tab keeps your text")
    page.reload()
    page.get_by_label("E-mail address").fill(requester.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(f"**{ticket.get_absolute_url()}")
    expect(field).to_have_value("It is the toner")
    expect(page.get_by_role("status").filter(has_text="We kept what you had typed.")).to_be_visible()
    expect(state(page)).to_have_text("Draft saved.")
    assert Draft.objects.get().text == "It is the toner"


@pytest.mark.parametrize("opened", ["before", "after"])
def test_a_tab_whose_draft_was_sent_or_replaced_in_another_one_does_not_call_it_saved(
    open_page, requester, ticket, opened
):
    first = open_page(requester, ticket.get_absolute_url())
    second = first.context.new_page()
    if opened == "before":
        second.goto(ticket.get_absolute_url())
    first.get_by_label("Comment*").fill("It is the")
    expect(state(first)).to_have_text("Draft saved.")
    if opened == "after":
        second.goto(ticket.get_absolute_url())
    second.get_by_label("Comment*").fill("Yes, it's the fuser")
    expect(state(second)).to_have_text("Draft saved.")
    expect(state(first)).to_contain_text("A newer draft from another tab is kept.")
    expect(first.get_by_label("Comment*")).to_have_value("It is the")
    second.get_by_role("button", name="Comment", exact=True).click()
    expect(second.locator("#thread")).to_contain_text("the fuser")
    # Only a text that began apart from what was sent is still to be sent.
    expect(state(first)).to_have_text("Draft saved." if opened == "before" else "")
    assert Draft.objects.count() == (opened == "before")
    with first.expect_response(re.compile("/draft/$")):
        first.get_by_label("Comment*").fill("It is the toner")
    expect(state(first)).to_have_text("Draft saved.")
    assert Draft.objects.get().text == "It is the toner"


def test_leaving_a_page_saves_what_was_typed_last(open_page, requester, ticket):
    page = open_page(requester, ticket.get_absolute_url())
    page.get_by_label("Comment*").fill("It is the toner")
    # What the browser sends for a page that's gone, Playwright doesn't tell of.
    with page.expect_response(re.compile("/draft/$")):
        page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
    page.context.close()
    page = open_page(requester, ticket.get_absolute_url())
    expect(page.get_by_label("Comment*")).to_have_value("It is the toner")


def test_a_draft_that_is_discarded_is_gone(open_page, requester, ticket):
    page = open_page(requester, ticket.get_absolute_url())
    page.get_by_label("Comment*").fill("It is the toner")
    expect(state(page)).to_have_text("Draft saved.")
    page.get_by_role("button", name="Discard draft").click()
    expect(page.get_by_label("Comment*")).to_have_value("")
    expect(page.get_by_role("button", name="Discard draft")).to_be_hidden()
    page.reload()
    expect(page.get_by_label("Comment*")).to_have_value("")


def test_the_form_for_a_new_ticket_is_kept_too(open_page, requester):
    page = open_page(requester, "/tickets/new/")
    page.get_by_label("Title").fill("Toner")
    expect(state(page)).to_have_text("Draft saved.")
    page.context.close()
    page = open_page(requester, "/tickets/new/")
    expect(page.get_by_label("Title")).to_have_value("Toner")
    page.get_by_role("button", name="Discard draft").click()
    expect(page.get_by_text("Your draft is gone.")).to_be_visible()
    expect(page.get_by_label("Title")).to_have_value("")


def test_what_a_field_looks_up_meanwhile_leaves_the_text_in_the_tab(open_page, agent):
    create_ticket(actor=agent, title="Printer", description="Dry", tags=["toner"])
    page = open_page(agent, "/tickets/replies/new/")
    page.get_by_label("Text*").fill("Dear all")
    page.get_by_label("Add tags").press_sequentially("ton")
    expect(page.locator("#tag-options option")).to_have_count(1)
    page.goto("/tickets/")
    page.goto("/tickets/replies/new/")
    expect(page.get_by_label("Text*")).to_have_value("Dear all")
    expect(page.get_by_label("Add tags")).to_have_value("ton")


@pytest.mark.parametrize("fate", ["arrives", "is lost on its way"])
def test_no_word_goes_down_with_a_comment_that_is_being_sent(open_page, requester, ticket, expected, fate):
    expected += ["ERR_FAILED", "htmx:(sendError|afterRequest)"]
    page = open_page(requester, ticket.get_absolute_url())
    on_their_way: list[Route] = []
    page.route("**/comments/", lambda route: on_their_way.append(route))  # noqa: PLW0108 - Playwright marks the function
    field = page.get_by_label("Comment*")
    field.fill("It is the toner")
    with page.expect_request("**/comments/"):
        field.press("Control+Enter")
    # What isn't taken can't be lost, and one sees that it isn't taken.
    page.keyboard.type(" and the fuser")
    expect(field).to_have_value("It is the toner")
    expect(field).to_be_focused()
    if fate == "arrives":
        on_their_way[0].continue_()
        expect(page.locator("#thread")).to_contain_text("It is the toner")
        expect(field).to_have_value("")
    else:
        on_their_way[0].abort()
        expect(page.get_by_role("button", name="Try again")).to_be_visible()
        expect(field).to_have_value("It is the toner")
    expect(field).to_be_editable()
    expect(field).to_be_focused()
    page.keyboard.type("Yes")
    expect(field).to_have_value("Yes" if fate == "arrives" else "It is the tonerYes")


def test_without_javascript_a_button_keeps_the_draft_and_another_gives_it_up(open_page, requester, ticket):
    page = open_page(requester, ticket.get_absolute_url(), width=PHONE, java_script_enabled=False)
    page.get_by_label("Comment*").fill("It is the toner")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Your draft is saved.")).to_be_visible()
    expect(page.get_by_label("Comment*")).to_have_value("It is the toner")
    page.get_by_role("button", name="Discard draft").click()
    expect(page.get_by_text("Your draft is gone.")).to_be_visible()
    expect(page.get_by_label("Comment*")).to_have_value("")


def test_the_tab_whose_draft_was_replaced_keeps_its_text_and_takes_the_draft_back_when_one_types_there(
    open_page, requester, ticket
):
    first = open_page(requester, ticket.get_absolute_url())
    second = first.context.new_page()
    second.goto(ticket.get_absolute_url())
    for page, text in ((first, "It is the toner"), (second, "It is the fuser")):
        page.get_by_label("Comment*").fill(text)
        expect(state(page)).to_have_text("Draft saved.")
    expect(state(first)).to_contain_text("A newer draft from another tab is kept.")
    # Looking at another tab and coming back is no typing.
    first.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
    expect(state(first)).to_contain_text("A newer draft from another tab is kept.")
    expect(first.get_by_label("Comment*")).to_have_value("It is the toner")
    assert Draft.objects.get().text == "It is the fuser"
    first.get_by_label("Comment*").press_sequentially("!")
    expect(state(first)).to_have_text("Draft saved.")
    expect(state(second)).to_contain_text("A newer draft from another tab is kept.")
    assert Draft.objects.get().text == "It is the toner!"
