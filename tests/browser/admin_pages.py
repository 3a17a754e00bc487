"""Steps of admin users in a browser."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser import accessibility
from tests.browser.conftest import PATIENCE
from tests.factories import PASSWORD


def write(editor: Any, section: str, words: str) -> None:
    """Replace the text of a section, as a writer does."""
    editor.page.wait_for_load_state()
    heading = editor.page.locator("h2", has_text=section)
    panel = editor.page.locator("section.w-panel").filter(has=heading).last
    box = panel.locator(".public-DraftEditor-content").first
    box.scroll_into_view_if_needed()
    box.click()
    editor.page.keyboard.press("Control+A")
    editor.page.keyboard.type(words)
    expect(box).to_have_text(words)
    wait_for_form(editor.page)


def wait_for_form(page: Page) -> None:
    """Wait until the form has what was typed as rich text: Draftail hands it over by a timer of 250 ms."""
    pause(page, 300)


def pause(page: Page, milliseconds: int) -> None:
    """Type nothing for a while, by a timer of the page.

    It ends after the shorter timers that the page started before, however busy the machine is.
    """
    page.evaluate("(time) => new Promise((done) => setTimeout(done, time))", milliseconds)


def wait_for_findings(page: Page) -> None:
    """Wait until all of an editor is there, and what is said beside its text is about the text as it is.

    Before that an answer could move or replace what is clicked, between press and release of the mouse.
    """
    page.wait_for_load_state()
    wait_for_form(page)
    page.wait_for_function("window.editorRules.isCurrent()")


def press_submit(editor: Any) -> None:
    """Choose “Submit for review” in the editor's menu."""
    editor.page.wait_for_load_state()
    editor.page.get_by_role("button", name="More actions").last.click()
    editor.page.get_by_role("button", name="Submit for review").click()


def mark_all_as_read(page: Page) -> None:
    """Press each “Mark as read” of the page; wait first, as a page that is still arriving has fewer."""
    marks = page.get_by_role("button", name="Mark as read")
    expect(marks.first).to_be_visible()
    page.wait_for_load_state()
    for left in reversed(range(marks.count())):
        marks.first.click()
        expect(marks).to_have_count(left, timeout=PATIENCE)


def read_and_tick(reviewer: Any) -> None:
    """Mark every section that must be read, then tick the checklist."""
    page: Page = reviewer.page
    mark_all_as_read(page)
    tick_checklist(page)


def tick_checklist(page: Page) -> None:
    """Tick each statement of a page that has arrived: each tick is posted, and the next waits for it."""
    boxes = page.locator("#checklist input[type=checkbox]")
    for number in range(boxes.count()):
        if boxes.nth(number).is_checked():
            continue
        with page.expect_response(lambda response: response.request.method == "POST"):
            boxes.nth(number).click()
        expect(boxes.nth(number)).to_be_checked()
    expect(page.locator("#remaining-steps li")).to_have_count(0, timeout=PATIENCE)


def sign(reviewer: Any) -> None:
    """Enter the password and sign."""
    reviewer.page.get_by_label("Your password").fill(PASSWORD)
    reviewer.page.get_by_role("button", name="Sign and approve").click()


def grave(page: Page) -> list[str]:
    """Return serious violations that axe finds in the main area, without Wagtail's own frame."""
    page.get_by_role("main").wait_for()
    return accessibility.grave(page, "main")
