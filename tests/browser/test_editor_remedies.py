"""One click in the editor writes a remedy into the field that has the words, unsaved and undoable."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from monographs.document.parts import Effects, Frequency
from monographs.models import MonographPage
from tests.browser.accessibility import grave
from tests.browser.conftest import PATIENCE
from tests.browser.test_editor import DESKTOP, PHONE, PLACE, beside, open_editor, open_fold, section
from tests.factories import complete_sections, make_monograph, set_parts, stream

pytestmark = pytest.mark.django_db(transaction=True)

EFFECTS = "common_side_effects"
TEXT = "<p>Take <b>5</b>.0 mg of <i>the the</i> drug.</p><p>Read 10<sup>8</sup> &amp; .5 mg.</p>"
LINES = {"type": "do_dont", "value": {"do": ["Drink .25 L."], "dont": []}}


def click(screen: Page, words: str, anchor: str = PLACE) -> None:
    """Click a remedy, once what is said beside the text is of the text as it is."""
    open_fold(screen, anchor).get_by_role("button", name=words).first.click()


def stored(page: MonographPage) -> Any:
    draft = MonographPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    return {child["type"]: child["value"] for child in draft.sections.get_prep_value()}[PLACE]["content"]


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_one_click_changes_the_words_and_keeps_the_marks(open_browser: Any, writer: Any, width: int) -> None:
    page = make_monograph(by=writer, change_note="Says .5 mg.")
    set_parts(page, writer, PLACE, [{"type": "text", "value": TEXT}, LINES])
    screen = open_editor(open_browser, writer, page, width)
    box = section(screen).locator(".public-DraftEditor-content").first
    open_fold(screen, PLACE)
    assert grave(screen, f"[data-editor-annotations={PLACE}]") == []
    click(screen, "Write “5”")
    expect(box).to_contain_text("Take 5 mg of the the drug.")
    screen.keyboard.press("Control+z")
    expect(box).to_contain_text("Take 5.0 mg of the the drug.")
    click(screen, "Write “5”")
    click(screen, "Write “the”")
    click(screen, "Write “0.5”")
    expect(box).to_contain_text("Take 5 mg of the drug.")
    expect(box).to_contain_text("& 0.5 mg.")
    line = section(screen).locator("input[name$='-value-do-0-value']")
    click(screen, "Write “0.25”")
    expect(line).to_have_value("Drink 0.25 L.")
    screen.keyboard.press("Control+z")
    expect(line).to_have_value("Drink .25 L.")
    click(screen, "Write “0.25”")
    expect(line).to_have_value("Drink 0.25 L.")
    with screen.expect_navigation():
        screen.get_by_role("button", name="Save draft").click()
    text, lines = stored(page)
    kept = [
        part
        for part in ("<b>5</b> mg of <i>the</i> drug", "10<sup>8</sup>", "0.5 mg")
        if part in text["value"]
    ]
    assert len(kept) == 3, text["value"]
    assert "Drink 0.25 L." in str(lines)


def test_words_that_changed_since_are_left_alone(open_browser: Any, writer: Any) -> None:
    page = make_monograph(by=writer)
    set_parts(page, writer, PLACE, [{"type": "text", "value": "<p>Take 5.0 mg.</p>"}])
    screen = open_editor(open_browser, writer, page)
    open_fold(screen)
    screen.route("**/admin/review/editor/**", lambda route: route.abort())  # the findings stay as they were
    box = section(screen).locator(".public-DraftEditor-content").first
    box.click()
    screen.keyboard.press("Control+End")
    screen.keyboard.type(" Or 10 mg.")
    beside(screen).get_by_role("button", name="Write “5”").first.click()  # nothing moves: no answer comes
    expect(beside(screen).locator("[data-editor-error]").first).to_contain_text(
        "nothing was replaced", timeout=PATIENCE
    )
    expect(box).to_have_text("Take 5.0 mg. Or 10 mg.")


def test_one_click_chooses_the_band_of_the_effect_that_says_it(open_browser: Any, writer: Any) -> None:
    page = make_monograph(by=writer)
    sections = complete_sections()
    sections[EFFECTS]["common_effects"] = [
        {"name": "Rash", "explanation": "Spots.", "frequency": "common"},
        {"name": "Fever (62%)", "explanation": "Feeling hot."},
    ]
    draft = MonographPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    draft.sections = stream(sections)
    draft.save_revision(user=writer)
    screen = open_editor(open_browser, writer, page)
    bands = section(screen, EFFECTS).locator("select[name*='common_effects'][name$='-frequency']")
    name = section(screen, EFFECTS).locator("input[name*='common_effects'][name$='-name']").last
    click(screen, "Choose “Very common: more than 1 in 10 people”", EFFECTS)
    expect(bands.last).to_have_value("very_common")
    expect(bands.first).to_have_value("common")
    expect(screen.get_by_text("the band of “Fever (62%)” is now “Very common")).to_have_count(1)
    # What the band says now need not stand in the name
    click(screen, "Leave out", EFFECTS)
    expect(name).to_have_value("Fever")
    with screen.expect_navigation():
        screen.get_by_role("button", name="Save draft").click()
    draft = MonographPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    parts = [part for part in draft.to_document().all_parts() if isinstance(part, Effects)]
    saved = [(effect.name, effect.frequency) for part in parts for effect in part.items]
    assert saved[:2] == [("Rash", Frequency.COMMON), ("Fever", Frequency.VERY_COMMON)]
