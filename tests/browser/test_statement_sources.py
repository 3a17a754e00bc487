"""Choosing the sources of a statement: of the page, of the library, or a new one; by keyboard alone."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from wagtail.models import Revision

from monographs.models import MonographPage
from monographs.source_library.models import LibrarySource, SourceCitation
from tests.browser.accessibility import grave
from tests.browser.admin_pages import wait_for_findings
from tests.browser.test_editor import PHONE, WIDTHS, beside, open_editor
from tests.browser.test_sources import picture, references
from tests.factories import edit, make_monograph, submit
from tests.source_library.library import add_source, change_source, use_source
from tests.source_library.test_tasks import ADDRESS

pytestmark = pytest.mark.django_db(transaction=True)

#: The picker's button of the source in the page's list.
LISTED = re.compile("Rests on this ?: Myeloma guideline")
WORDS = "It blocks an enzyme of the cancer cells."


@pytest.fixture
def page(writer: Any) -> MonographPage:
    """A draft with one statement under *How it works*, and two sources in the library, one of them listed."""
    page = make_monograph(by=writer)
    use_source(page, add_source("Myeloma guideline", address=ADDRESS, by=writer), writer)
    add_source("Enzymes of cancer cells", kind="paper", publisher="The Journal", by=writer)
    edit(page, writer, how_it_works=WORDS)
    return MonographPage.objects.get(pk=page.pk)


def fold(screen: Page) -> Locator:
    return beside(screen).locator("[data-editor-key^=citations-]")


def no_wider(screen: Page, element: Locator) -> None:
    assert element.evaluate("each => each.scrollWidth - each.clientWidth") <= 0
    assert screen.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def picker(screen: Page) -> Locator:
    return screen.get_by_role("dialog", name="What does this statement rest on?")


def library_button(screen: Page) -> Locator:
    return picker(screen).get_by_role("button", name="Choose from the library, or add a source")


def opener(screen: Page) -> Locator:
    return fold(screen).get_by_role("button", name="Choose what it rests on")


def chooser(screen: Page) -> Locator:
    """The chooser of the library, once it has the focus."""
    expect(screen.locator(".modal")).to_be_focused()
    return screen.locator(".modal-dialog")


def press_enter_on(element: Locator) -> None:
    """Press Enter, as who has come to an element with the Tab key."""
    element.focus()
    element.page.keyboard.press("Enter")


def cited() -> set[str]:
    return {each.source.title for each in SourceCitation.objects.filter(removed_at=None)}


@WIDTHS
def test_sources_of_the_page_and_of_the_library_are_chosen_by_keyboard(
    open_browser: Any, writer: Any, page: MonographPage, width: int
) -> None:
    revisions = Revision.objects.count()
    screen = open_editor(open_browser, writer, page, width)
    expect(fold(screen)).to_contain_text("0 of 1 cite a label or source")
    press_enter_on(fold(screen).locator(":scope > summary"))
    screen.keyboard.press("Tab")
    expect(fold(screen).locator("[data-passages-open]")).to_be_focused()
    screen.keyboard.press("Enter")
    expect(picker(screen).get_by_role("button", name=LISTED)).to_be_focused()
    no_wider(screen, picker(screen))
    picture(screen, f"statement-picker-{width}")
    assert grave(screen, ".passages") == []
    screen.keyboard.press("Enter")
    expect(picker(screen)).to_be_hidden()
    expect(fold(screen)).to_contain_text("1 of 1 cite a label or source")
    expect(opener(screen)).to_be_focused()

    screen.keyboard.press("Enter")
    expect(library_button(screen)).to_be_focused()
    screen.keyboard.press("Enter")
    modal = chooser(screen)
    search = modal.get_by_placeholder("Title, publisher")
    search.focus()
    screen.keyboard.type("enzymes")
    expect(modal.get_by_role("link", name="Myeloma guideline")).to_have_count(0)
    press_enter_on(modal.get_by_role("link", name="Enzymes of cancer cells"))
    expect(fold(screen)).to_contain_text("Enzymes of cancer cells")
    expect(opener(screen)).to_be_focused()
    no_wider(screen, fold(screen))
    picture(screen, f"statement-cites-{width}")
    assert grave(screen, "[data-editor-annotations=how_it_works]") == []
    assert cited() == {"Myeloma guideline", "Enzymes of cancer cells"}
    press_enter_on(fold(screen).get_by_role("button", name="Remove “Enzymes of cancer cells”"))
    expect(fold(screen)).not_to_contain_text("Enzymes of cancer cells")
    assert cited() == {"Myeloma guideline"}
    assert Revision.objects.count() == revisions, "nothing is put into the text"


@WIDTHS
def test_a_source_is_added_at_a_statement_and_then_named_in_its_section(
    open_browser: Any, writer: Any, page: MonographPage, width: int
) -> None:
    screen = open_editor(open_browser, writer, page, width)
    press_enter_on(fold(screen).locator(":scope > summary"))
    press_enter_on(fold(screen).locator("[data-passages-open]"))
    expect(library_button(screen)).to_be_visible()
    press_enter_on(library_button(screen))
    modal = chooser(screen)
    form = modal.locator("#tab-create")
    press_enter_on(modal.get_by_role("tab", name="Add a source"))
    form.locator("input[name$=title]").focus()
    screen.keyboard.type("A paper of this year")
    form.locator("select[name$=kind]").select_option("paper")
    press_enter_on(form.get_by_role("button", name="Add to the library"))
    expect(fold(screen)).to_contain_text("A paper of this year")
    expect(opener(screen)).to_be_focused()
    expect(fold(screen)).to_contain_text("The section does not name it, so patients do not read it.")
    assert cited() == {"A paper of this year"}
    assert references(screen).input_value() == "label"
    name = fold(screen).get_by_role("button", name="Name “A paper of this year” in this section")
    press_enter_on(name)
    expect(references(screen)).to_have_value("label, a")
    wait_for_findings(screen)
    expect(name).to_have_count(0)
    expect(fold(screen)).not_to_contain_text("so patients do not read it")


@WIDTHS
def test_a_reviewer_sees_what_a_statement_rests_on(
    open_browser: Any, writer: Any, reviewer: Any, page: MonographPage, width: int
) -> None:
    screen = open_editor(open_browser, writer, page, PHONE)
    fold(screen).locator(":scope > summary").click()
    fold(screen).locator("[data-passages-open]").click()
    screen.get_by_role("button", name=LISTED).click()
    expect(fold(screen)).to_contain_text("1 of 1 cite a label or source")
    newer = add_source("Myeloma guideline of 2026", by=writer)
    change_source(LibrarySource.objects.get(title="Myeloma guideline"), writer, superseded_by=newer)
    submission = submit(page, writer)
    screen = open_browser(reviewer, width=width).page
    screen.goto(f"/admin/review/{submission.pk}/")
    cited = screen.locator("#section-how_it_works .review-citations")
    expect(cited).to_contain_text("1 statement rests on a label or source; 1 on a source to look at again")
    expect(cited.get_by_role("link", name="Myeloma guideline", exact=True)).to_have_attribute("href", ADDRESS)
    expect(cited).to_contain_text("It is superseded by “Myeloma guideline of 2026 (NCCN)”.")
    cited.scroll_into_view_if_needed()
    picture(screen, f"statement-review-{width}")
    no_wider(screen, cited)
    assert grave(screen, ".review-citations") == []
