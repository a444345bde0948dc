"""Texts that have run scripts elsewhere are only texts in what the desk keeps beside its tickets: names of tags,
categories, teams, views and webhooks, canned replies, ratings, tokens, file names, and the pages that show them."""

from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, expect

from tms_site.tests.e2e.hostile import CORPUS, ROWS, build_desk, build_world, check, line

pytestmark = pytest.mark.browser

SOME = len(CORPUS) // 2


@pytest.fixture
def world(settings, monkeypatch):
    """Lists and talks stand in one part, and the desk has names like these too."""
    settings.TICKETS_PAGE_SIZE = ROWS
    monkeypatch.setattr("activity.timeline.parts.PAGE", ROWS)
    world = build_world()
    return SimpleNamespace(**vars(world), **vars(build_desk(world)))


def visit(page: Page, addresses: dict[str, int]) -> None:
    """Look at pages, each of which shows at least so many of the texts."""
    for address, shown in addresses.items():
        page.goto(address)
        check(page, shows=shown)


def test_a_requesters_further_pages_show_texts_as_texts(open_page, world, expected):
    expected += ["422"]
    page, path = open_page(world.owner), world.talk.get_absolute_url()
    visit(
        page,
        {
            "/tickets/mine/": 10,
            "/tickets/new/": SOME,
            "/tickets/views/": 1,
            f"{path}print/": len(CORPUS),
            world.rated.get_absolute_url(): 5,
            f"{world.rated.get_absolute_url()}rate/": 1,
            "/accounts/tokens/": SOME,
            f"/accounts/tokens/{world.token.pk}/revoke/": 1,
        },
    )
    page.goto("/tickets/new/")
    page.get_by_label("Title").press_sequentially("alert(1) click")
    expect(page.locator(".similar-list li").first).to_be_visible()
    check(page, shows=1)
    # As files are chosen, and as the server says which ones it has lost.
    names = [name.replace("/", "_")[:150] + ".txt" for name in map(line, CORPUS[:40])]
    page.get_by_label("Attach files").set_input_files(
        [{"name": name, "mimeType": "text/html", "buffer": b"<script>alert(1)</script>"} for name in names]
        + [{"name": '"><img src=x onerror=alert(1)>.exe', "mimeType": "", "buffer": b"x"}]
    )
    expect(page.locator("[data-files-problem]")).to_contain_text("<img src=x onerror=alert(1)>.exe")
    check(page, shows=10)


def test_an_agents_further_pages_show_texts_as_texts(open_page, world, expected):
    expected += ["422"]
    page, path = open_page(world.agent), world.talk.get_absolute_url()
    view, reply = world.view.pk, world.reply.pk
    visit(
        page,
        {
            "/tickets/views/": 20,
            f"/tickets/views/{view}/edit/": 1,
            f"/tickets/views/{view}/delete/": 1,
            "/tickets/replies/": SOME,
            f"/tickets/replies/{reply}/edit/": 1,
            f"/tickets/replies/{reply}/delete/": 1,
            f"{path}hand-over/": SOME,
            f"{path}links/": 1,
            f"{path}watch/": 20,
            f"{path}merge/?direction=here&numbers=1001": 2,
            f"/tickets/bulk/{world.run.pk}/": SOME,
            f"/tickets/?category={world.talk.category_id}&team={world.talk.team_id}&tag=%3Cscript%3Ealert(1)": 1,
            f"/dashboard/?agent={world.talk.assigned_agent_id}": SOME,
        },
    )
    page.goto(path)
    check(page, shows=len(CORPUS))
    insert_a_reply_and_name_a_colleague(page)
    change_many(page)


def insert_a_reply_and_name_a_colleague(page: Page) -> None:
    """What the composer's menus offer and put in: placeholders stand for titles and names like these."""
    field = page.get_by_label("Comment*")
    page.get_by_label("Canned reply").select_option(label="Filled (/filled)")
    page.get_by_role("button", name="Insert").click()
    expect(field).to_have_value(f"{CORPUS[0]} {line(CORPUS[26])} {CORPUS[15]}")
    check(page, shows=len(CORPUS))
    field.press_sequentially(" @")
    expect(page.get_by_role("listbox", name="Colleagues").get_by_role("option").first).to_be_visible()
    check(page)
    page.keyboard.press("Enter")
    field.press_sequentially(" /r1")
    expect(page.get_by_role("listbox", name="Canned replies").get_by_role("option").first).to_be_visible()
    check(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("listbox", name="Canned replies")).to_be_hidden()
    check(page)
    # Somebody else of such a name is there.
    expect(page.locator("#presence")).to_contain_text("alert")
    check(page)
    page.keyboard.press("Control+k")
    page.keyboard.type("agent1")
    expect(page.locator("#palette .palette-note").first).to_be_visible()
    check(page)


def change_many(page: Page) -> None:
    """From a selection to its results: titles and names stand in each step."""
    page.goto("/tickets/")
    page.get_by_label("Select #").first.check()
    page.get_by_label("All that match").check()
    page.get_by_label("Selected tickets", exact=True).select_option("team")
    page.get_by_role("button", name="Go on").click()
    check(page, shows=SOME)
    page.get_by_label("Team").select_option(index=5)
    page.get_by_role("button", name="Show what will happen").click()
    expect(page.get_by_role("button", name="Change")).to_be_visible()
    check(page, shows=SOME)


def test_a_sysadmins_further_pages_show_texts_as_texts(open_page, world):
    page, webhook = open_page(world.sysadmin), world.webhook.get_absolute_url()
    visit(
        page,
        {
            f"/tickets/leaving/?user={world.talk.assigned_agent_id}": SOME,
            "/tickets/trash/": 1,
            f"/tickets/trash/{world.trashed}/": 1,
            "/webhooks/": SOME,
            webhook: SOME,
            f"{webhook}edit/": 1,
            f"{webhook}delete/": 1,
            "/admin/tickets/category/": 20,
            f"/admin/tickets/category/{world.talk.category_id}/change/": SOME,
            "/admin/tickets/team/": 20,
            f"/admin/tickets/team/{world.talk.team_id}/change/": 1,
            f"/admin/tickets/ticket/{world.talk.pk}/change/": SOME,
        },
    )
