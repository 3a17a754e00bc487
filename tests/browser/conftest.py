"""A browser against a live server. Chromium is the system's; `.ci/run` installs it."""

import os
import re
import shutil
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    WebError,
    expect,
    sync_playwright,
)

from tests.factories import PASSWORD

# Playwright runs an event loop in this thread, but the ORM is never called from it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

#: Milliseconds that any step may take on a busy machine. Response times are measured elsewhere.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium_path() -> str | None:
    """Return the path of the system's Chromium, or of the one that ``CHROMIUM`` names, if there is one.

    Preferably of the build without a window, tabs and toolbar: it shows pages in the same way, and no
    processor paints around them for as long as they are open.
    """
    if chosen := os.environ.get("CHROMIUM"):
        return shutil.which(chosen)
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the session."""
    path = chromium_path()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is missing; .ci/run must install it.")
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium).")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS, timeout=2 * PATIENCE)
        yield browser
        browser.close()


#: What the browser itself logs as errors, and is meant to happen.
_NO_SCRIPT_ERRORS = (
    "Failed to load resource",  # pages that are not there, refused forms and a network that is away
    "the document's frame is sandboxed",  # the patients' page in a review, whose scripts must not run there
)


class ScriptErrors:
    """What scripts of any page of a browser context threw and nobody caught, or logged as errors.

    ``_NO_SCRIPT_ERRORS`` are not among them.
    """

    def __init__(self, context: BrowserContext) -> None:
        self._errors: list[str] = []
        self._allowed: list[str] = []
        context.on("weberror", self._add_web_error)
        context.on("console", self._add_message)

    def _add_web_error(self, web_error: WebError) -> None:
        error = web_error.error
        self._errors.append(f"{web_error.page and web_error.page.url}: {error.stack or error.message}")

    def _add_message(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(words in message.text for words in _NO_SCRIPT_ERRORS):
            self._errors.append(f"{message.location['url']}: {message.text}")

    def allow(self, pattern: str) -> None:
        """Expect errors in which the regular expression ``pattern`` is found: they fail no test."""
        self._allowed.append(pattern)

    def unexpected(self) -> list[str]:
        """Return the errors, with their pages, that no pattern allows."""
        return [
            error for error in self._errors if not any(re.search(pattern, error) for pattern in self._allowed)
        ]


class BrowserUser:
    """A user with a browser context of their own."""

    def __init__(self, browser: Browser, address: str, width: int = 1280) -> None:
        self.address = address
        # Smooth scrolling would move elements while they are clicked
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, base_url=address, reduced_motion="reduce"
        )
        self.context.set_default_timeout(PATIENCE)
        self.script_errors = ScriptErrors(self.context)
        self.page: Page = self.context.new_page()

    def sign_in(self, user: Any) -> "BrowserUser":
        """Give the browser a session of ``user``, as the form does, without loading its pages."""
        client = Client()
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        self.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": self.address}])
        return self

    def sign_in_by_password(self, user: Any) -> "BrowserUser":
        """Sign in through the admin's form."""
        self.page.goto("/admin/login/")
        self.page.fill("input[name=username]", user.username)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.click("button[type=submit]")
        self.page.wait_for_url("**/admin/")
        return self


class Traffic:
    """Counts the live server's open requests."""

    def __init__(self) -> None:
        self.busy = 0
        self.last = time.monotonic()
        request_started.connect(self._started)
        request_finished.connect(self._finished)

    def _started(self, **kwargs: Any) -> None:
        self.busy += 1
        self.last = time.monotonic()

    def _finished(self, **kwargs: Any) -> None:
        self.busy -= 1
        self.last = time.monotonic()

    def wait_until_idle(self, quiet: float = 0.3, limit: float = 60) -> None:
        """Wait for requests of closing pages, which must not run while the database is restored."""
        deadline = time.monotonic() + limit
        while time.monotonic() < deadline:
            if self.busy <= 0 and time.monotonic() - self.last > quiet:
                return
            time.sleep(0.05)


@pytest.fixture(scope="session")
def traffic() -> Traffic:
    """The live server's open requests."""
    return Traffic()


@pytest.fixture
def open_browser(chromium: Browser, live_server: Any, traffic: Traffic) -> Iterator[Any]:
    """A function that opens a browser, signed in as a user if one is given; no script may fail in it."""
    users: list[BrowserUser] = []

    def open_for(user: Any = None, width: int = 1280) -> BrowserUser:
        browser_user = BrowserUser(chromium, live_server.url, width)
        users.append(browser_user)
        return browser_user.sign_in(user) if user else browser_user

    yield open_for
    for browser_user in users:
        browser_user.context.close()
    traffic.wait_until_idle()
    assert [error for user in users for error in user.script_errors.unexpected()] == []
