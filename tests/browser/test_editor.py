"""The writer's editor in a browser: live findings and notes beside each section."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect
from playwright.sync_api import TimeoutError as BrowserTimeout
from wagtail.models import Revision

from monographs.models import MonographPage
from monographs.review.actions import AddNote, Return
from monographs.review.models import Note, NoteReply, NoteStatus
from monographs.rules.models import Overrule
from tests.browser.accessibility import grave
from tests.browser.admin_pages import pause, wait_for_findings
from tests.browser.conftest import PATIENCE
from tests.browser.work_kept_cases import stop_autosave
from tests.factories import edit, make_monograph, submit

pytestmark = pytest.mark.django_db(transaction=True)

DESKTOP, PHONE = 1280, 390
PLACE = "how_it_works"
#: Far more than the tab key comes to between a fold and a button in it.
MOST_STOPS = 60
WIDTHS = pytest.mark.parametrize("width", [DESKTOP, PHONE])


def open_editor(open_browser: Any, user: Any, page: MonographPage, width: int = DESKTOP) -> Page:
    """Open the editor and wait for the findings."""
    screen: Page = open_browser(user, width=width).page
    screen.goto(f"/admin/pages/{page.pk}/edit/")
    expect(screen.locator(".editor-panel__status")).to_have_count(1, timeout=PATIENCE)
    wait_for_findings(screen)
    return screen


def written(writer: Any, words: str) -> MonographPage:
    """Create a monograph with ``words`` in *How it works*."""
    page = make_monograph(by=writer)
    edit(page, writer, **{PLACE: words})
    return page


def beside(screen: Page, anchor: str = PLACE) -> Locator:
    return screen.locator(f"[data-editor-annotations={anchor}]")


def section(screen: Page, anchor: str = PLACE) -> Locator:
    return screen.locator(f"[data-streamfield-child]:has(> input[name$='-type'][value={anchor}])").first


def write(screen: Page, words: str, anchor: str = PLACE) -> None:
    box = section(screen, anchor).locator(".public-DraftEditor-content").first
    box.scroll_into_view_if_needed()
    box.click()
    screen.keyboard.press("Control+A")
    screen.keyboard.type(words)
    expect(box).to_have_text(words)


def error(screen: Page, anchor: str = PLACE) -> Locator:
    return beside(screen, anchor).locator(".editor-finding--error")


def open_fold(screen: Page, anchor: str = PLACE) -> Locator:
    fold = beside(screen, anchor).locator("[data-editor-key^=findings]")
    expect(fold).to_be_visible(timeout=PATIENCE)
    wait_for_findings(screen)
    if fold.get_attribute("open") is None:
        fold.locator(":scope > summary").click()
    return fold


def noted(page: MonographPage, writer: Any, reviewer: Any, *, quote: str = "", back: bool = True) -> Note:
    submission = submit(page, writer)
    body = "Is this the label’s word?"
    note = AddNote(reviewer, submission, section=PLACE, body=body, quote=quote).execute()
    if back:
        Return(reviewer, submission, reason="See the note.").execute()
    return note


@WIDTHS
def test_an_error_appears_while_it_is_typed_and_goes_once_it_is_fixed(
    open_browser: Any, writer: Any, width: int
) -> None:
    screen = open_editor(open_browser, writer, make_monograph(by=writer), width)
    expect(error(screen)).to_have_count(0)
    write(screen, "Take 5.0 mg once a day.")
    expect(error(screen)).to_be_visible(timeout=PATIENCE)
    expect(error(screen)).to_contain_text("5.0")
    expect(error(screen, "who_should_take_it")).to_have_count(0)
    counter = screen.locator("[data-side-panel-toggle=house-rules] [data-side-panel-toggle-counter]")
    expect(counter).to_have_text("1")
    write(screen, "Take 5 mg once a day.")
    expect(error(screen)).to_have_count(0, timeout=PATIENCE)
    expect(counter).to_be_hidden()
    spoken = screen.locator("body > [role=status]")
    expect(spoken).to_contain_text("Nothing to fix before review", timeout=PATIENCE)


def test_the_last_words_are_read_however_long_the_answer_before_took(open_browser: Any, writer: Any) -> None:
    """The script looks for changes for four seconds after the last key."""
    screen = open_editor(open_browser, writer, make_monograph(by=writer))
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    screen.route("**/edit/", stop_autosave)
    screen.route("**/admin/review/editor/**", hold)
    with screen.expect_request("**/admin/review/editor/**"):
        write(screen, "Take 5.0 mg once a day.")
    write(screen, "Take 7.0 mg once a day.")
    pause(screen, 4_500)
    screen.unroute("**/admin/review/editor/**")
    held[0].continue_()
    expect(error(screen)).to_contain_text("7.0", timeout=PATIENCE)


def test_an_excerpt_leads_to_the_words(open_browser: Any, writer: Any) -> None:
    screen = open_editor(open_browser, writer, make_monograph(by=writer))
    write(screen, "It works. Take 5.0 mg once a day.")
    expect(error(screen)).to_be_visible(timeout=PATIENCE)
    wait_for_findings(screen)
    screen.locator("[data-side-panel-toggle=house-rules]").click()
    panel = screen.locator("[data-side-panel=house-rules]")
    section(screen, "who_should_take_it").scroll_into_view_if_needed()
    panel.locator(".editor-panel__list--error .editor-link").first.click()
    expect(section(screen).locator(".public-DraftEditor-content").first).to_be_focused()
    expect(section(screen).locator(".public-DraftEditor-content").first).to_be_in_viewport()
    screen.wait_for_function("getSelection().toString() === '5.0'")
    screen.keyboard.type("5")
    expect(error(screen)).to_have_count(0, timeout=PATIENCE)
    expect(section(screen).locator(".public-DraftEditor-content").first).to_have_text(
        "It works. Take 5 mg once a day."
    )


ADVICE = "This is " + "a very " * 30 + "long sentence."
REASON = "The label itself says it in these words."


@WIDTHS
def test_advice_is_overruled_and_undone_by_keyboard_alone(open_browser: Any, writer: Any, width: int) -> None:
    page = written(writer, ADVICE)
    screen = open_editor(open_browser, writer, page, width)
    summary = beside(screen).locator("[data-editor-key^=findings] > summary")
    expect(summary).to_contain_text("advice")
    summary.focus()
    screen.keyboard.press("Enter")
    finding = beside(screen).locator(".editor-finding--advice").first
    rule = finding.get_attribute("data-rule")
    opener = finding.locator("summary", has_text="Overrule here")
    for _ in range(MOST_STOPS):
        if opener.evaluate("element => element === document.activeElement"):
            break
        screen.keyboard.press("Tab")
    expect(opener).to_be_focused()
    screen.keyboard.press("Enter")
    screen.keyboard.press("Tab")
    revisions = Revision.objects.count()
    screen.keyboard.type(REASON)
    screen.wait_for_timeout(1500)
    assert Revision.objects.count() == revisions, "a reason is not part of the text, so nothing is saved"
    screen.keyboard.press("Tab")
    screen.keyboard.press("Enter")
    overruled = beside(screen).locator(f".editor-finding--overruled[data-rule={rule}]")
    expect(overruled).to_contain_text(REASON, timeout=PATIENCE)
    assert Overrule.objects.get().reason == REASON
    assert Revision.objects.count() == revisions

    undo = overruled.get_by_role("button", name="Apply the rule again")
    undo.focus()
    screen.keyboard.press("Enter")
    expect(overruled).to_have_count(0, timeout=PATIENCE)
    expect(beside(screen).locator(f".editor-finding--advice[data-rule={rule}]")).to_have_count(1)


def test_a_reason_that_is_missing_is_asked_for_where_it_is_written(open_browser: Any, writer: Any) -> None:
    screen = open_editor(open_browser, writer, written(writer, ADVICE))
    finding = open_fold(screen).locator(".editor-finding--advice").first
    finding.locator("summary", has_text="Overrule here").click()
    finding.get_by_role("textbox").fill("No")
    finding.get_by_role("button", name="Overrule it here").click()
    expect(finding.get_by_role("alert")).to_contain_text("Say in a sentence", timeout=PATIENCE)
    expect(finding.get_by_role("textbox")).to_have_value("No")


@WIDTHS
@pytest.mark.parametrize("back", [True, False], ids=["returned", "in review"])
def test_a_note_is_answered_and_resolved_beside_its_section(
    open_browser: Any, writer: Any, reviewer: Any, width: int, back: bool
) -> None:
    page = make_monograph(by=writer)
    note = noted(page, writer, reviewer, quote="About how_it_works.", back=back)
    screen = open_editor(open_browser, writer, page, width)
    revisions = Revision.objects.count()
    shown = beside(screen).locator("article", has_text="Is this the label’s word?")
    expect(shown).to_contain_text("Reviewer Tester")
    shown.get_by_role("textbox").fill("Yes, in section 5.")
    shown.get_by_role("button", name="Answer").click()
    expect(shown.locator("ol")).to_contain_text("Yes, in section 5.", timeout=PATIENCE)
    assert NoteReply.objects.get().author == writer
    wait_for_findings(screen)
    shown.get_by_role("button", name="Resolve").click()
    expect(beside(screen).locator("summary", has_text="1 closed note")).to_be_visible(timeout=PATIENCE)
    note.refresh_from_db()
    assert note.status == NoteStatus.RESOLVED
    assert Revision.objects.count() == revisions
    assert screen.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing scrolls sideways"


def test_an_answer_half_written_outlives_what_is_typed_elsewhere(
    open_browser: Any, writer: Any, reviewer: Any
) -> None:
    page = make_monograph(by=writer)
    noted(page, writer, reviewer)
    screen = open_editor(open_browser, writer, page)
    answer = beside(screen).locator("article").get_by_role("textbox")
    answer.fill("I think that")
    write(screen, "Take 5.0 mg once a day.")
    expect(error(screen)).to_be_visible(timeout=PATIENCE)
    expect(answer).to_have_value("I think that")


def test_findings_follow_a_section_that_is_moved_removed_or_added(open_browser: Any, writer: Any) -> None:
    screen = open_editor(open_browser, writer, make_monograph(by=writer))
    write(screen, "Take 5.0 mg once a day.")
    expect(error(screen)).to_be_visible(timeout=PATIENCE)
    wait_for_findings(screen)
    section(screen).locator("[data-streamfield-action=MOVE_UP]").first.click()
    expect(section(screen).locator(f"[data-editor-annotations={PLACE}]")).to_have_count(1)
    write(screen, "Take 7.0 mg once a day.")
    expect(section(screen).locator(".editor-finding--error")).to_contain_text("7.0", timeout=PATIENCE)

    wait_for_findings(screen)
    section(screen).locator("[data-streamfield-action=DELETE]").first.click()
    missing = screen.locator(f"[data-contentpath=sections] > [data-editor-annotations={PLACE}]")
    expect(missing).to_contain_text("This section is empty", timeout=PATIENCE)

    stream = screen.locator("[data-contentpath=sections]")
    wait_for_findings(screen)
    stream.locator("button.c-sf-add-button:visible").last.click()
    screen.get_by_role("option", name="How it works").click()
    again = screen.locator("[data-streamfield-child]:visible:has(> input[name$='-type'][value=how_it_works])")
    expect(again.locator(f"[data-editor-annotations={PLACE}]")).to_contain_text(
        "This section is empty", timeout=PATIENCE
    )


def test_a_new_page_is_read_before_and_after_its_first_save(
    open_browser: Any, writer: Any, medicines: Any
) -> None:
    screen = open_browser(writer).page
    screen.goto(f"/admin/pages/add/monographs/monographpage/{medicines.pk}/")
    unwritten = beside(screen, "title").locator(".editor-finding--to-write")
    expect(unwritten).to_contain_text("name", timeout=PATIENCE)
    wrong = screen.locator(".editor-finding--error").all_inner_texts()
    assert wrong == [], "nothing is wrong with a page not begun"
    write(screen, ADVICE)
    finding = open_fold(screen).locator(".editor-finding--advice").first
    expect(finding.locator("summary", has_text="Overrule here")).to_have_count(0)
    screen.get_by_placeholder("Generic name").click()
    screen.keyboard.type("novumab")
    expect(unwritten).to_have_count(0, timeout=PATIENCE)
    wait_for_first_save(screen)
    expect(finding.locator("summary", has_text="Overrule here")).to_be_visible(timeout=PATIENCE)


def wait_for_first_save(screen: Page) -> None:
    """After a failed autosave Wagtail waits for the next key, which may have come too early."""
    try:
        screen.wait_for_url("**/edit/", timeout=15_000)
    except BrowserTimeout:
        screen.get_by_placeholder("Generic name").press("End")
        screen.keyboard.type("x")
        screen.wait_for_url("**/edit/", timeout=PATIENCE)


@WIDTHS
def test_axe_finds_nothing_serious(
    open_browser: Any, writer: Any, reviewer: Any, width: int, subtests: pytest.Subtests
) -> None:
    page = written(writer, f"{ADVICE} Take 5.0 mg.")
    noted_page = make_monograph("notumab", by=writer)
    noted(noted_page, writer, reviewer, quote="About how_it_works.")
    screen = open_browser(writer, width=width).page

    def check_both_themes(state: str) -> None:
        for theme in ("light", "dark"):
            with subtests.test(state, theme=theme):
                screen.emulate_media(color_scheme=theme)
                assert grave(screen, ".editor-annotations", "[data-side-panel='house-rules']") == []

    for subject in (page, noted_page):
        screen.goto(f"/admin/pages/{subject.pk}/edit/")
        expect(screen.locator(".editor-panel__status")).to_have_count(1)
        wait_for_findings(screen)
        if subject is page:
            for summary in open_fold(screen).locator("summary").all()[1:]:
                summary.click()
        check_both_themes(f"{subject.title} as it opens")
        if not screen.locator(".editor-panel__status").is_visible():  # Wagtail keeps a panel open
            screen.locator("[data-side-panel-toggle=house-rules]").click()
        expect(screen.locator(".editor-panel__status")).to_be_visible()
        check_both_themes(f"{subject.title} with its panel")
