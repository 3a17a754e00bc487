"""The dialogs in which a page or a source is chosen, on a phone: for fingers and for keys."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from monographs.models import MonographPage
from tests.browser.test_editor import open_editor

pytestmark = [pytest.mark.django_db(transaction=True)]

PHONE = 390
#: Pixels of what a finger presses (WCAG 2.2, 2.5.5).
TARGET = 44
#: What is too small for a finger, or is not within the width of the screen; not the links in a sentence.
UNREACHABLE = """([target]) => [...document.querySelectorAll(
  ".modal.in :is(a[href], button, select, input:not([type=hidden], [type=checkbox], [type=file]))"
)].flatMap((each) => {
  if (each.matches(".w-human-readable-date, .w-status, .w-sr-only, p:not(.link-types) a")) return [];
  const { left, right, width, height } = each.getBoundingClientRect();
  const seen = width > 1 && height > 1 && getComputedStyle(each).visibility === "visible";
  const reachable = height >= target - 1 && left >= 0 && right <= window.innerWidth;
  return seen && !reachable ? [`${each.outerHTML.slice(0, 120)} ${width}x${height}`] : [];
})"""
OPENERS = {
    "page": lambda screen: screen.get_by_role("button", name="Choose a page").first,
    "source": lambda screen: screen.get_by_role("button", name="Choose from the library").first,
}


@pytest.fixture
def screen(open_browser: Any, writer: Any, published_medicine: MonographPage) -> Page:
    """The editor of a medicine on a phone, with all its sections open."""
    screen = open_editor(open_browser, writer, published_medicine, PHONE)
    screen.get_by_role("button", name="Open all").click()
    return screen


@pytest.mark.parametrize("kind", OPENERS)
def test_a_chooser_fits_a_phone_and_gives_the_focus_back(screen: Page, kind: str) -> None:
    opener = OPENERS[kind](screen)
    opener.click()
    dialog = screen.locator(".modal.in")
    expect(dialog.get_by_placeholder("Search").or_(dialog.get_by_label("Search")).first).to_be_visible()
    assert screen.evaluate(UNREACHABLE, [TARGET]) == []
    for tab in dialog.get_by_role("tab").all():
        tab.click()
        assert screen.evaluate(UNREACHABLE, [TARGET]) == []
    screen.keyboard.press("Tab")
    assert screen.evaluate("document.activeElement.closest('.modal') !== null")
    screen.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(opener).to_be_focused()
