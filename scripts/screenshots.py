"""Makes the screenshots of docs/screenshots anew: the demo data in a folder of its own, served, and looked at.

`python -m scripts.screenshots` needs .venv with the packages of the tests, and Chromium (TMS_CHROMIUM says where).
"""

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.error import URLError

from playwright.sync_api import Browser, sync_playwright

from scripts.console import fail, say

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "screenshots"
PASSWORD = "Hello123."  # noqa: S105 - the README prints it; `seed` uses it in local mode only
PORT = 8799
BASE = f"http://127.0.0.1:{PORT}"
STARTS_IN = 300
SCREENS = {1280: 800, 390: 844}
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@dataclass(frozen=True)
class Scene:
    """A page as somebody sees it; `link` is the words of a link that leads on from `path`."""

    name: str
    email: str
    path: str
    link: str = ""


SCENES = (
    Scene("desk", "john.smith@example.com", "/tickets/"),
    Scene("ticket", "john.smith@example.com", "/tickets/?q=sync", "E-mail doesn't sync"),
    Scene("requester", "isabella.thomas@example.com", "/"),
    Scene("dashboard", "admin@example.com", "/dashboard/"),
)


def main() -> None:
    """Seed, serve and shoot."""
    chromium = os.environ.get("TMS_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        fail("There's no Chromium on this machine; TMS_CHROMIUM says where it is.")
    FOLDER.mkdir(exist_ok=True)
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium refuses its sandbox to root
    with tempfile.TemporaryDirectory() as data, _server(data), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        for scene in SCENES:
            _shoot(browser, scene)
        browser.close()


def _shoot(browser: Browser, scene: Scene) -> None:
    context = browser.new_context(base_url=BASE)
    page = context.new_page()
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").fill(scene.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_load_state("networkidle")
    page.goto(scene.path)
    if scene.link:
        page.locator("main").get_by_role("link", name=scene.link).first.click()
    for width, height in SCREENS.items():
        page.set_viewport_size({"width": width, "height": height})
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)
            # Anew, so that nothing is open, hovered over or halfway.
            page.reload(wait_until="networkidle")
            file = FOLDER / f"{scene.name}-{width}-{theme}.png"
            page.screenshot(path=file)
            say(f"  {file.relative_to(ROOT)}")
    context.close()


@contextmanager
def _server(data: str) -> Iterator[None]:
    """Serve the demo data from the folder `data`, and stop at the end."""
    environment = os.environ | {
        "TMS_ENV_FILE": "",
        "TMS_LOCAL": "1",
        "DEBUG": "1",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "127.0.0.1",
        "DATA_DIR": data,
        "DATABASE_URL": "",
    }

    def manage(*arguments: str) -> list[str]:
        return [sys.executable, str(ROOT / "manage.py"), *arguments]

    say("Preparing the demo data…")
    for command in (("migrate", "-v0"), ("createcachetable", "-v0"), ("seed",)):
        subprocess.run(manage(*command), env=environment, check=True, stdout=subprocess.DEVNULL)
    serve = manage("runserver", "--noreload", f"127.0.0.1:{PORT}")
    server = subprocess.Popen(serve, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait()
        yield
    finally:
        server.terminate()
        server.wait()


def _wait() -> None:
    deadline = time.monotonic() + STARTS_IN
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"{BASE}/healthz", timeout=5).close()  # noqa: S310 - ours
        except URLError:
            time.sleep(0.3)
        else:
            return
    fail(f"{BASE} doesn't answer.")


if __name__ == "__main__":
    main()
