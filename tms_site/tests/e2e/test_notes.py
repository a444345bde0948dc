"""A public reply and an internal note are never confused."""

import pytest
from playwright.sync_api import Page, expect

from tickets.factories import CommentFactory, TicketFactory
from tickets.models import Comment
from tms_site.tests.e2e.axe import DESKTOP, PHONE, problems_of

pytestmark = pytest.mark.browser

NOTE = "Between us: replace the whole thing."


def look_of(page: Page) -> list[str]:
    """What tells the two apart: colours, words, icon, and the words of the button."""
    composer = page.locator("#composer")
    field = composer.get_by_label("Comment*")
    button = composer.locator(".form-actions").get_by_role("button").last
    return [
        field.evaluate("field => getComputedStyle(field).backgroundColor"),
        composer.locator(".composer-readers:visible").inner_text(),
        button.inner_text(),
        button.evaluate("button => getComputedStyle(button).backgroundColor"),
        button.locator("svg").inner_html(),
    ]


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
@pytest.mark.parametrize("with_script", [True, False])
def test_the_desk_writes_a_note_that_looks_like_none_of_its_replies(open_page, agent, with_script, width):
    ticket = TicketFactory()
    page = open_page(agent, ticket.get_absolute_url(), java_script_enabled=with_script, width=width)
    expect(page.get_by_label("Public reply")).to_be_checked()
    reply = look_of(page)
    assert "will read this" in reply[1]
    page.get_by_label("Internal note").check()
    note = look_of(page)
    assert all(one != other for one, other in zip(reply, note, strict=True))
    assert note[1:3] == ["Only the helpdesk will see this note.", "Add internal note"]
    page.get_by_label("Comment*").fill(NOTE)
    page.get_by_role("button", name="Add internal note").click()
    entry = page.locator("#thread .comment-note")
    expect(entry).to_contain_text(NOTE)
    expect(entry.locator(".badge-note")).to_have_text("Internal note")
    assert Comment.objects.get().is_internal
    expect(page.get_by_label("Public reply")).to_be_checked()


def test_ctrl_enter_sends_what_the_radio_buttons_say(open_page, agent):
    page = open_page(agent, TicketFactory().get_absolute_url())
    page.get_by_label("Internal note").check()
    page.get_by_label("Comment*").fill(NOTE)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#thread .comment-note")).to_contain_text(NOTE)


def test_a_note_that_was_begun_comes_back_as_a_note(open_page, agent):
    ticket = TicketFactory()
    page = open_page(agent, ticket.get_absolute_url())
    page.get_by_label("Internal note").check()
    page.get_by_label("Comment*").fill(NOTE)
    page.goto("/tickets/")
    page.goto(ticket.get_absolute_url())
    expect(page.get_by_label("Comment*")).to_have_value(NOTE)
    expect(page.get_by_label("Internal note")).to_be_checked()


def test_a_note_is_made_public_after_a_question(open_page, agent):
    ticket = TicketFactory()
    Comment.objects.create(ticket=ticket, commented_by=agent, description=NOTE, is_internal=True)
    page = open_page(agent, ticket.get_absolute_url())
    page.get_by_role("link", name="Make the note by John Smith public").click()
    dialog = page.get_by_role("dialog", name="Make this note public?")
    expect(dialog).to_contain_text("will read this note as a reply")
    dialog.get_by_role("button", name="Make it a reply").click()
    expect(page.locator("#thread .comment-agent")).to_contain_text(NOTE)
    expect(page.locator("#thread .comment-note")).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_form_that_edits_a_note_has_the_colours_of_one(open_page, agent, theme):
    ticket = TicketFactory()
    looks = []
    for is_internal in (False, True):
        comment = Comment.objects.create(ticket=ticket, commented_by=agent, description=NOTE, is_internal=is_internal)
        page = open_page(agent, f"/tickets/{ticket.pk}/comments/{comment.pk}/edit/", color_scheme=theme)
        field = page.get_by_label("Internal note*" if is_internal else "Comment*")
        button = page.locator("main .form-actions").get_by_role("button")
        colour = "each => getComputedStyle(each).backgroundColor"
        looks.append([field.evaluate(colour), button.evaluate(colour), button.inner_text()])
    expect(page.locator(".composer-readers")).to_have_css("display", "flex")
    assert all(one != other for one, other in zip(*looks, strict=True))


def test_a_reply_and_a_status_go_in_one_step(open_page, agent):
    ticket = TicketFactory()
    page = open_page(agent, ticket.get_absolute_url())
    page.get_by_label("Comment*").fill("Please try again.")
    page.get_by_role("button", name="Send and set Waiting").click()
    expect(page.locator("#thread")).to_contain_text("Please try again.")
    expect(page.locator("#ticket-head .pill").first).to_have_text("Waiting")
    ticket.refresh_from_db()
    assert ticket.status == "waiting"


def test_notes_are_left_out_of_print(open_page, agent):
    ticket = TicketFactory()
    Comment.objects.create(ticket=ticket, commented_by=agent, description=NOTE, is_internal=True)
    page = open_page(agent, ticket.get_absolute_url())
    page.emulate_media(media="print")
    expect(page.get_by_text(NOTE)).to_be_hidden()


def test_a_hit_that_a_note_says_has_the_mark_of_notes_and_is_not_printed(open_page, agent):
    ticket = TicketFactory(title="Printer")
    CommentFactory(ticket=ticket, commented_by=agent, description=NOTE, is_internal=True)
    CommentFactory(ticket=TicketFactory(title="Scanner"), description="The whole thing is broken, " + "really " * 20)
    page = open_page(agent, "/tickets/?q=whole")
    said, mark = page.locator(".row-snippet"), page.locator(".badge-note")
    expect(said).to_have_count(2)
    expect(said.filter(has=mark)).to_have_text(f"Internal note {NOTE}")
    expect(mark).to_have_count(1)
    assert problems_of(page) == []
    page.emulate_media(media="print")
    expect(page.get_by_text(NOTE)).to_be_hidden()
    expect(said.filter(has_not=mark)).to_be_visible()
