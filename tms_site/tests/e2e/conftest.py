"""Chromium for the tests of this folder, where all browser tests live; the personas come from the root conftest.

Each page watches itself: console errors, exceptions, dialogs, refusals by the security policy, requests to other
hosts and answers of 500 and above fail the test, unless it has said with `expected` that they belong to it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Error,
    Page,
    Request,
    Response,
    expect,
    sync_playwright,
)
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from tms_site.tests.e2e.axe import DESKTOP, Tour

# Generous, since nothing is waited for that doesn't come; two cores may be shared with the rest of the suite.
PATIENCE = 20_000
ROOT_ARGUMENTS = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium refuses its sandbox to root
# A process of its own for the graphics that nobody sees costs a seventh of what the browser does.
ARGUMENTS = [*ROOT_ARGUMENTS, "--disable-gpu", "--in-process-gpu", "--disable-background-networking"]
REPORT_REFUSALS = """addEventListener("securitypolicyviolation", (event) =>
    console.error(`refused by the policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`))"""

# The button that sends a comment: to requesters it says one thing, to the desk another.
SEND_COMMENT = re.compile(r"^(Comment|Send reply)$")

OpenPage = Callable[..., Page]
expect.set_options(timeout=PATIENCE)


@dataclass
class Watch:
    """What went wrong in the pages of a test."""

    host: str
    problems: list[str] = field(default_factory=list)

    def over(self, page: Page) -> None:
        """Note what happens in the page from now on."""
        page.on("console", self.console)
        page.on("pageerror", self.exception)
        page.on("dialog", self.dialog)
        page.on("request", self.request)
        page.on("response", self.response)

    def console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.problems.append(f"console: {message.text}")

    def exception(self, error: Error) -> None:
        self.problems.append(f"exception: {error}")

    def dialog(self, dialog: Dialog) -> None:
        self.problems.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def request(self, request: Request) -> None:
        if not request.url.startswith((self.host, "data:", "about:")):
            self.problems.append(f"another host: {request.url}")

    def response(self, response: Response) -> None:
        if response.status >= 500:
            self.problems.append(f"{response.status}: {response.url}")

    def unexpected(self, patterns: list[str]) -> list[str]:
        """Return the problems that none of the patterns describes."""
        return [each for each in self.problems if not any(re.search(pattern, each) for pattern in patterns)]


@pytest.fixture(scope="package")
def browser(chromium: str) -> Iterator[Browser]:
    """One Chromium for all tests of this folder, each of which gets contexts of its own.

    Playwright's sync API keeps an event loop running in this thread, which Django takes for asynchronous code and
    refuses to ask the database from. No coroutine of ours runs there, so Django is told that it may, for exactly as
    long as the loop lives: the other tests of the same worker keep the guard.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        with sync_playwright() as playwright:
            chrome = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
            yield chrome
            chrome.close()


@pytest.fixture
def expected() -> list[str]:
    """Patterns of the problems that the test provokes, such as `status of 422`."""
    return []


@pytest.fixture
def watch(live_server: LiveServer, expected: list[str]) -> Iterator[Watch]:
    """The problems of all pages; what isn't expected fails the test when it is over."""
    watch = Watch(live_server.url)
    yield watch
    unexpected = watch.unexpected(expected)
    assert not unexpected, "\n".join(["The pages complained:", *unexpected])


@pytest.fixture
def open_page(browser: Browser, live_server: LiveServer, watch: Watch, fresh_limits: None) -> Iterator[OpenPage]:
    """Open a page in a browser context of its own, logged in as `user`, with Playwright's context options."""
    contexts: list[BrowserContext] = []

    def open_page(
        user: User | None = None, path: str = "", *, width: int = DESKTOP, height: int = 900, **options: Any
    ) -> Page:
        viewport = {"width": width, "height": height}
        context = browser.new_context(base_url=live_server.url, viewport=viewport, **options)
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.add_init_script(REPORT_REFUSALS)
        if user:
            log_in(context, user, live_server.url)
        page = context.new_page()
        watch.over(page)
        if path:
            page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()


def open_the_sheet(page: Page, name: str) -> None:
    """Press the button by which a phone shows what stands in a row elsewhere."""
    button = page.get_by_role("button", name=name, exact=True)
    if button.is_visible():
        button.click()


@pytest.fixture
def tour(open_page: OpenPage, expected: list[str]) -> Iterator[Callable[..., Tour]]:
    """A tour of a person; what it found fails the test at its end."""
    # The forms are sent with mistakes, and pages asked for that aren't there.
    expected += ["403|404|409|422"]
    tours: list[Tour] = []

    def start(user: User | None = None) -> Tour:
        tours.append(Tour(open_page(user)))
        return tours[-1]

    yield start
    for each in tours:
        assert not each.problems, "\n".join(each.problems)


def log_in(context: BrowserContext, user: User, address: str) -> None:
    """Give the context a session of the user, without the log-in form."""
    client = Client()
    client.force_login(user)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": address}])
