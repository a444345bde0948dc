"""Texts that have run scripts elsewhere are only texts here, on every page that shows them (docs/security.md, row 6).

The pages watch themselves: a dialog, a refusal by the policy or a request to another host fails the test.
"""

from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from activity.factories import EntryFactory
from activity.models import ActivityLog
from tickets import services
from tickets.drafts.services import save_draft
from tickets.factories import CommentFactory
from tms_site.tests.e2e.conftest import SEND_COMMENT
from tms_site.tests.e2e.hostile import CORPUS, INJECTED, ROWS, build_world, check, line
from tms_site.tests.xss_corpus import XSS

pytestmark = pytest.mark.browser


@pytest.fixture
def world(settings, monkeypatch):
    """Lists and talks stand in one part."""
    settings.TICKETS_PAGE_SIZE = ROWS
    monkeypatch.setattr("activity.timeline.parts.PAGE", ROWS)
    return build_world()


def look_at_tickets(page: Page, world: SimpleNamespace, visitor: User) -> None:
    """The pages about tickets that everybody has."""
    path = world.talk.get_absolute_url()
    page.goto("/tickets/")
    check(page, shows=len(CORPUS) // 2)
    page.keyboard.press("Control+k")
    page.keyboard.type("alert(1)")
    expect(page.locator("#palette").get_by_role("option", name="Search all tickets for “alert(1)”")).to_be_visible()
    check(page)
    page.keyboard.press("Escape")
    page.locator("#id_q").fill("alert(1)")
    page.wait_for_url("**q=alert**")
    expect(page.get_by_role("link", name="Remove filter")).to_be_visible()
    # Those in which it's a word of its own, and doesn't stand in the middle of another one.
    check(page, shows=len(XSS) // 3)
    page.goto("/tickets/?q=%22%3E%3Cimg+src%3Dx+onerror%3Dalert(1)%3E&status=%3Cscript%3Ealert(1)%3C/script%3E")
    check(page)
    page.goto(path)
    check(page, shows=len(CORPUS))
    page.get_by_label("Comment*").fill(world.everything)
    page.get_by_role("button", name=SEND_COMMENT).click()
    expect(page.get_by_role("status").locator(".alert")).to_be_visible()
    check(page, shows=len(CORPUS))
    page.goto(f"{path}edit/")
    expect(page.get_by_label("Description")).to_have_value(world.everything)
    check(page)
    # Drafts that the server keeps.
    save_draft(actor=visitor, ticket_id=world.talk.pk, text=world.everything)
    save_draft(actor=visitor, ticket_id=None, text=world.everything, title=line(CORPUS[10]))
    page.goto(path)
    expect(page.get_by_label("Comment*")).to_have_value(world.everything)
    check(page, shows=len(CORPUS))
    page.goto("/tickets/new/")
    expect(page.get_by_label("Description")).to_have_value(world.everything)
    check(page)
    page.goto(f"{path}edit/")
    # A draft that comes back, and a title that the server refuses.
    page.get_by_label("Title").fill(CORPUS[10] + world.everything)
    page.reload()
    check(page)
    page.evaluate("document.querySelectorAll('form').forEach((form) => delete form.dataset.validate)")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("[data-error-summary]")).to_be_visible()
    check(page)


def settle_a_conflict(page: Page, world: SimpleNamespace) -> None:
    """Two people write texts like these into one title."""
    path = world.talk.get_absolute_url()
    page.goto(f"{path}edit/")
    services.update_ticket(actor=world.agent, ticket_id=world.talk.pk, changes={"title": CORPUS[6]})
    page.get_by_label("Title").fill(CORPUS[10])
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Somebody else changed this too")).to_be_visible()
    check(page, shows=3)
    page.get_by_label("Save mine").check()
    page.get_by_role("button", name="Save my choice").click()
    page.wait_for_url(f"**{path}")
    check(page)


@pytest.fixture
def visitor(open_page, world, expected):
    """The page of somebody in a world full of code."""
    expected += ["409|422"]
    return open_page


def test_a_requesters_pages_show_texts_as_texts(visitor, world):
    page = visitor(world.owner)
    look_at_tickets(page, world, world.owner)
    mine = CommentFactory(ticket=world.talk, commented_by=world.owner, description=world.everything)
    page.goto(f"{world.talk.get_absolute_url()}comments/{mine.pk}/edit/")
    check(page)
    page.goto(f"{world.talk.attachments.first().get_absolute_url()}delete/")
    check(page, shows=1)
    page.goto("/accounts/profile/")
    check(page)


def test_an_agents_pages_show_texts_as_texts(visitor, world):
    page = visitor(world.agent)
    look_at_tickets(page, world, world.agent)
    settle_a_conflict(page, world)
    # Names in lists of choices, in notices and on buttons.
    page.get_by_label("Assigned agent").select_option("10016")
    expect(page.get_by_role("button", name="Unassign")).to_contain_text(line(CORPUS[16]))
    check(page)
    page.goto("/tickets/new/")
    check(page, shows=len(CORPUS) // 2)


def test_a_sysadmins_pages_show_texts_as_texts(visitor, world, monkeypatch):
    monkeypatch.setattr("activity.views.PAGE_SIZE", ROWS)
    page, path = visitor(world.sysadmin), world.talk.get_absolute_url()
    entry = EntryFactory(
        user=world.agent,
        user_label=CORPUS[1],
        details=CORPUS[2],
        target_label=CORPUS[3],
        changes={CORPUS[5]: [CORPUS[7], CORPUS[8]], "title": [world.everything, CORPUS[9]]},
    )
    page.goto(path)
    page.get_by_role("link", name="Delete", exact=True).click()
    expect(page.get_by_role("dialog")).to_contain_text(line(CORPUS[26]))
    check(page, shows=len(CORPUS))
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Delete the comment").first.click()
    expect(page.get_by_role("dialog")).to_contain_text(line(CORPUS[0]))
    check(page)
    update = ActivityLog.objects.filter(activity_type="update", ticket_id=world.talk.pk).first()
    comment = world.talk.comments.last()
    for address, shown in (
        (f"{path}delete/", 1),
        (f"{path}comments/{comment.pk}/delete/", 1),
        (f"{path}comments/{comment.pk}/split/", 1),
        (f"{path}merge/", 1),
        (f"{path}links/", 1),
        ("/activity/", len(CORPUS)),
        (f"/activity/?user={world.agent.pk}&ticket={world.talk.pk}&activity_type=%3Cscript%3Ealert(1)%3C/script%3E", 0),
        (f"/activity/users/{world.agent.pk}/", 1),
        (f"/activity/{entry.pk}/", 8),
        (f"/activity/{update.pk}/", 1),
        (f"/activity/purge/?before=2030-01-01&user={world.agent.pk}", 1),
        (f"/activity/purge/?before=2020-01-01&user={world.agent.pk}", 1),
        ("/admin/accounts/user/", len(CORPUS) // 2),
        (f"/admin/accounts/user/{world.agent.pk}/change/", 1),
        ("/admin/tickets/ticket/", len(CORPUS) // 2),
        (f"/admin/tickets/ticket/{world.talk.pk}/change/", len(CORPUS)),
        ("/admin/tickets/comment/", len(CORPUS) // 2),
        (f"/admin/tickets/comment/{comment.pk}/change/", 1),
        ("/admin/activity/activitylog/", 20),
        (f"/admin/activity/activitylog/{entry.pk}/change/", 4),
    ):
        page.goto(address)
        check(page, shows=shown)


def test_what_a_visitor_types_into_the_log_in_form_stays_text(visitor):
    page = visitor(None)
    page.goto("/accounts/login/?next=javascript:alert(1)//%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
    check(page)
    for text in ('"><script>alert(1)</script>@example.com', '"onfocus=alert(1) autofocus="@example.com'):
        page.evaluate("document.querySelectorAll('form').forEach((form) => delete form.dataset.validate)")
        page.get_by_label("E-mail address").evaluate(
            "(field, text) => { field.type = 'text'; field.value = text; }", text
        )
        page.get_by_label("Password").fill("wrong")
        page.get_by_role("button", name="Log in").click()
        expect(page.locator("[data-error-summary]")).to_be_visible()
        check(page)


def test_the_check_itself_sees_what_is_injected(visitor, world, expected):
    expected += ["console: ", "dialog: ", "another host: ", "exception: "]
    page = visitor(world.owner)
    page.goto("/tickets/")
    page.evaluate("html => document.querySelector('main').setHTMLUnsafe(html)", world.everything)
    assert len(page.evaluate(INJECTED)) > 20
