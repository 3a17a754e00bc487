"""Count what a task takes in a browser: clicks, keys that type nothing, fields, pages loaded, seconds.

``docs/admin-tasks.md`` has the counts. The seconds are those of a machine that does not stop to think.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

COUNT = """
if (!window.tallied) {
window.tallied = true;
const count = (name) => { sessionStorage[name] = 1 + Number(sessionStorage[name] || 0); };
addEventListener("pointerdown", (event) => event.isTrusted && count("clicks"), true);
addEventListener("keydown", (event) => event.isTrusted && event.key.length > 1 && count("keys"), true);
const written = new WeakSet();
addEventListener("input", ({ target }) => {
  if (!["checkbox", "radio"].includes(target.type) && !written.has(target)) {
    written.add(target);
    count("fields");
  }
}, true);
}
"""


def count_in(page: Page, name: str) -> int:
    """Return a count that the pages of a tab keep: clicks, keys or fields."""
    return int(page.evaluate(f"sessionStorage.{name} || 0"))


@dataclass
class Tally:
    """What a task took in one tab."""

    page: Page
    clicks: int = 0
    keys: int = 0
    loads: int = 0

    def read(self) -> None:
        """Read the counts that the pages keep."""
        self.clicks, self.keys = (count_in(self.page, name) for name in ("clicks", "keys"))


@contextmanager
def task(page: Page, name: str, *, clicks: int, keys: int, loads: int) -> Iterator[Tally]:
    """Count what a task takes in ``page``, print it, and compare it with what it may take at most."""
    tally = Tally(page)

    def loaded(_: Any) -> None:
        tally.loads += 1

    page.add_init_script(COUNT)
    page.reload()
    page.evaluate("sessionStorage.clear()")
    page.on("load", loaded)
    start = time.monotonic()
    yield tally
    page.wait_for_load_state()
    seconds = time.monotonic() - start
    tally.read()
    page.remove_listener("load", loaded)
    found = f"{tally.clicks} clicks, {tally.keys} keys, {tally.loads} pages"
    print(f"\n{name}: {found}, {seconds:.0f} s")  # noqa: T201
    assert tally.clicks <= clicks, found
    assert tally.keys <= keys, found
    assert tally.loads <= loads, found


class SharedTally:
    """What one step after the other takes of several people, each in a browser of their own."""

    def __init__(self) -> None:
        self._pages: list[Page] = []
        self._loads = 0
        self._before = (0, 0, 0)

    def follow(self, page: Page) -> None:
        """Count what happens in ``page`` from now on."""
        page.add_init_script(COUNT)
        page.on("load", self._loaded)
        self._pages.append(page)

    def _loaded(self, page: Page) -> None:
        self._loads += 1

    def next_step(self) -> tuple[int, int, int]:
        """Return the clicks, fields written in and pages loaded since the last step ended."""
        opened = [page for page in self._pages if page.url.startswith("http")]
        clicks, fields = (sum(count_in(page, name) for page in opened) for name in ("clicks", "fields"))
        now = (clicks, fields, self._loads)
        step = (now[0] - self._before[0], now[1] - self._before[1], now[2] - self._before[2])
        self._before = now
        return step
