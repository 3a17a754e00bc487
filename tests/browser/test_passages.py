"""The picker of a label's passages, on a phone and by keyboard alone."""

from typing import Any

import pytest
from playwright.sync_api import expect
from wagtail.models import Revision

from monographs.label_watch.models import Citation
from tests.browser.accessibility import grave
from tests.browser.test_editor import PHONE, PLACE, beside, open_editor
from tests.factories import edit, make_monograph
from tests.label_watch.test_citations import ONE, STUDY, STUDY_WORDS, store

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_passage_is_chosen_by_keyboard_on_a_phone(open_browser: Any, writer: Any) -> None:
    store(3)
    page = make_monograph(by=writer)
    edit(page, writer, label_set_id=ONE, label_version="3", how_it_works=STUDY_WORDS)
    revisions = Revision.objects.count()
    screen = open_editor(open_browser, writer, page, PHONE)
    fold = beside(screen).locator("[data-editor-key^=citations-]")
    expect(fold).to_contain_text("0 of 1 cite a label or source")
    fold.locator(":scope > summary").focus()
    screen.keyboard.press("Enter")
    opener = fold.locator("[data-passages-open]")
    expect(opener).to_have_text(STUDY_WORDS)
    screen.keyboard.press("Tab")
    expect(opener).to_be_focused()
    screen.keyboard.press("Enter")
    dialog = screen.get_by_role("dialog", name="What does this statement rest on?")
    first = dialog.locator("[data-editor-send]").first
    expect(first).to_be_focused()
    expect(dialog).to_contain_text("Studies")
    wide = dialog.evaluate("each => each.scrollWidth - each.clientWidth")
    assert wide <= 0
    assert grave(screen, ".passages") == []
    screen.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()
    screen.keyboard.press("Enter")
    expect(first).to_be_focused()
    screen.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(fold).to_contain_text("1 of 1 cite a label or source")
    expect(fold).to_contain_text(f"label version 3: {STUDY}")
    expect(fold.get_by_role("button", name="Choose what it rests on")).to_be_focused()
    assert Citation.objects.get().words == STUDY_WORDS
    text = screen.locator(f"input[value={PLACE}] ~ * .public-DraftEditor-content").first
    expect(text).to_have_text(STUDY_WORDS)
    assert Revision.objects.count() == revisions, "nothing is put into the text"
