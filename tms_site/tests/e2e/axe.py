"""What a page looks like to people with other eyes and hands: axe-core, sizes of targets, sideways scroll."""

import re
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page, expect

DESKTOP, PHONE, NARROW = 1280, 390, 320
HEIGHT = 900
SOURCE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
# axe leaves the 24 px of WCAG 2.2 out unless it's asked; none of its rules needs the style sheets fetched anew.
EVERYTHING = {"resultTypes": ["violations"], "preload": False, "rules": {"target-size": {"enabled": True}}}
# Between the themes nothing differs but colours: the same elements at the same places, so only these rules can.
COLOURS = {"resultTypes": ["violations"], "preload": False, "runOnly": ["color-contrast", "link-in-text-block"]}
RUN = """async (options) => {
    // Colours on their way to other ones are nobody's fault.
    document.getAnimations().forEach((each) => each.effect.getComputedTiming().endTime < Infinity && each.finish());
    return (await axe.run(document, options)).violations.flatMap((rule) =>
    rule.nodes.map((node) => `${rule.id} at ${node.target.join(" ")}: ${node.failureSummary.replace(/\\s+/g, " ")}`));
}"""
# What people press most: buttons, fields, entries of menus and of the rail. Small ones stand in rows of their own.
SMALL_TARGETS = """() => [...document.querySelectorAll(
        ".btn:not(.btn-sm, .btn-link), .form-control, .form-select, .menu-item, .rail-link, .check-menu label")]
    .filter((each) => each.checkVisibility({visibilityProperty: true}))
    .map((each) => [each, each.getBoundingClientRect()])
    .filter(([, box]) => box.width && Math.round(box.height) < 44)
    .map(([each, box]) => `${each.className} “${each.textContent.trim().slice(0, 30)}” is ${box.height} px high`)"""


def problems_of(page: Page) -> list[str]:
    """Look at the page as it stands now, in both themes and widths, and return all that is wrong with it."""
    # What bars cover that stay in place depends on where the page stands; at its beginning they cover nothing.
    page.evaluate("scrollTo(0, 0)")
    _bring(page)
    found = []

    def note(where: str, problems: list[str]) -> None:
        found.extend(f"{where}: {problem}" for problem in problems)

    _resize(page, DESKTOP)
    note("wide, light", page.evaluate(RUN, EVERYTHING))
    page.emulate_media(color_scheme="dark")
    note("wide, dark", page.evaluate(RUN, COLOURS))
    _resize(page, PHONE)
    # What a phone shows has the colours that the desktop has shown in both themes: one theme is enough here.
    note("phone, dark", page.evaluate(RUN, EVERYTHING))
    page.emulate_media(color_scheme="light")
    note("phone", page.evaluate(SMALL_TARGETS))
    _resize(page, NARROW)
    width = page.evaluate("document.documentElement.scrollWidth")
    note("narrow", [f"{width} px wide"] if width > NARROW else [])
    _resize(page, DESKTOP)
    return found


def problems_on_a_phone(page: Page) -> list[str]:
    """Look at the page of a phone as it stands, with what only phones have, and return all that is wrong with it."""
    _bring(page)
    return [*page.evaluate(RUN, EVERYTHING), *page.evaluate(SMALL_TARGETS)]


def _bring(page: Page) -> None:
    page.evaluate(f"() => {{ if (!window.axe) {{ {SOURCE} }} }}")


def _resize(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": HEIGHT})


class Tour:
    """Looks at one page after the other, and collects what is wrong."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.problems: list[str] = []
        self.seen: set[str] = set()

    def visit(self, path: str, state: str = "") -> None:
        """Open an address and look."""
        self.page.goto(path)
        self.look(state or path)

    def look(self, state: str) -> None:
        """Look at the page as it stands."""
        assert state not in self.seen, f"{state} twice"
        self.seen.add(state)
        self.problems += [f"{state}, {problem}" for problem in problems_of(self.page)]

    def send(self, name: str | re.Pattern[str]) -> None:
        """Press a button of the form past the browser's own checks, so that the server answers with its errors."""
        self.page.evaluate("document.querySelectorAll('form').forEach((form) => delete form.dataset.validate)")
        self.page.get_by_role("main").get_by_role("button", name=name, exact=isinstance(name, str)).click()
        expect(self.page.locator("[data-error-summary]")).to_be_visible()
