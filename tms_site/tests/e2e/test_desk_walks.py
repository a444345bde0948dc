"""Walks through what the desk does besides answering, and what a requester does after it, on a desk and on a phone,
with and without script."""

import pytest
from playwright.sync_api import Page, expect

from tickets import services
from tickets.factories import CommentFactory, TicketFactory
from tickets.models import Ticket
from tickets.replies.services import create_reply
from tms_site.tests.e2e.axe import DESKTOP, NARROW, PHONE
from tms_site.tests.e2e.conftest import SEND_COMMENT, open_the_sheet

pytestmark = pytest.mark.browser

WAYS = [(DESKTOP, True), (DESKTOP, False), (PHONE, True), (PHONE, False)]
ways = pytest.mark.parametrize(("width", "with_script"), WAYS)


def said(page: Page, text: str) -> None:
    """Expect a notice of success."""
    expect(page.get_by_role("status").locator(".alert").filter(has_text=text)).to_be_visible()


def press(page: Page, name: str) -> None:
    """Press a button of the page, and nothing of the frame around it."""
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("link", name=name, exact=True).click()


@ways
def test_tickets_are_changed_in_bulk_and_back_handed_over_watched_and_answered_by_a_canned_reply(
    open_page, agent, other_agent, requester, width, with_script
):
    create_reply(actor=agent, values={"name": "Thanks", "body": "Thank you, {{ requester }}."})
    kite, rope = (TicketFactory(title=title, requester=requester) for title in ("Kite", "Rope"))
    TicketFactory(title="Wind", priority="high")
    page = open_page(agent, "/tickets/", width=width, java_script_enabled=with_script)
    change_in_bulk_and_back(page, kite, rope)
    page.goto(kite.get_absolute_url())
    open_the_sheet(page, "More")
    follow(page, "Hand over")
    page.get_by_label("Assigned agent").select_option(label=str(other_agent))
    page.get_by_label("Internal note").fill("It hangs in the tree.")
    press(page, "Hand over")
    said(page, f"{other_agent} works on this ticket now.")
    expect(page.locator("#thread .comment-note")).to_contain_text("It hangs in the tree.")
    press(page, "Watch this ticket")
    said(page, "You watch this ticket now.")
    expect(page.locator("#watchers").get_by_role("link")).to_have_text("1 watches it")
    press(page, "Stop watching")
    said(page, "You don't watch this ticket any more.")
    page.get_by_label("Canned reply").select_option(label="Thanks (/thanks)")
    press(page, "Insert")
    expect(page.get_by_label("Comment*")).to_have_value(f"Thank you, {requester}.")
    page.get_by_role("button", name=SEND_COMMENT).click()
    expect(page.locator("#thread")).to_contain_text(f"Thank you, {requester}.")


def change_in_bulk_and_back(page: Page, *tickets: Ticket) -> None:
    """Set the priority of these tickets and of one that has it already, look at each row, and undo."""
    for each in Ticket.objects.all():
        page.get_by_label(f"Select #{each.pk}").check()
    page.get_by_label("Selected tickets", exact=True).select_option("priority")
    press(page, "Go on")
    page.get_by_label("Priority").select_option("high")
    press(page, "Show what will happen")
    expect(page.get_by_role("main")).to_contain_text("2 tickets will be changed.")
    expect(page.get_by_role("row").filter(has_text="Wind")).to_contain_text("It is so already.")
    assert Ticket.objects.filter(priority="high").count() == 1
    press(page, "Change 2 tickets")
    for each in tickets:
        expect(page.get_by_role("row").filter(has_text=f"#{each.pk} {each.title}")).to_contain_text("Done")
    assert Ticket.objects.filter(priority="high").count() == 3
    press(page, "Undo")
    said(page, "2 tickets are as they were before.")
    expect(page.get_by_role("row").filter(has_text=f"#{tickets[0].pk} ")).to_contain_text("Undone")
    assert Ticket.objects.filter(priority="high").count() == 1


@ways
def test_tickets_are_linked_merged_and_split_and_all_of_that_is_undone(open_page, agent, requester, width, with_script):
    kite, rope = (TicketFactory(title=title, requester=requester) for title in ("Kite", "Rope"))
    CommentFactory(ticket=kite, description="It flies.")
    CommentFactory(ticket=rope, description="By the way, the rope is torn.")
    page = open_page(agent, kite.get_absolute_url(), width=width, java_script_enabled=with_script)
    page.get_by_text("Link a ticket").click()
    page.get_by_label("This ticket").select_option(label="is blocked by")
    page.get_by_label("Ticket number").fill(f"#{rope.pk}")
    press(page, "Link")
    said(page, "Linked")
    links = page.locator("#links")
    expect(links.get_by_role("listitem")).to_contain_text(f"is blocked by #{rope.pk} Rope")
    press(page, f"Remove the link to #{rope.pk}")
    said(page, "The link is removed.")
    expect(links.get_by_role("listitem")).to_have_count(0)
    open_the_sheet(page, "More")
    follow(page, "Merge")
    page.get_by_label("Other tickets become part").check()
    page.get_by_label("Numbers").fill(str(rope.pk))
    press(page, "Show what will happen")
    expect(page.get_by_role("main")).to_contain_text("1 comment moves along")
    press(page, "Merge")
    said(page, f"#{rope.pk} is part of #{kite.pk} now.")
    expect(page.locator("#thread")).to_contain_text("the rope is torn.")
    press(page, f"Undo merge #{rope.pk}")
    said(page, f"#{rope.pk} is a ticket of its own again.")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Rope")
    page.goto(kite.get_absolute_url())
    expect(page.locator("#thread")).not_to_contain_text("the rope is torn.")
    page.get_by_role("link", name="Make the comment by").click()
    page.get_by_label("Title").fill("Flying")
    page.get_by_label("Description").fill("Split off.")
    press(page, "Split")
    said(page, "is a ticket of its own now.")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Flying")
    expect(page.locator("#thread")).to_contain_text("It flies.")


@ways
def test_a_ticket_is_restored_rated_by_its_requester_and_followed_up(
    open_page, sysadmin, agent, requester, settings, width, with_script
):
    ticket = services.create_ticket(actor=requester, title="Kite", description="It fell.").ticket
    services.update_ticket(actor=agent, ticket_id=ticket.pk, changes={"status": "resolved"})
    services.delete_ticket(actor=sysadmin, ticket_id=ticket.pk)
    page = open_page(sysadmin, "/tickets/trash/", width=width, java_script_enabled=with_script)
    follow(page, "Kite")
    press(page, "Restore ticket")
    said(page, f"Ticket #{ticket.pk} is restored.")
    page = open_page(requester, "/tickets/mine/", width=width, java_script_enabled=with_script)
    follow(page, "Kite")
    page.get_by_label("Anything to add?").fill("It flies again.")
    press(page, "Good, I'm satisfied")
    said(page, "Thank you. The helpdesk sees your rating.")
    expect(page.locator(".rating-said")).to_contain_text("It flies again.")
    # Later a comment doesn't reopen it any more.
    settings.REOPEN_DAYS = 0
    page.reload()
    follow(page, "Open a follow-up ticket")
    page.get_by_label("Description").fill("It fell again.")
    press(page, "Open the ticket")
    said(page, f"it follows #{ticket.pk}.")
    expect(page.locator("#links")).to_contain_text(f"is a follow-up of #{ticket.pk} Kite")
    page.set_viewport_size({"width": NARROW, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW
