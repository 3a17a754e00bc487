"""A writer makes a table in the editor, with keyboard and mouse; patients read it on a phone."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from monographs.blocks.tables import table_value
from monographs.document.parts import ConditionPart, Table
from monographs.models import ConditionPage, MonographIndexPage, MonographPage
from tests.browser.accessibility import grave
from tests.browser.admin_pages import wait_for_findings
from tests.browser.conftest import PATIENCE
from tests.browser.test_editor import open_editor, section
from tests.factories import make_monograph, set_parts

pytestmark = pytest.mark.django_db(transaction=True)

SECTION = "how_it_is_administered"
ROWS = [["Day", "Dose"], ["1", "0.5 mg"], ["2", "1 mg"]]


def with_table(writer: Any, value: dict[str, Any]) -> MonographPage:
    page = make_monograph(by=writer)
    set_parts(page, writer, SECTION, [{"type": "table", "value": value}])
    return page


def cells(screen: Page) -> Locator:
    return section(screen, SECTION).locator(".table-cells .public-DraftEditor-content")


def cell(screen: Page, row: int, column: int) -> Locator:
    return section(screen, SECTION).get_by_role("textbox", name=f"Row {row}, column {column}", exact=True)


def fill(screen: Page, row: int, column: int, words: str) -> None:
    cell(screen, row, column).click()
    screen.keyboard.type(words)


def save(screen: Page) -> None:
    wait_for_findings(screen)
    screen.get_by_role("button", name="Save draft").click()
    expect(screen.locator(".messages")).to_contain_text("has been updated", timeout=PATIENCE)


def saved_table(page: MonographPage) -> Table:
    draft = MonographPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    return next(part for part in draft.to_document().all_parts() if isinstance(part, Table))


@pytest.mark.extended
def test_a_writer_makes_a_table(open_browser: Any, writer: Any) -> None:
    page = with_table(writer, table_value([["", ""], ["", ""]]))
    screen = open_editor(open_browser, writer, page)
    block = section(screen, SECTION)
    expect(cells(screen)).to_have_count(4, timeout=PATIENCE)
    block.locator("input[name$='-caption']").first.fill("How much to take")
    for row, column, words in [(1, 1, "Day"), (1, 2, "Dose"), (2, 1, "1"), (2, 2, "0.5 mg")]:
        fill(screen, row, column, words)
    block.get_by_role("button", name="Add row").click()
    expect(cells(screen)).to_have_count(6)
    fill(screen, 3, 1, "2")
    fill(screen, 3, 2, "1 mg")
    block.get_by_label("The first column names the rows").check()
    save(screen)
    table = saved_table(page)
    assert (table.caption, table.header, table.row_headers) == ("How much to take", ("Day", "Dose"), True)
    assert table.rows == (("1", "0.5 mg"), ("2", "1 mg"))


@pytest.mark.extended
def test_a_table_has_at_most_six_columns_and_focus_is_never_lost(open_browser: Any, writer: Any) -> None:
    screen = open_editor(open_browser, writer, with_table(writer, table_value(ROWS, caption="x")))
    block = section(screen, SECTION)
    expect(cells(screen)).to_have_count(6, timeout=PATIENCE)
    add = block.get_by_role("button", name="Add column")
    wait_for_findings(screen)
    for _ in range(4):
        add.click()
    expect(cells(screen)).to_have_count(18)
    expect(add).to_be_disabled()
    expect(add).to_have_attribute(
        "title", "A table has at most 6 columns, so that it can be read on a phone."
    )
    block.get_by_role("button", name="Delete column 6").press("Enter")
    expect(add).to_be_enabled()
    expect(block.get_by_role("button", name="Delete column 5")).to_be_focused()
    block.get_by_role("button", name="Delete row 3").press("Enter")
    expect(block.get_by_role("button", name="Delete row 2")).to_be_focused()
    expect(cells(screen)).to_have_count(10)


@pytest.mark.extended
def test_what_is_missing_is_said_beside_the_section_and_a_draft_is_saved(
    open_browser: Any, writer: Any
) -> None:
    page = with_table(writer, table_value([["Day", ""], ["1", "0.5 mg"]]))
    screen = open_editor(open_browser, writer, page)
    found = screen.locator(f"[data-editor-annotations={SECTION}] .editor-finding--error")
    expect(found).to_have_count(2, timeout=PATIENCE)
    expect(found.nth(0)).to_contain_text("This must be filled in.")
    expect(found.nth(1)).to_contain_text("Row 1, column 2")
    fill(screen, 1, 2, "Dose")
    save(screen)
    assert saved_table(page).header == ("Day", "Dose")


@pytest.mark.extended
def test_a_raised_digit_survives_a_save(open_browser: Any, writer: Any) -> None:
    rows = [["Cells"], ["2 × 10<sup>8</sup>"]]
    page = with_table(writer, table_value(rows, caption="x"))
    screen = open_editor(open_browser, writer, page)
    expect(cells(screen).nth(1)).to_contain_text("108", timeout=PATIENCE)
    fill(screen, 1, 1, " a day")
    save(screen)
    assert saved_table(page).rows == (("2 × 10<sup>8</sup>",),)


@pytest.mark.extended
def test_the_editor_of_a_table_is_accessible(open_browser: Any, writer: Any) -> None:
    screen = open_editor(open_browser, writer, with_table(writer, table_value(ROWS, caption="x")))
    expect(cell(screen, 3, 2)).to_be_visible(timeout=PATIENCE)
    assert grave(screen, ".table-block") == []


@pytest.mark.extended
def test_a_table_for_one_condition(open_browser: Any, writer: Any) -> None:
    conditions = MonographIndexPage.objects.get(collection="conditions")
    condition = conditions.add_child(instance=ConditionPage(title="Myeloma", slug="myeloma"))
    page = make_monograph(by=writer)
    inner = [{"type": "table", "value": table_value(ROWS, caption="x")}]
    value = {"condition": condition.pk, "content": inner}
    set_parts(page, writer, SECTION, [{"type": "for_condition", "value": value}])
    screen = open_editor(open_browser, writer, page)
    expect(cell(screen, 3, 2)).to_be_visible(timeout=PATIENCE)
    cell(screen, 3, 2).click()
    screen.keyboard.press("End")
    screen.keyboard.type(" a day")
    save(screen)
    draft = MonographPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    (part,) = [part for part in draft.to_document().all_parts() if isinstance(part, ConditionPart)]
    assert isinstance(part.parts[0], Table)
    assert part.parts[0].rows[1] == ("2", "1 mg a day")
