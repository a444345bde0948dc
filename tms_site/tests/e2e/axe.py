"""What a page looks like to people with other eyes and hands: axe-core, sizes of targets, sideways scroll."""

import re
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page, expect

DESKTOP, PHONE, NARROW = 1280, 390, 320
HEIGHT = 900
SOURCE = "\n".join(
    path.read_text()
    for path in (Path(axe_playwright_python.__file__).parent / "axe.min.js", Path(__file__).with_suffix(".js"))
)
# None of axe's rules needs the style sheets fetched anew.
OPTIONS = {"reporter": "look", "resultTypes": ["violations"], "preload": False}
# axe leaves the 24 px of WCAG 2.2 out unless it's asked.
ALL = OPTIONS | {"rules": {"target-size": {"enabled": True}}}
COLOURS = OPTIONS | {"runOnly": ["color-contrast", "link-in-text-block"]}
# The combinations of colours that axe has passed in any test: there's one axe, and it answers the same each time.
PASSED: set[str] = set()


def problems_of(page: Page, passed: set[str] | None = None) -> list[str]:
    """Look at the page as it stands now, in both themes and widths, and return all that is wrong with it.

    `passed` are the combinations of colours that need no second look; those of this page are added.
    """
    passed = PASSED if passed is None else passed
    # What bars cover that stay in place depends on where the page stands; at its beginning they cover nothing.
    page.evaluate("scrollTo(0, 0)")
    _bring(page, passed)
    found, size = [], page.viewport_size

    def note(where: str, problems: list[str]) -> None:
        found.extend(f"{where}: {problem}" for problem in problems)

    _resize(page, DESKTOP)
    note("wide, light", _all(page, passed))
    page.emulate_media(color_scheme="dark")
    note("wide, dark", _colours(page, passed))
    _resize(page, PHONE)
    # What a phone shows has the colours that the desktop has shown in both themes: one theme is enough here.
    note("phone, dark", [*_all(page, passed), *page.evaluate("look.smallTargets()")])
    page.emulate_media(color_scheme="light")
    _resize(page, NARROW)
    width = page.evaluate("document.documentElement.scrollWidth")
    note("narrow", [f"{width} px wide"] if width > NARROW else [])
    # The test goes on as it was.
    page.set_viewport_size(size)
    return found


def problems_on_a_phone(page: Page) -> list[str]:
    """Look at the page of a phone as it stands, with what only phones have, and return all that is wrong with it."""
    _bring(page, PASSED)
    return [*_all(page, PASSED), *page.evaluate("look.smallTargets()")]


def _all(page: Page, passed: set[str]) -> list[str]:
    return _at(page, passed, ALL, only_colours=False)


def _colours(page: Page, passed: set[str]) -> list[str]:
    return _at(page, passed, COLOURS, only_colours=True)


def _at(page: Page, passed: set[str], options: dict[str, Any], *, only_colours: bool) -> list[str]:
    problems, shown = page.evaluate("look.at", [options, only_colours])
    passed.update(shown)
    return problems


def _bring(page: Page, passed: set[str]) -> None:
    if not page.evaluate("'look' in window"):
        page.evaluate(SOURCE)
    # One text is brought much sooner than a list of some hundreds.
    page.evaluate("look.know", "\n".join(passed))


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
