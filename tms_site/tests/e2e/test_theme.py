"""Dark and light: from the system or from the profile, right before any script runs; and paper."""

import base64
import re

import pytest
from playwright.sync_api import Page, Route, expect

from tickets import services
from tickets.factories import CommentFactory, TicketFactory

pytestmark = pytest.mark.browser

# What keeps room for the actions of a comment on narrow screens.
ROOM = "head => getComputedStyle(head, '::before').display"
DARK, LIGHT = (21, 22, 26), (255, 255, 255)
FIRST_PIXEL = """async (png) => {
    const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
    const canvas = new OffscreenCanvas(1, 1).getContext("2d");
    canvas.drawImage(image, 0, 0);
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
}"""


def background(page: Page) -> tuple[int, ...]:
    """Return the colour that the page's body is told to have."""
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return tuple(int(each) for each in re.findall(r"\d+", colour)[:3])


def painted(page: Page) -> tuple[int, ...]:
    """Return the colour of a pixel beside the text, as it is on the screen."""
    png = page.screenshot(clip={"x": 1270, "y": 890, "width": 1, "height": 1}, animations="allow")
    reader = page.context.new_page()
    try:
        return tuple(reader.evaluate(FIRST_PIXEL, base64.b64encode(png).decode()))
    finally:
        reader.close()


@pytest.mark.parametrize(
    ("system", "chosen", "colour"),
    [
        ("light", "system", LIGHT),
        ("dark", "system", DARK),
        ("light", "dark", DARK),
        ("dark", "light", LIGHT),
    ],
)
def test_the_first_painted_frame_has_the_right_colours_before_any_script(
    open_page, agent, expected, system, chosen, colour
):
    expected.append("ERR_FAILED")  # the scripts that never arrive
    agent.theme = chosen
    agent.save()
    page = open_page(agent, color_scheme=system)
    held: list[Route] = []
    # Scripts are on their way for as long as one looks: what is painted now is painted without them.
    page.route("**/*.js", lambda route: held.append(route))  # noqa: PLW0108 - Playwright wants a function of ours
    page.goto("/tickets/", wait_until="commit")
    page.get_by_role("heading", name="All tickets").wait_for()
    assert page.evaluate("document.readyState") in {"loading", "interactive"}
    assert held
    assert painted(page) == colour == background(page)
    for route in held:
        route.abort()
    page.unroute_all(behavior="ignoreErrors")


def test_the_page_changes_with_the_system_while_it_is_open(open_page, agent):
    page = open_page(agent, "/tickets/", color_scheme="light")
    assert background(page) == LIGHT
    page.emulate_media(color_scheme="dark")
    assert background(page) == DARK


@pytest.mark.parametrize(("theme", "colour"), [("dark", DARK), ("light", LIGHT)])
def test_the_profile_sets_the_theme_whatever_the_system_says(open_page, requester, theme, colour):
    page = open_page(requester, "/accounts/profile/", color_scheme="light" if theme == "dark" else "dark")
    page.get_by_label("Theme").select_option(theme)
    page.get_by_role("button", name="Save").click()
    expect(page.locator("html")).to_have_attribute("data-theme", theme)
    assert background(page) == colour
    page.goto("/tickets/")
    assert background(page) == colour
    # Scrollbars, fields and the moment before the stylesheet are the browser's own.
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == theme
    assert page.locator("meta[name=color-scheme]").get_attribute("content") == theme


def test_error_pages_and_the_log_in_page_follow_the_system(open_page, expected):
    expected.append("status of 404")
    page = open_page(path="/accounts/login/", color_scheme="dark")
    assert background(page) == (26, 27, 32)
    agent_page = open_page(path="/static/nothing", color_scheme="dark")
    assert background(agent_page) == (26, 27, 32)


def test_a_printed_ticket_is_the_conversation_with_full_dates_on_white(open_page, requester, agent):
    agent.theme = "dark"
    agent.save()
    ticket = services.create_ticket(actor=requester, title="Printer", description="It jams.").ticket
    services.add_comment(actor=agent, ticket_id=ticket.pk, description="Which one?")
    page = open_page(agent, ticket.get_absolute_url())
    page.emulate_media(media="print")
    expect(page.get_by_text("It jams.")).to_be_visible()
    expect(page.get_by_text("Which one?")).to_be_visible()
    for hidden in (".topbar", ".rail", ".composer", ".quick-form", ".page-actions", ".comment-actions", ".toasts"):
        expect(page.locator(hidden).first).to_be_hidden()
    assert background(page) == LIGHT
    time = page.locator(".comment-time time").first
    shown = time.evaluate("each => getComputedStyle(each, '::after').content")
    assert str(ticket.creation_date.year) in shown
    assert time.get_attribute("title") in shown


def test_a_printed_comment_keeps_no_room_for_actions_that_are_not_there(open_page, agent):
    comment = CommentFactory(commented_by=agent)
    # As wide as paper.
    page = open_page(agent, comment.ticket.get_absolute_url(), width=700)
    head = page.locator(".comment-head").last
    assert head.evaluate(ROOM) == "block"
    page.emulate_media(media="print")
    assert head.evaluate(ROOM) == "none"


def test_a_printed_ticket_has_nothing_to_press_and_nothing_of_the_desks_alone(open_page, requester, agent):
    ticket = services.create_ticket(actor=requester, title="Printer", description="It jams.").ticket
    services.update_ticket(actor=agent, ticket_id=ticket.pk, changes={"tags": ["ink"]})
    services.update_ticket(actor=agent, ticket_id=ticket.pk, changes={"priority": "high"})
    page = open_page(agent, ticket.get_absolute_url())
    expect(page.locator("#thread")).to_contain_text("ink")
    page.emulate_media(media="print")
    expect(page.get_by_text("changed the priority")).to_be_visible()
    expect(page.locator("#thread").get_by_text("ink", exact=False)).to_be_hidden()
    for hidden in (".breadcrumbs", "#links", "#watchers"):
        expect(page.locator(hidden)).to_be_hidden()
    expect(page.get_by_text("All their tickets")).to_be_hidden()


def test_with_the_systems_own_colours_pills_are_framed_and_the_chosen_button_stands_out(open_page, agent):
    page = open_page(agent, TicketFactory().get_absolute_url(), forced_colors="active")
    pills = page.locator("#ticket-head .pill")
    expect(pills).to_have_count(2)
    for pill in pills.all():
        inset = "each => [getComputedStyle(each).borderLeftWidth, getComputedStyle(each).paddingLeft].map(parseFloat)"
        border, padding = pill.evaluate(inset)
        assert not border or padding >= 4
    choices = page.get_by_role("navigation", name="What is shown").get_by_role("link")
    colours = [each.evaluate("each => getComputedStyle(each).backgroundColor") for each in choices.all()]
    assert colours.count(colours[0]) == 1


def test_in_a_list_the_titles_of_resolved_tickets_stand_back(open_page, agent):
    for status in ("open", "resolved"):
        TicketFactory(status=status)
    page = open_page(agent, "/tickets/")
    colour = "each => getComputedStyle(each).color"
    rows = [page.locator(f".is-{status} .row-title a") for status in ("open", "resolved")]
    assert len({row.evaluate(colour) for row in rows}) == 2
