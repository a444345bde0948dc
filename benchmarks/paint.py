"""`python -m benchmarks.paint`: when the largest part of a page is painted, in a browser with a slowed CPU.

Source of the budget: 1.5 s with the CPU slowed fourfold, for a list of 50 rows and a ticket of 40 comments.
"""

from __future__ import annotations

import os
import statistics
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.run import Place, helper
from benchmarks.servers import ROOT, Server

if TYPE_CHECKING:
    from collections.abc import Iterator

ROUNDS = 9
SLOWED = 4
BROWSERS = ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium")
# The entry of the largest part so far; it's final once the page has settled.
LARGEST = """() => new Promise((done) => {
    new PerformanceObserver((list) => done(list.getEntries().at(-1).startTime))
        .observe({type: "largest-contentful-paint", buffered: true});
})"""


def paints(browser: Browser, place: Place, width: int) -> Iterator[tuple[str, list[float]]]:
    """Yield the milliseconds of each page, at a width, in several rounds with an empty cache."""
    base = f"http://127.0.0.1:{place.server.port}"
    context = browser.new_context(viewport={"width": width, "height": 900}, base_url=base)
    page = context.new_page()
    page.goto("/accounts/login/")
    page.fill("[name=login]", place.targets.email)
    page.fill("[name=password]", place.targets.password)
    page.click("main form [type=submit]")
    page.wait_for_url("**/tickets/**")
    session = context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    for name, path in (("list of 50 rows", "/tickets/"), ("ticket of 40 comments", f"/tickets/{place.targets.many}/")):
        yield name, [_paint(page, path) for _ in range(ROUNDS)]
    context.close()


def _paint(page: Page, path: str) -> float:
    page.goto(path, wait_until="networkidle")
    milliseconds: float = page.evaluate(LARGEST)
    return milliseconds


def main() -> None:
    """Measure on the database of DATABASE_URL, and print a table."""
    url = os.environ.get("DATABASE_URL")
    program = os.environ.get("TMS_CHROMIUM") or next((each for each in BROWSERS if Path(each).exists()), None)
    if not url or program is None:
        sys.exit("Name a generated database (DATABASE_URL), and install Debian's chromium.")
    folder = ROOT / "data" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    place = Place(url, helper(url, "make", "--desks", "1"), Server(url, folder / "gunicorn-paint.log"))
    try:
        place.server.wait()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
            print("| page | width | largest paint, median | slowest |\n| --- | ---: | ---: | ---: |")
            for width in (1280, 390):
                for name, found in paints(browser, place, width):
                    print(f"| {name} | {width} px | {statistics.median(found):.0f} ms | {max(found):.0f} ms |")
            browser.close()
    finally:
        place.server.stop()
        helper(url, "tidy")


if __name__ == "__main__":
    main()
