"""The desk's further pages have nothing that axe-core objects to: bulk actions, hand-over, canned replies, webhooks."""

import pytest
from playwright.sync_api import expect

from accounts.factories import UserFactory
from activity.webhooks.enums import DeliveryState
from activity.webhooks.factories import WebhookFactory
from activity.webhooks.models import WebhookDelivery
from tickets import services
from tickets.attachments.services import remove_attachment
from tickets.factories import TicketFactory, upload
from tickets.links.kinds import LinkKind, Relation
from tickets.links.services import add_link
from tickets.models import Ticket
from tickets.replies.services import create_reply
from tickets.sorting.services import create_category, create_team
from tickets.watching.services import watch
from tms_site.tests.e2e.axe import PHONE, Tour, problems_on_a_phone

pytestmark = pytest.mark.browser


@pytest.fixture
def ticket(requester, agent, sysadmin):
    """A ticket that has everything: team, category, tags, links, a watcher, a file and one that was removed."""
    team = create_team(actor=sysadmin, name="Printing and paper")
    category = create_category(actor=sysadmin, name="Printers", default_team=team)
    files = [upload("report.txt"), upload("wrong.txt")]
    ticket = services.create_ticket(
        actor=requester, title="Printer jams", description="Each time.", category=category, attachments=files
    ).ticket
    other = TicketFactory(requester=requester, title="Printer is loud " + "very " * 20)
    services.update_ticket(actor=agent, ticket_id=other.pk, changes={"status": "resolved"})
    add_link(actor=agent, ticket_id=ticket.pk, relation=Relation(LinkKind.BLOCKS), other_id=other.pk)
    add_link(actor=agent, ticket_id=ticket.pk, relation=Relation(LinkKind.RELATES), other_id=TicketFactory().pk)
    services.update_ticket(actor=agent, ticket_id=ticket.pk, changes={"tags": ["2nd floor", "toner"]})
    remove_attachment(actor=requester, ticket_id=ticket.pk, attachment_id=ticket.attachments.last().pk)
    watch(actor=agent, ticket_id=ticket.pk)
    return ticket


def look_at_a_bulk_action(tour: Tour) -> None:
    """From the selection to what became of each row, two of which can't be changed."""
    page = tour.page
    page.goto("/tickets/")
    page.get_by_label("Select #").first.check()
    page.get_by_label("All that match").check()
    page.get_by_label("Selected tickets", exact=True).select_option("status")
    tour.look("a selection")
    page.get_by_role("button", name="Go on").click()
    tour.look("the choice of what a bulk action does")
    page.get_by_label("Status").select_option("waiting")
    page.get_by_role("button", name="Show what will happen").click()
    expect(page.get_by_text("These stay as they are:")).to_be_visible()
    tour.look("what a bulk action will do")
    page.get_by_role("button", name="Change").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    tour.look("what a bulk action has done")


def look_at_canned_replies(tour: Tour, agent) -> None:
    """The list, empty and with one that changes the ticket, and the form."""
    page = tour.page
    tour.visit("/tickets/replies/", "no canned replies")
    page.goto("/tickets/replies/new/")
    page.get_by_text("Placeholders that are filled").click()
    tour.send("Save canned reply")
    tour.look("a canned reply with errors")
    values = {"name": "Wait", "body": "Dear {{ requester }}, parts come.", "status": "waiting", "tags": ["parts"]}
    reply = create_reply(actor=agent, values=values)
    tour.visit("/tickets/replies/")
    tour.visit(f"/tickets/replies/{reply.pk}/edit/", "a canned reply's form")
    tour.visit(f"/tickets/replies/{reply.pk}/delete/", "a canned reply's deletion")


def test_a_tour_of_the_desk_is_accessible(tour, agent, ticket):
    tour = tour(agent)
    page, path = tour.page, ticket.get_absolute_url()
    look_at_a_bulk_action(tour)
    look_at_canned_replies(tour, agent)
    page.goto(path)
    page.get_by_text("Link a ticket").click()
    page.get_by_label("Canned reply").select_option(label="Wait (/wait)")
    page.get_by_role("button", name="Insert").click()
    expect(page.get_by_label("Wait: sets the status")).to_be_checked()
    tour.look("a ticket with links, tags and a removed file, a macro chosen")
    tour.visit(f"{path}watch/")
    page.goto(f"{path}hand-over/")
    page.get_by_label("Team").select_option("")
    page.get_by_label("Assigned agent").select_option("load")
    tour.send("Hand over")
    tour.look("handing over with errors")


def test_a_tour_of_views_and_follow_ups_is_accessible(tour, requester, settings, ticket):
    settings.REOPEN_DAYS = 0
    tour = tour(requester)
    page = tour.page
    tour.visit("/tickets/views/", "no views")
    page.goto("/tickets/views/new/")
    tour.send("Save view")
    tour.look("a view with errors")
    for name in ("Mine", "Waiting"):
        services.create_view(actor=requester, name=name, parameters="status=waiting")
    tour.visit("/tickets/views/")
    page.get_by_role("link", name="Delete Mine").click()
    tour.look("a view's deletion")
    old = Ticket.objects.get(status="resolved")
    tour.visit(old.get_absolute_url(), "a ticket that was resolved long ago")
    page.get_by_role("link", name="Open a follow-up ticket").click()
    tour.look("a follow-up ticket")


def test_a_tour_of_webhooks_and_of_who_leaves_is_accessible(tour, sysadmin, agent, ticket):
    services.update_ticket(actor=sysadmin, ticket_id=ticket.pk, changes={"assigned_agent": agent})
    UserFactory(agent=True)
    tour = tour(sysadmin)
    page = tour.page
    tour.visit(f"/tickets/leaving/?user={agent.pk}", "where a leaver's tickets go")
    tour.visit("/webhooks/", "no webhooks")
    page.goto("/webhooks/new/")
    tour.send("Save webhook")
    tour.look("a webhook with errors")
    webhook = WebhookFactory(url="https://pager.example.com/" + "long" * 50)
    WebhookFactory(is_active=False)
    for number, state in enumerate(DeliveryState):
        WebhookDelivery.objects.create(
            webhook=webhook, key=f"key {number}", event="ticket.created", payload={}, state=state, attempts=number,
            status_code=500 + number, duration_ms=12, answer="Internal server error " * 5,
        )  # fmt: skip
    tour.visit("/webhooks/")
    page.goto(webhook.get_absolute_url())
    page.get_by_text("Show the secret").click()
    tour.look("a webhook with deliveries and its secret")
    tour.visit(f"{webhook.get_absolute_url()}delete/", "a webhook's deletion")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_a_phone_opens_in_a_sheet_is_accessible(open_page, sysadmin, ticket, theme):
    page = open_page(sysadmin, "/tickets/", width=PHONE, color_scheme=theme)
    expect(page.get_by_label("Requester")).to_be_hidden()
    page.get_by_role("button", name="Filters").click()
    page.locator(".filter-bar summary").filter(has_text="Status").click()
    assert problems_on_a_phone(page) == []
    page.get_by_label("Open").check()
    expect(page.locator("#result-count")).to_contain_text("2 tickets")
    page.get_by_role("button", name="Show the tickets").click()
    expect(page.get_by_role("link", name="Remove filter Status: Open")).to_be_visible()
    page.goto(ticket.get_absolute_url())
    expect(page.get_by_role("link", name="Merge")).to_be_hidden()
    page.get_by_role("button", name="More").click()
    assert problems_on_a_phone(page) == []
    page.get_by_role("link", name="Delete", exact=True).click()
    expect(page.get_by_role("dialog")).to_contain_text("Printer jams")
    expect(page.get_by_role("link", name="Merge")).to_be_hidden()
