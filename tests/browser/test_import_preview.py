"""The preview of an import in a browser: a choice shows at once, and everything fits a phone."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from monographs.models import MonographPage
from tests.browser.admin_pages import PATIENCE, grave
from tests.factories import make_monograph, make_user
from tests.imports.word_files import new_document, word_bytes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.extended]

WIDTHS = (360, 768, 1280)
#: Wagtail scrolls its main area, so a whole screen is in the picture only if it fits.
HEIGHT = 4200


def page_with_everything() -> bytes:
    """A Word file with struck words, a dose table, side effects with how often, and references."""
    document = new_document()
    document.add_paragraph("vexarubicin (liposomal) (Lipovexa)")
    document.add_paragraph("How it is administered")
    paragraph = document.add_paragraph("A nurse gives it through a drip. ")
    paragraph.add_run("Take 50 mg.").font.strike = True
    table = document.add_table(rows=3, cols=3)
    for row, cells in zip(
        table.rows,
        (("Day", "Dose", "How long"), ("1", "0.5 mg", "1 hour"), ("2", "1 mg", "2 hours")),
        strict=True,
    ):
        for cell, words in zip(row.cells, cells, strict=True):
            cell.text = words
    document.add_paragraph("How it works")
    document.add_paragraph("It finds sick cells [1].")
    document.add_paragraph("Common side effects")
    for words in ("• Fever (very common)", "• Tiredness – affects up to 1 in 10", "• Rash (62%)"):
        document.add_paragraph(words)
    document.add_paragraph("Serious side effects")
    for words in ("• Chest pain: call 911.", "• Fever – 38 °C or more. Call your care team day or night."):
        document.add_paragraph(words)
    document.add_paragraph("Commonly tested with")
    document.add_paragraph("It was tried with demozide.")
    document.add_paragraph("References")
    for words in ("• Lipovexa label, https://example.org/label", "• Trial of vexarubicin, 2020"):
        document.add_paragraph(words)
    return word_bytes(document)  # fmt: skip


def open_preview(browser: Any, files: list[dict[str, Any]]) -> Page:
    page: Page = browser.page
    page.goto("/admin/import/")
    page.set_input_files("input[type=file]", files)
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("heading", name="Preview")).to_be_visible(timeout=PATIENCE)
    return page


def take(page: Page, name: str) -> None:
    """Take a picture where a folder for them is given."""
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


#: As the person's own choice of a theme does.
_CHOOSE_THEME = """(theme) => {
    const { classList } = document.documentElement;
    classList.remove("w-theme-system", "w-theme-light", "w-theme-dark");
    classList.add(`w-theme-${theme}`);
}"""


def check_screen(page: Page, name: str, subtests: pytest.Subtests) -> None:
    """In both themes nothing is grave for axe, and at each width nothing is beside the screen."""
    for theme in ("light", "dark"):
        page.evaluate(_CHOOSE_THEME, theme)
        for width in WIDTHS:
            with subtests.test(name, theme=theme, width=width):
                page.set_viewport_size({"width": width, "height": HEIGHT})
                assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
                take(page, f"{name}-{theme}-{width}")
        with subtests.test(name, theme=theme):
            assert grave(page) == []


def test_the_preview_of_an_import(open_browser, site, subtests):
    writer = make_user("writer", "Medical writers")
    make_monograph("vexarubicin", by=make_user("writer2", "Medical writers"), brand_names=["Vexa"])
    User.objects.filter(pk=writer.pk).update(last_name="Tester")
    browser = open_browser(writer)
    page = open_preview(
        browser,
        [
            {
                "name": "vexarubicin-all.docx",
                "mimeType": "application/octet-stream",
                "buffer": page_with_everything(),
            }
        ],
    )
    expect(page.get_by_text("No page is called “vexarubicin (liposomal)”")).to_be_visible()
    check_screen(page, "preview", subtests)

    page.get_by_label("Make a new medicine called vexarubicin (liposomal)").check()
    expect(page.get_by_text("Nothing can be saved before you choose.")).to_have_count(0, timeout=PATIENCE)
    words = page.get_by_label("Take these words in").first
    words.focus()
    page.keyboard.press("Space")
    expect(page.locator(".import-block__text", has_text="Take 50 mg.")).to_have_count(1, timeout=PATIENCE)
    expect(page.get_by_label("Take these words in").first).to_be_checked()
    expect(page.get_by_label("Take these words in").first).to_be_focused()
    page.get_by_role("button", name="Accept all 3 offers").click()
    expect(page.locator(".import-offer--accepted")).to_have_count(3, timeout=PATIENCE)
    check_screen(page, "preview-chosen", subtests)
    page.get_by_role("button", name="Create draft").click()
    page.wait_for_url("**/edit/**", timeout=PATIENCE)
    draft = MonographPage.objects.get(title="vexarubicin (liposomal)").get_latest_revision_as_object()
    document = draft.to_document()
    page.goto(f"/admin/import/origin/{draft.translation_key}/")
    check_screen(page, "origin", subtests)
    assert [source.title for source in document.sources] == ["Lipovexa label", "Trial of vexarubicin, 2020"]
    assert "Take 50 mg." in str(document.model_dump())
