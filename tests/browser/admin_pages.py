"""Steps of admin users in a browser."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.factories import PASSWORD

#: Milliseconds; generous for a busy machine.
PATIENCE = 30_000
#: The impacts of axe that make a screen hard or impossible to use.
GRAVE = {"serious", "critical"}


def write(editor: Any, section: str, words: str) -> None:
    """Replace the text of a section, as a writer does."""
    heading = editor.page.locator("h2", has_text=section)
    panel = editor.page.locator("section.w-panel").filter(has=heading).last
    box = panel.locator(".public-DraftEditor-content").first
    box.scroll_into_view_if_needed()
    box.click()
    editor.page.keyboard.press("Control+A")
    editor.page.keyboard.type(words)
    expect(box).to_have_text(words)
    # Draftail hands its text to the form a quarter of a second after the last key.
    editor.page.wait_for_timeout(500)


def press_submit(editor: Any) -> None:
    """Choose “Submit for review” in the editor's menu."""
    editor.page.get_by_role("button", name="More actions").last.click()
    editor.page.get_by_role("button", name="Submit for review").click()


def read_and_tick(reviewer: Any) -> None:
    """Mark every section that must be read, then tick the checklist."""
    page: Page = reviewer.page
    marks = page.get_by_role("button", name="Mark as read")
    while left := marks.count():
        marks.first.click()
        expect(marks).to_have_count(left - 1, timeout=PATIENCE)
    for box in page.locator("#checklist input[type=checkbox]").all():
        box.check()
    expect(page.locator("#remaining-steps li")).to_have_count(0, timeout=PATIENCE)


def sign(reviewer: Any) -> None:
    """Enter the password and sign."""
    reviewer.page.get_by_label("Your password").fill(PASSWORD)
    reviewer.page.get_by_role("button", name="Sign and approve").click()


#: No finite animation is running.
STILL = """document.getAnimations().every(
    (each) => each.playState !== "running" || each.effect.getComputedTiming().endTime === Infinity
)"""


def grave(page: Page) -> list[str]:
    """Return serious violations that axe finds in the main area, without Wagtail's own frame."""
    page.get_by_role("main").wait_for()
    page.wait_for_function(STILL)  # colours are tested after animations
    return [
        f"{rule['id']}: {node['html'][:200]}"
        for rule in Axe().run(page, context="main").response["violations"]
        if rule["impact"] in GRAVE
        for node in rule["nodes"]
    ]
