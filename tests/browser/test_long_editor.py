"""The editor at length: a whole medicine in few clicks, closed sections that are remembered, and keys.

``-s`` prints the heights that are measured.
"""

import os
import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from monographs.models import MonographPage
from monographs.review.actions import AddNote, Return
from tests.browser.accessibility import grave
from tests.browser.admin_pages import press_submit, wait_for_findings, wait_for_form
from tests.browser.conftest import PATIENCE
from tests.browser.task_tally import task
from tests.browser.test_editor import DESKTOP, PHONE, open_editor, section
from tests.factories import edit, make_monograph, publish, submit

pytestmark = pytest.mark.django_db(transaction=True)

REQUIRED = (
    *("how_it_is_administered", "how_it_works", "common_side_effects", "who_should_take_it"),
    *("who_should_not_take_it", "commonly_used_with", "commonly_tested_with"),
)
OPTIONAL = (
    *("boxed_warning", "checks_while_you_take_it", "pregnancy_and_breastfeeding", "living_with_it"),
    "when_to_get_help",
)
EFFECTS = 8  # in each of the two lists
TALLEST = 3_000
HEIGHT = "document.querySelector('[data-edit-form]').scrollHeight"


def effects(screen: Page, which: int = 0) -> Locator:
    return screen.locator("[data-editor-block=EffectListBlock]").nth(which)


def rows(screen: Page, which: int = 0) -> Locator:
    return effects(screen, which).locator(".effect-row:visible")


def open_sections(screen: Page) -> Locator:
    """Return the buttons that would close a section (what is closed can still be found by the browser)."""
    stream = "[data-editor-block=SectionsBlock] > [data-streamfield-stream-container]"
    panel = "> [data-streamfield-child] > [data-panel] > .w-panel__header"
    return screen.locator(f"{stream} {panel} [data-panel-toggle][aria-expanded=true]")


def keys(screen: Page, *pressed: str) -> None:
    for key in pressed:
        screen.keyboard.press(key)


def write_effects(screen: Page, which: int, urgency: str) -> None:
    """Write one list of side effects: a click for the first row, and keys alone from there."""
    wait_for_findings(screen)
    effects(screen, which).locator("[data-streamfield-list-add]").first.click()
    expect(rows(screen, which).locator("input[type=text]")).to_be_focused()
    for number in range(EFFECTS):
        screen.keyboard.type(f"Effect {which}{number}")
        keys(screen, "Tab", "V", "Tab")
        screen.keyboard.type("Rest.")
        keys(screen, "Tab", urgency, "Tab")
        screen.keyboard.type("You feel it.")
        if number < EFFECTS - 1:
            keys(screen, "Enter" if number % 2 else "Tab")
    expect(rows(screen, which)).to_have_count(EFFECTS)


def write_section(screen: Page, anchor: str) -> None:
    """Write into the text that has the focus; then its source, a few keys away where no list is between."""
    text = section(screen, anchor).locator(".public-DraftEditor-content").first
    expect(text).to_be_focused()
    screen.keyboard.type("It is made for this test.")
    expect(text).to_have_text("It is made for this test.")
    sources = section(screen, anchor).locator("input[name$='-value-sources']")
    if anchor == "common_side_effects":
        write_effects(screen, 0, "T")
        write_effects(screen, 1, "C")
        wait_for_findings(screen)
        sources.click()
    for _ in range(6):
        if sources.evaluate("field => field === document.activeElement"):
            break
        keys(screen, "Tab")
    expect(sources).to_be_focused()
    screen.keyboard.type("label")


def write_source(screen: Page) -> None:
    """Write the first source of the page."""
    add = screen.locator("[data-contentpath=sources] .c-sf-add-button").first
    wait_for_findings(screen)  # what is checked meanwhile grows above the button, which a click would miss
    add.click()
    screen.get_by_role("option", name="Source", exact=True).click()
    expect(screen.locator("[name='sources-0-value-reference']")).to_be_focused()
    screen.keyboard.type("label")
    keys(screen, "Tab")
    screen.keyboard.type("The label")


def test_a_whole_medicine_takes_few_clicks_and_closes_to_its_headings(
    open_browser: Any, writer: Any, medicines: Any
) -> None:
    visit = open_browser(writer, width=DESKTOP)
    screen: Page = visit.page
    screen.goto(f"/admin/pages/add/monographs/monographpage/{medicines.pk}/")
    with task(screen, "whole new medicine, to the form of submission", clicks=25, keys=103, loads=1):
        expect(screen.locator(".editor-bar")).to_be_visible(timeout=PATIENCE)
        screen.get_by_placeholder("Generic name").click()
        screen.keyboard.type("longumab")
        for anchor in REQUIRED:
            wait_for_findings(screen)
            section(screen, anchor).locator(".public-DraftEditor-content").first.click()
            write_section(screen, anchor)
        for anchor in OPTIONAL:
            wait_for_findings(screen)
            screen.locator(".editor-bar summary").click()
            screen.locator(f".editor-bar [data-contents-add={anchor}]").click()
            write_section(screen, anchor)
        write_source(screen)
        wait_for_form(screen)
        screen.wait_for_url("**/edit/", timeout=PATIENCE)
        expect(screen.locator(".editor-contents [data-contents-go]")).to_have_count(14, timeout=PATIENCE)
        wait_for_findings(screen)
        with screen.expect_navigation(url="**/submit/**", timeout=PATIENCE):
            press_submit(visit)

    page = MonographPage.objects.get(title="longumab")
    draft = page.get_latest_revision_as_object()
    types = [child.block_type for child in draft.sections]
    assert sorted(types) == sorted([*REQUIRED, *OPTIONAL])
    assert types[0] == "boxed_warning", "a section is added where the page has it"
    assert {child.value["sources"] for child in draft.sections} == {"label"}
    assert [child.value["title"] for child in draft.sources] == ["The label"]
    value = next(c.value for c in draft.sections if c.block_type == "common_side_effects")
    for which, listed in enumerate((value["common_effects"], value["serious"]["effects"])):
        assert [each["name"] for each in listed] == [f"Effect {which}{n}" for n in range(EFFECTS)]
        assert all(each["frequency"] and each["urgency"] and each["what_to_do"] == "Rest." for each in listed)

    screen.goto(f"/admin/pages/{page.pk}/edit/")
    expect(screen.locator(".editor-contents [data-contents-go]")).to_have_count(14, timeout=PATIENCE)
    open_height = screen.evaluate(HEIGHT)
    screen.locator("[data-panels-close]").click()
    expect(open_sections(screen)).to_have_count(0)
    closed_height = screen.evaluate(HEIGHT)
    print(f"\n{open_height} px open, {closed_height} px closed")  # noqa: T201
    assert closed_height <= TALLEST
    screen.screenshot(path=os.environ.get("LONG_EDITOR_PICTURE") or None)

    screen.goto(f"/admin/pages/{page.pk}/edit/")
    expect(screen.locator(".editor-bar")).to_be_visible(timeout=PATIENCE)
    expect(open_sections(screen)).to_have_count(0)
    wait_for_findings(screen)
    assert screen.evaluate(HEIGHT) <= TALLEST, "closed sections are remembered"
    screen.locator(".editor-contents [data-contents-go=how_it_works]").press("Enter")
    box = section(screen, "how_it_works").locator(".public-DraftEditor-content").first
    expect(box).to_be_focused()
    expect(box).to_be_in_viewport()


def test_keys_lead_through_side_effects_and_move_them(open_browser: Any, writer: Any) -> None:
    screen = open_editor(open_browser, writer, make_monograph(by=writer))
    names = lambda: [field.input_value() for field in rows(screen).locator("input[type=text]").all()]  # noqa: E731
    first = rows(screen).first.locator("input[type=text]")
    first.click()
    order = []
    for _ in range(5):
        path = "document.activeElement.closest('[data-contentpath]').dataset.contentpath"
        order.append(screen.evaluate(path))
        keys(screen, "Tab")
    assert order == ["name", "frequency", "what_to_do", "urgency", "explanation"], "from left to right"
    expect(rows(screen)).to_have_count(2)
    screen.keyboard.type("Rash")
    keys(screen, "Enter")
    expect(rows(screen)).to_have_count(3)
    keys(screen, *["Tab"] * 5)
    expect(rows(screen)).to_have_count(2)  # a row that nobody wrote in goes with the cursor
    assert names() == ["Fever", "Rash"]

    wait_for_findings(screen)
    rash = rows(screen).nth(1).locator("input[type=text]")
    rash.focus()
    keys(screen, "Alt+ArrowUp")
    assert names() == ["Rash", "Fever"]
    expect(rows(screen).first.locator("input[type=text]")).to_be_focused()
    expect(screen.locator("body > [aria-live]", has_text="Moved to place 1 of 2.")).to_have_count(1)
    keys(screen, "Alt+Shift+ArrowDown")
    expect(rows(screen)).to_have_count(3)
    assert names() == ["Rash", "Rash", "Fever"]
    wait_for_findings(screen)
    effects(screen).locator("[data-streamfield-action=MOVE_DOWN]").first.click()
    expect(effects(screen).locator("[data-streamfield-action=MOVE_DOWN]").nth(1)).to_be_focused()


def test_a_returned_text_opens_with_the_reason_and_links_to_its_notes(
    open_browser: Any, writer: Any, reviewer: Any, subtests: pytest.Subtests
) -> None:
    page = make_monograph(by=writer)
    publish(page, writer, reviewer)
    edit(page, writer, how_it_works="It works in another way.")
    submission = submit(page, writer, reason="The label says so.", reviewers=[reviewer])
    note = {"section": "how_it_works", "body": "Which way?", "quote": "another way"}
    AddNote(reviewer, submission, **note).execute()
    Return(reviewer, submission, reason="One thing is unclear.").execute()
    screen = open_editor(open_browser, writer, page, PHONE)
    top = screen.locator(".editor-top")
    expect(top).to_contain_text("Returned by Reviewer Tester")
    expect(top).to_contain_text("One thing is unclear.")
    top.locator("button", has_text="another way").press("Enter")
    screen.wait_for_function("getSelection().toString() === 'another way'")

    summary = screen.locator(".editor-bar summary")
    expect(screen.locator(".editor-contents")).to_be_hidden()
    expect(screen.locator("#id_change_note")).to_be_hidden()  # it is asked at submission
    summary.press("Enter")
    row = screen.locator(".editor-bar [data-contents-go=how_it_works]")
    expect(row).to_contain_text("1 open note")
    expect(row).to_contain_text("changed")
    for theme in ("light", "dark"):
        screen.emulate_media(color_scheme=theme)
        with subtests.test(theme=theme):
            assert grave(screen, ".editor-bar", ".editor-top") == []
    screen.screenshot(path=os.environ.get("LONG_EDITOR_PHONE") or None)
    row.focus()
    keys(screen, "Escape")
    expect(row).to_be_hidden()
    expect(summary).to_be_focused()
    assert screen.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing scrolls sideways"

    fold = section(screen, "how_it_works").locator("[data-editor-changes]")
    asked: list[str] = []
    screen.on("request", lambda request: asked.append(request.url) if "/changes/" in request.url else None)
    fold.locator("summary").press("Enter")
    expect(fold).to_contain_text("in another way", timeout=PATIENCE)
    expect(fold.locator("ins").first).to_be_visible()
    # As when the writer types on and the annotations come again
    fold.evaluate("""async (fold) => {
        const box = fold.closest(".editor-annotations");
        window.editorRules.refill(box, `${box.editorHtml}<!-- again -->`);
        for (let i = 0; i < 4; i += 1) await new Promise(requestAnimationFrame);
    }""")
    expect(fold.locator("ins").first).to_be_visible()
    assert len(asked) == 1, "what was read is not asked for again"
    fold.locator("summary").press("Enter")
    expect(fold.locator("ins")).to_have_count(0)
    fold.locator("summary").press("Enter")
    expect(fold.locator("ins").first).to_be_visible()
    assert len(asked) == 2

    screen.goto(f"/admin/review/submit/{page.pk}/")
    expect(screen.get_by_label("Why was the change made?")).to_have_value("The label says so.")
    expect(screen.get_by_label("Reviewer Tester")).to_be_checked()
    expect(screen.get_by_label("What changed?")).to_have_value(re.compile("^Change "))
