"""“What the label says” in the editor: opened by the keyboard on a phone, and never part of the form."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import grave
from tests.browser.test_editor import PHONE, open_editor
from tests.factories import make_monograph
from tests.label_watch.label_service import label_service
from tests.review.test_label_reference import ONE, store

pytestmark = pytest.mark.django_db(transaction=True)

FORM_TEXT = "JSON.stringify([...new FormData(document.querySelector('[data-edit-form]'))])"
SELECTABLE = "(box) => { getSelection().selectAllChildren(box); return String(getSelection()); }"


def test_a_section_opens_with_the_labels_words_for_reading_only(open_browser: Any, writer: Any) -> None:
    page = make_monograph(by=writer, label_set_id=ONE)
    store(3)
    screen = open_editor(open_browser, writer, page, PHONE)
    asked: list[str] = []
    errors: list[str] = []
    screen.on("request", lambda request: asked.append(request.url) if "/label/" in request.url else None)
    screen.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    folds = screen.locator(".editor-label")
    expect(folds).to_have_count(7)
    assert asked == []
    fold = screen.locator(".editor-label[data-editor-label=who_should_not_take_it]")
    summary = fold.locator("summary")
    summary.focus()
    for _ in range(3):  # open, close, open
        summary.press("Enter")
    expect(fold).to_contain_text("Do not give it to cats.")
    expect(fold).to_contain_text("Reference, not for copying")
    assert [url.rsplit("/", 2)[1] for url in asked] == ["who_should_not_take_it"]
    screen.keyboard.press("Tab")
    expect(fold.locator(".editor-label__text")).to_be_focused()
    assert "cats" not in screen.evaluate(FORM_TEXT)
    assert fold.locator(".editor-label__text").evaluate(SELECTABLE) == ""
    assert screen.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert grave(screen, ".editor-label[open]") == []
    assert errors == []


def test_a_label_that_is_not_stored_yet_is_fetched_while_the_writer_waits(
    open_browser: Any, writer: Any, settings: Any
) -> None:
    page = make_monograph(by=writer, label_set_id=ONE)
    with label_service() as site:
        settings.LABEL_SOURCE, settings.DAILYMED_URL = "dailymed", f"{site.address}/dailymed/"
        site.faults[f"/dailymed/spls/{ONE}.xml"] = (500, {}, b"")
        site.times[f"/dailymed/spls/{ONE}.xml"] = 1
        site.publish(3)
        screen = open_editor(open_browser, writer, page, PHONE)
        fold = screen.locator(".editor-label").first
        fold.locator("summary").press("Enter")
        button = fold.get_by_role("button", name="Fetch this label now")
        button.click()
        expect(fold.get_by_role("status")).to_contain_text("DailyMed cannot be reached")
        assert grave(screen, ".editor-label[open]") == []
        assert screen.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        button.click()
        expect(button).to_have_count(0)
        expect(fold).to_contain_text("version 3, January 31, 2024")
        expect(fold.locator("summary")).to_be_focused()
