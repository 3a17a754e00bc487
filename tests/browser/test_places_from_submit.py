"""One click on the submit screen leads to the words in the editor that a finding is about."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from monographs.models import MonographPage
from tests.browser.accessibility import grave
from tests.browser.admin_pages import wait_for_findings
from tests.browser.test_editor import DESKTOP, PHONE, PLACE, section
from tests.factories import edit, make_monograph, set_parts

pytestmark = pytest.mark.django_db(transaction=True)

SELECTED = "String(getSelection())"
#: What the writer left closed: every section and panel of the editor.
CLOSED = """(key) => {
  const panels = [...document.querySelectorAll("[data-edit-form] [data-panel][id]")].map(({ id }) => id);
  localStorage.setItem(key, JSON.stringify(panels));
}"""


def open_submit(open_browser: Any, user: Any, page: MonographPage, width: int) -> Page:
    """Open the submit screen as somebody who left every panel of the editor closed."""
    screen: Page = open_browser(user, width=width).page
    screen.goto(f"/admin/pages/{page.pk}/edit/")
    screen.wait_for_load_state()
    screen.evaluate(CLOSED, f"editor-panels:{user.pk}:/admin/pages/{page.pk}/edit/")
    screen.goto(f"/admin/review/submit/{page.pk}/")
    return screen


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_a_click_on_the_place_selects_the_words(open_browser: Any, writer: Any, width: int) -> None:
    page = make_monograph(by=writer)
    parts = [{"type": "text", "value": "<p>Ask first.</p>"}, {"type": "text", "value": "<p>Take 5.0 mg.</p>"}]
    set_parts(page, writer, PLACE, parts)
    screen = open_submit(open_browser, writer, page, width)
    assert grave(screen, "main") == []
    screen.locator(".review-problems li", has_text="5.0").get_by_role("link").first.click()
    wait_for_findings(screen)
    box = section(screen).locator(".public-DraftEditor-content").nth(1)
    expect(box).to_be_focused()
    expect(box).to_be_in_viewport()
    screen.wait_for_function(f"{SELECTED} === '5.0'")


def test_a_line_of_a_list_is_reached(open_browser: Any, writer: Any) -> None:
    page = make_monograph(by=writer)
    lines = {"type": "do_dont", "value": {"do": ["Drink .25 L."], "dont": []}}
    set_parts(page, writer, PLACE, [lines])
    screen = open_submit(open_browser, writer, page, DESKTOP)
    screen.locator(".review-problems li", has_text=".25").get_by_role("link").first.click()
    wait_for_findings(screen)
    line = section(screen).locator("input[name$='-value-do-0-value']")
    expect(line).to_be_focused()
    expect(line).to_be_in_viewport()


def test_a_field_and_a_section_that_is_not_written_are_reached(open_browser: Any, writer: Any) -> None:
    page = make_monograph(by=writer)
    edit(page, writer, summary="Take 5.0 mg.")
    screen = open_submit(open_browser, writer, page, DESKTOP)
    screen.locator(".review-problems li", has_text="5.0").get_by_role("link").first.click()
    wait_for_findings(screen)
    expect(screen.locator("#id_summary")).to_be_focused()
    screen.wait_for_function(f"{SELECTED} === '5.0'")
    unwritten = make_monograph("emptumab", by=writer, complete=False)
    screen.goto(f"/admin/review/submit/{unwritten.pk}/")
    screen.locator(".review-problems").get_by_role("link", name="How it works", exact=True).click()
    wait_for_findings(screen)
    expect(screen.locator("[data-contentpath=sections]")).to_be_in_viewport()
