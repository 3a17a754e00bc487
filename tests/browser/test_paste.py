"""Paste into the editor in a browser: what is stored, what is said below the field, and one click to undo."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from monographs.document import SectionType
from monographs.models import MonographPage
from tests.factories import edit, make_monograph

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 30_000
PLACE = "how_it_works"
_PASTE = """([element, data]) => {
    const transfer = new DataTransfer();
    for (const [type, value] of Object.entries(data)) transfer.setData(type, value);
    element.dispatchEvent(new ClipboardEvent("paste", {clipboardData: transfer, bubbles: true, cancelable: true}));
}"""


def open_editor(open_browser: Any, user: Any, page: MonographPage, width: int = 1280) -> Page:
    screen: Page = open_browser(user, width=width).page
    screen.on("console", lambda m: print("CONSOLE", m.text))
    screen.on("pageerror", lambda m: print("ERROR", m))
    screen.goto(f"/admin/pages/{page.pk}/edit/")
    expect(screen.locator(".editor-panel__status")).to_have_count(1, timeout=PATIENCE)
    return screen


def section(screen: Page, anchor: str = PLACE) -> Locator:
    return screen.locator(f"[data-streamfield-child]:has(> input[name$='-type'][value={anchor}])").first


def rich_field(screen: Page, anchor: str = PLACE) -> Locator:
    return section(screen, anchor).locator(".public-DraftEditor-content").first


def paste(screen: Page, box: Locator, html: str = "", text: str = "", **more: str) -> None:
    """Paste as a browser does, with the types that a program put on the clipboard."""
    data = {"text/html": html, "text/plain": text, **more}
    box.evaluate(_PASTE.replace("([element, data])", "(element, data)"), {k: v for k, v in data.items() if v})


def clear(screen: Page, box: Locator) -> None:
    box.scroll_into_view_if_needed()
    box.click()
    screen.keyboard.press("Control+A")
    screen.keyboard.press("Backspace")


def report_of(screen: Page) -> Locator:
    return screen.locator(".paste-report").first


def stored(page: MonographPage, anchor: str = PLACE) -> list[Any]:
    """The content of a section as the latest draft holds it."""
    page = page.get_latest_revision_as_object()
    value = next(child.value for child in page.sections if child.block_type == anchor)
    return [(part.block_type, part.value) for part in value["content"]]


def test_what_was_pasted_is_stored_said_and_undone_in_one_click(open_browser: Any, writer: Any) -> None:
    page = make_monograph(by=writer)
    screen = open_editor(open_browser, writer, page)
    box = rich_field(screen)
    clear(screen, box)
    paste(
        screen,
        box,
        "<p>Give 2 x 10<sup>8</sup> cells.</p><table><tr><td>1</td><td>0 mg</td></tr></table>"
        "<p><s>Take 50 mg.</s> Take 5 mg.</p>",
        "Give 2 x 108 cells. 1 0 mg Take 50 mg. Take 5 mg.",
    )
    screen.wait_for_timeout(3000)
    screen.screenshot(path="/tmp/w/paste0.png")
    print(box.inner_text())
    print(
        screen.evaluate(
            "[window.editorPaste, !!window.DraftJS, [...document.querySelectorAll('[data-draftail-editor-wrapper]')].map(w=>[...w.parentElement.children].find(e=>e.draftailEditor))[0].draftailEditor.props.entityTypes.map(t=>[t.type, typeof t.onPaste])]"
        )
    )
    expect(report_of(screen)).to_contain_text("Take 50 mg.", timeout=5000)
    screen.screenshot(path="/tmp/w/paste1.png")
    print(section(screen).inner_text())
