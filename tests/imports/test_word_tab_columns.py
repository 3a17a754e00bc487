"""Rows that were typed in Word with tabs between the cells arrive as a table."""

import pytest

from monographs.imports.parsed_text import ParsedTable
from tests.imports.word_files import paragraph, run
from tests.imports.word_results import blocks, parse, texts

TAB = "<w:r><w:tab/></w:r>"


def row(*cells: str, tabs: int = 1, before: str = "") -> str:
    return paragraph(before + (TAB * tabs).join(run(cell) for cell in cells))


def table(body: str) -> list[list[str]]:
    (found,) = [block for block in blocks(parse(body)) if isinstance(block, ParsedTable)]
    return found.rows


@pytest.mark.parametrize(
    ("body", "rows"),
    [
        (row("Day", "Dose") + row("1", "0.5 mg"), [["Day", "Dose"], ["1", "0.5 mg"]]),
        (row("1", "0 mg") + row("2", "5 mg"), [["1", "0 mg"], ["2", "5 mg"]]),
        (
            row("Day", "Dose", "How") + row("1", "5 mg", "milk") + row("2", "10 mg", "water"),
            [["Day", "Dose", "How"], ["1", "5 mg", "milk"], ["2", "10 mg", "water"]],
        ),
        (row("Day", "Dose", tabs=2) + row("1", "5 mg"), [["Day", "Dose"], ["1", "5 mg"]]),
        (row("Day", "Dose", before=TAB) + row("1", "5 mg", before=TAB), [["Day", "Dose"], ["1", "5 mg"]]),
        (
            row("Day", "Dose") + paragraph(run("1") + TAB + run("5 mg") + TAB),
            [["Day", "Dose"], ["1", "5 mg"]],
        ),
    ],
)
def test_two_rows_with_as_many_tabs_are_a_table(body: str, rows: list[list[str]]) -> None:
    assert table(body) == rows


def test_the_first_row_without_numbers_is_the_header() -> None:
    body = row("Day", "Dose") + row("1", "0.5 mg")
    (found,) = [block for block in blocks(parse(body)) if isinstance(block, ParsedTable)]
    assert found.header_row


@pytest.mark.parametrize(
    "body",
    [
        row("Take 5 mg", "daily"),
        row("Take 5 mg", "daily") + row("Rest", "one", "hour"),
        paragraph(run("•") + TAB + run("Rest")) + paragraph(run("•") + TAB + run("Drink")),
        paragraph(run("1.") + TAB + run("Rest")) + paragraph(run("2.") + TAB + run("Drink")),
    ],
)
def test_other_tabs_make_no_table_and_lose_no_word(body: str) -> None:
    parsed = parse(body)
    assert [block for block in blocks(parsed) if isinstance(block, ParsedTable)] == []
    assert "Rest" not in body or any("Rest" in text for text in texts(parsed))
