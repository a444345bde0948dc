"""Every page, in the states that people meet, has nothing that axe-core objects to."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.utils import timezone
from playwright.sync_api import Page, expect

from activity.factories import EntryFactory
from activity.models import ActivityLog
from tickets import services
from tickets.enums import Priority, Status
from tickets.factories import CommentFactory, picture, upload
from tms_site.tests.e2e.axe import NARROW, Tour, problems_of
from tms_site.tests.e2e.conftest import SEND_COMMENT

pytestmark = pytest.mark.browser

MARKDOWN = """It **fails** since _Monday_, see https://example.com and [the page](https://example.com/a).

- one
- two

> quoted

```
a line of code that is much longer than any phone is wide, so that it has to scroll by itself: 0123456789 0123456789
```

| a | b |
| --- | --- |
| 1 | 2 |
"""

# Text that's pale by day, by night and on a phone, a button that has no name on a phone, and two that are tiny there.
FAULTS = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`
        #faults p { color: #000; background: #fff }
        #faults #day { color: #ccc }
        #faults #small { display: none; color: #888 }
        @media (prefers-color-scheme: dark) { #faults #day { color: #111 } #faults #night { color: #ddd } }
        @media (width < 400px) { #faults #small { display: block } #nameless span { display: none } }
        #nameless { min-height: 44px; min-width: 44px }
        @media (width < 400px) { #faults button.tiny { width: 9px; height: 9px; padding: 0; overflow: hidden } }`);
    document.adoptedStyleSheets.push(sheet);
    document.querySelector("main").insertAdjacentHTML("beforeend", `<div id="faults">
        <p id="day">By day</p><p id="night">By night</p><p id="small">On a phone</p>
        <button type="button" id="nameless"><span>Name</span></button>
        <button type="button" class="tiny" id="tiny">This</button>
        <button type="button" class="tiny" id="teeny">That</button></div>`);
}"""


@pytest.fixture
def tickets(requester, agent):
    """One ticket of each status and priority, the first with a conversation."""
    made = []
    for status, priority in zip(Status, Priority, strict=True):
        ticket = services.create_ticket(
            actor=requester, title=f"Printer {status} " + "very " * 20, description=MARKDOWN, priority=priority
        ).ticket
        changes = {} if status == Status.OPEN else {"status": status, "assigned_agent": agent}
        services.update_ticket(actor=agent, ticket_id=ticket.pk, changes=changes)
        made.append(ticket)
    files = [picture(), upload("a-name-that-is-much-too-long-for-any-phone-and-that-has-no-blank-in-it.txt")]
    services.add_comment(actor=requester, ticket_id=made[0].pk, description=MARKDOWN, attachments=files)
    services.add_comment(actor=agent, ticket_id=made[0].pk, description=MARKDOWN)
    return made


def press_escape_and_open_the_palette(page: Page) -> None:
    """Close the dialog that's open, and wait for the palette."""
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Find tickets")).to_be_focused()


def look_at_the_ticket_pages(tour: Tour, ticket) -> None:
    """The pages that everybody has, with menus and dialogs open, in error and empty states."""
    page, path = tour.page, ticket.get_absolute_url()
    tour.visit("/tickets/")
    page.locator(".filter-bar summary").first.click()
    tour.look("the list, a filter open")
    page.locator(".list-head summary").click()
    tour.look("the list, its orders open")
    tour.visit("/tickets/?q=nothing-like-it&status=open&priority=low&sort=title", "no matches")
    tour.visit("/tickets/?status=unknown", "the list, parts of the address ignored")
    page.get_by_role("button", name="Your menu").click()
    tour.look("the user's menu")
    page.get_by_role("button", name="Keyboard shortcuts").click()
    tour.look("the shortcuts")
    press_escape_and_open_the_palette(page)
    tour.look("the palette")
    page.keyboard.type("printer")
    expect(page.get_by_role("option", name="Search all tickets")).to_be_visible()
    tour.look("what the palette found")
    tour.visit("/tickets/new/")
    tour.send("Create ticket")
    tour.look("a new ticket with errors")
    tour.visit(path)
    tour.send(SEND_COMMENT)
    tour.look("a comment with errors")
    if (note := page.get_by_label("Internal note")).count():
        note.check()
        tour.look("a note")
        page.get_by_label("Public reply").check()
    page.get_by_label("Comment*").fill("Thank you.")
    page.get_by_role("button", name=SEND_COMMENT).click()
    expect(page.get_by_role("status").filter(has_text="comment")).to_be_visible()
    tour.look("a notice")
    tour.visit(f"{path}edit/")
    page.get_by_label("Title").fill("")
    tour.send("Save")
    tour.look("a ticket's form with errors")


def look_at_ones_own_pages(tour: Tour) -> None:
    """The pages of an account."""
    for part in ("profile", "password/change", "2fa", "sessions", "tokens"):
        tour.visit(f"/accounts/{part}/")
    tour.send("Make the token")
    tour.look("a token's form with errors")
    tour.visit("/accounts/logout/")
    tour.visit("/permissions/")


def test_a_requesters_pages_are_accessible(tour, requester, tickets, agent):
    tour = tour(requester)
    look_at_the_ticket_pages(tour, tickets[0])
    look_at_ones_own_pages(tour)
    mine = CommentFactory(ticket=tickets[0], commented_by=requester)
    tour.visit(f"{tickets[0].get_absolute_url()}comments/{mine.pk}/edit/", "a comment's form")
    file = tickets[0].attachments.first()
    tour.visit(f"{file.get_absolute_url()}delete/", "a file's removal")
    page = tour.page
    page.goto("/tickets/new/")
    page.get_by_label("Attach files").set_input_files(
        [{"name": name, "mimeType": "", "buffer": b"x"} for name in ("a.txt", "b.exe")]
    )
    tour.look("files chosen and refused")
    tour.visit(tickets[3].get_absolute_url(), "a resolved ticket")
    tour.visit("/tickets/mine/")
    tour.visit(f"{tickets[3].get_absolute_url()}rate/", "a rating")
    tour.send("Send rating")
    tour.look("a rating with errors")
    tour.visit("/activity/", "403")
    tour.visit("/tickets/999999/", "404")
    tour.visit("/accounts/2fa/totp/activate/", "the password once more")


def test_an_agents_pages_are_accessible(tour, agent, tickets):
    tour = tour(agent)
    page, ticket = tour.page, tickets[0]
    look_at_the_ticket_pages(tour, ticket)
    tour.visit("/tickets/assigned/")
    tour.visit("/dashboard/?period=12m")
    for details in page.locator("details.figures").all():
        details.locator("summary").click()
    tour.look("the dashboard, its tables open")
    tour.visit("/dashboard/?period=unknown&agent=me", "the dashboard, parts of the address ignored")
    page.goto(f"{ticket.get_absolute_url()}edit/")
    services.update_ticket(actor=ticket.requester, ticket_id=ticket.pk, changes={"title": "Theirs", "priority": "low"})
    page.get_by_label("Title").fill("Mine")
    page.get_by_label("Priority").select_option("urgent")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Somebody else changed this too")).to_be_visible()
    tour.look("a conflict")
    page.goto(tickets[3].get_absolute_url())
    page.get_by_label("Resolved on").fill("2001-01-01T00:00")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("[data-error-summary]")).to_be_visible()
    tour.look("properties with errors")


def test_a_sysadmins_pages_are_accessible(tour, sysadmin, tickets):
    tour = tour(sysadmin)
    page, path = tour.page, tickets[0].get_absolute_url()
    TOTP.activate(sysadmin, generate_totp_secret())
    RecoveryCodes.activate(sysadmin)
    for each in ("/tickets/", path, "/tickets/new/", "/accounts/2fa/", "/accounts/2fa/recovery-codes/"):
        tour.visit(each)
    page.goto(path)
    page.get_by_role("link", name="Delete", exact=True).click()
    tour.look("a ticket's deletion in a dialog")
    page.goto(path)
    page.get_by_role("link", name="Delete the comment").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    tour.look("a comment's deletion in a dialog")
    tour.visit(f"{path}delete/")
    tour.visit(f"{path}comments/{tickets[0].comments.first().pk}/delete/")
    tour.visit("/activity/")
    page.locator(".filter-bar summary").click()
    tour.look("the log, a filter open")
    tour.visit(f"/activity/?user={sysadmin.pk}&ticket=999", "no activity matches")
    tour.visit(f"/activity/users/{sysadmin.pk}/")
    tour.visit(f"{path}merge/")
    tour.visit(f"{path}merge/?direction=here&numbers={tickets[1].pk}", "what a merge will do")
    page.get_by_role("main").get_by_role("button", name="Merge", exact=True).click()
    expect(page.get_by_text("Merged into this ticket")).to_be_visible()
    tour.look("a ticket that another one is part of")
    tour.visit(f"{tickets[1].get_absolute_url()}?original=1", "a merged ticket")
    tour.visit(f"{path}comments/{tickets[0].comments.first().pk}/split/")
    page.goto(f"{path}links/")
    tour.send("Link")
    tour.look("a link with errors")
    tour.visit("/tickets/trash/", "an empty trash")
    services.delete_ticket(actor=sysadmin, ticket_id=tickets[-1].pk)
    tour.visit("/tickets/trash/")
    tour.visit(f"/tickets/trash/{tickets[-1].pk}/")
    tour.visit(f"/activity/{ActivityLog.objects.filter(activity_type='update').first().pk}/")
    tour.visit("/activity/purge/")
    tour.send("Show what would go")
    tour.look("a purge with errors")
    EntryFactory(activity_date=timezone.now() - timedelta(days=500))
    tour.visit(f"/activity/purge/?before={timezone.now():%Y-%m-%d}&user=", "a purge's confirmation")
    tour.send("Purge")
    tour.look("a purge's confirmation with errors")


def test_the_administration_is_accessible(tour, sysadmin, tickets):
    tour = tour(sysadmin)
    tour.visit("/admin/")
    tour.visit("/admin/accounts/user/")
    # Django names the search field by an image with an alternative text, which axe overlooks.
    tour.problems = [each for each in tour.problems if "label-title-only at #searchbar" not in each]


def test_public_pages_and_empty_lists_are_accessible(tour, requester, agent):
    visitor = tour()
    for path in ("/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"):
        visitor.visit(path)
    visitor.send("Send the link")
    visitor.look("a forgotten password with errors")
    visitor.visit("/accounts/password/reset/done/")
    visitor.visit("/accounts/password/reset/key/1-abc/", "a link that's used up")
    visitor.visit("/accounts/login/?next=/tickets/new/", "log-in to go on")
    visitor.page.get_by_label("E-mail address").fill("nobody@example.com")
    visitor.page.get_by_label("Password").fill("wrong")
    visitor.send("Log in")
    visitor.look("log-in with errors")
    for user, path in ((requester, "/tickets/"), (agent, "/tickets/assigned/"), (agent, "/dashboard/")):
        tour(user).visit(path, f"{user}: nothing at {path}")


def test_the_menu_of_a_phone_is_accessible(open_page, agent):
    page = open_page(agent, "/tickets/", width=390)
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
    page.get_by_role("button", name="Menu", exact=True).click()
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    assert problems_of(page) == []
    page.set_viewport_size({"width": NARROW, "height": 600})
    page.get_by_role("button", name="Close the menu").click()
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()


def test_status_and_priority_are_told_by_words_and_signs_not_by_colour_alone(open_page, agent, tickets):
    page = open_page(agent, "/tickets/")
    for label in (*Status.labels, *Priority.labels):
        pill = page.locator("tbody .pill").filter(has_text=str(label))
        assert pill.locator("svg").count() >= 1, label


def test_nothing_moves_for_those_who_ask_for_less_motion(open_page, requester, tickets):
    page = open_page(requester, tickets[0].get_absolute_url(), reduced_motion="reduce")
    page.get_by_label("Comment*").fill("Thank you.")
    page.get_by_role("button", name="Comment", exact=True).click()
    expect(page.get_by_role("status").locator(".alert")).to_be_visible()
    moving = page.evaluate(
        """() => [...document.querySelectorAll("*")].filter((each) => {
            const style = getComputedStyle(each);
            return parseFloat(style.transitionDuration) > 0.01 || parseFloat(style.animationDuration) > 0.01;
        }).length"""
    )
    assert moving == 0


def test_the_look_itself_sees_what_is_wrong_in_one_theme_or_at_one_width_only(open_page):
    page = open_page(None, "/accounts/login/")
    passed = set()
    assert problems_of(page, passed) == []
    assert passed
    page.evaluate(FAULTS)
    # What axe has refused isn't remembered: it's found again.
    assert problems_of(page, passed) == problems_of(page, passed) != []
    found = [(problem.split(":")[0], *re.findall(r"[\w-]+ at #\w+", problem)) for problem in problems_of(page, passed)]
    assert found == [
        ("wide, light", "color-contrast at #day"),
        ("wide, dark", "color-contrast at #night"),
        ("phone, dark", "button-name at #nameless"),
        ("phone, dark", "color-contrast at #night"),
        ("phone, dark", "color-contrast at #small"),
        ("phone, dark", "target-size at #tiny"),
        ("phone, dark", "target-size at #teeny"),
    ]
