"""A real Chromium that is logged in at a stage, for what only a browser can tell.

In:  a stage that was started with `LOGIN`. Out: a browser, its pages. `NotMeasuredError` says in one sentence why there is no figure.
"""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from dashboard.bench.stage import Stage

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
EMAIL = "bench@example.com"
# The stage is a folder that goes away with its run, on loopback; nobody else is ever let in by this.
PASSWORD = "queuelight measures itself"  # noqa: S105
LOGIN = {"ADMIN_EMAIL": EMAIL, "ADMIN_PASSWORD": PASSWORD}
WITHIN_MS = 60_000


class NotMeasuredError(RuntimeError):
    """Something that the machine lacks; the message says what."""


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """NotMeasuredError where there is none, or no Playwright to drive it."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        raise NotMeasuredError("There is no Chromium on PATH; on Debian: apt-get install chromium.")
    try:
        from playwright.sync_api import sync_playwright  # only what looks at pages needs it: it is no requirement of a server
    except ImportError:
        raise NotMeasuredError("Playwright is not installed; it is in requirements-dev.txt.") from None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-background-networking"])
        try:
            yield browser
        finally:
            browser.close()


def logged_in(browser: Browser, stage: Stage, width: int = 1440, height: int = 900) -> BrowserContext:
    """A context with the administrator's cookie."""
    context = browser.new_context(viewport={"width": width, "height": height})
    context.set_default_timeout(WITHIN_MS)
    page = context.new_page()
    page.goto(f"{stage.url}/login/")
    page.fill("input[name=username]", EMAIL)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(f"{stage.url}/")
    page.close()
    return context


def until(page: Page, true: str) -> None:
    """Waits for an expression to be true. Playwright's own waiting evaluates strings in the page, which our policy forbids. RuntimeError
    when it is not within a minute."""
    deadline = time.monotonic() + WITHIN_MS / 1000
    while not page.evaluate(true):
        if time.monotonic() > deadline:
            raise RuntimeError(f"the page never came to: {true}")
        page.wait_for_timeout(20)
