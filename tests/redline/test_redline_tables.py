"""Tables are compared cell by cell: each side is a table again, and each change stands in its cell."""

import re
from html import unescape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monographs.document.parts import Part, Table, Text
from monographs.redline import LINE_BREAK, Line, Op, SectionRedline, redline
from monographs.redline.correction import reasons_against_correction
from tests.redline.mutations import edit_table, tables
from tests.redline.notation import compared, monograph
from tests.redline.test_nothing_hidden import many

HEADER = ("Day", "Dose")
DOSES = (("1", "0.5 mg"), ("2", "1 mg"), ("3", "2 mg"))


def table(*rows: tuple[str, ...], header: tuple[str, ...] = HEADER, **fields: Any) -> Table:
    return Table(**{"caption": "How much", "row_headers": True, **fields}, header=header, rows=rows)


def section_of(old: Part, new: Part) -> SectionRedline:
    found = redline(monograph(old), monograph(new))
    return next(section for section in found.sections if section.anchor == "how_it_works")


def side(section: SectionRedline, without: Op, number: int = 1) -> list[list[str]]:
    """The rows of one side of a table of a redline: the other side's lines and words left out."""
    rows: dict[int, list[str]] = {}
    for line in section.lines:
        if line.cell and line.cell.table == number and line.op is not without:
            rows.setdefault(line.cell.row, []).append(line.text(without))
    return list(rows.values())


def texts_of(table: Table) -> list[list[str]]:
    """The rows of a table, read without the code of redlines."""
    return [
        [unescape(re.sub("<[^>]*>", "", cell.replace("<br>", LINE_BREAK))) for cell in row]
        for row in table.all_rows
    ]


def assert_both_complete(section: SectionRedline, old: Table, new: Table) -> None:
    """Each side is the table of that text; one that is not there has no cells."""
    numbers = sorted({line.cell.table for line in section.lines if line.cell})
    for without, expected in ((Op.INSERTED, old), (Op.DELETED, new)):
        found = [rows for number in numbers if (rows := side(section, without, number))]
        assert found == ([texts_of(expected)] if expected.cells else [])


@given(tables, st.data())
@many
def test_each_side_of_a_redline_is_that_table(old: Table, data: Any) -> None:
    new = old
    for _ in range(data.draw(st.integers(0, 4))):
        new = edit_table(data.draw, new)
    section = section_of(old, new)
    assert_both_complete(section, old, new)
    assert (old == new) == (not section.changed)


@given(tables, tables)
@many
def test_two_unrelated_tables_are_both_complete(old: Table, new: Table) -> None:
    assert_both_complete(section_of(old, new), old, new)


EDITS = {
    "a number in a cell": (
        table(("1", "5 mg"), *DOSES[1:]),
        "[-0.5 mg-]{+5 mg+}",
        "NUMBER",
    ),
    "a number without its unit, which is in the header": (
        table(("1", "5 mg"), ("2", "10 mg"), DOSES[2]),
        "[-0.5 mg-]{+5 mg+} | [-1 mg-]{+10 mg+}",
        "NUMBER",
    ),
    "a unit in the header": (
        table(*DOSES, header=("Day", "Dose in mg")),
        "Dose{+ in mg+}",
        "",
    ),
    "a row added": (
        table(DOSES[0], DOSES[1], ("2a", "1 mg"), DOSES[2]),
        "{+2a+} | {+1 mg+}",
        "NUMBER ROW_ADDED",
    ),
    "a row removed": (table(DOSES[0], DOSES[2]), "[-2-] | [-1 mg-]", "NUMBER ROW_REMOVED"),
    "a row moved": (
        table(DOSES[1], DOSES[2], DOSES[0]),
        "↓1 [-1-] | ↓1 [-0.5 mg-] | ↑1 {+1+} | ↑1 {+0.5 mg+}",
        "MOVED",
    ),
    "a column added": (
        table(("1", "0.5 mg", "a"), ("2", "1 mg", "b"), ("3", "2 mg", ""), header=("Day", "Dose", "Why")),
        "{+Why+} | {+a+} | {+b+} | ",
        "COLUMN_ADDED",
    ),
    "a column removed": (
        table(("1",), ("2",), ("3",), header=("Day",)),
        "[-Dose-] | [-0.5 mg-] | [-1 mg-] | [-2 mg-]",
        "NUMBER COLUMN_REMOVED",
    ),
    "the caption": (table(*DOSES, caption="How much a day"), "Table: How much{+ a day+}", ""),
    "the names of rows": (
        table(*DOSES, row_headers=False),
        "The first column names the rows: [-yes-]"
        " | (Table How much → Table How much · Row 1 · Column Day) 1"
        " | (Table How much → Table How much · Row 2 · Column Day) 2"
        " | (Table How much → Table How much · Row 3 · Column Day) 3",
        "FORMAT",
    ),
    "two columns that changed places": (
        table(*((dose, day) for day, dose in DOSES), header=("Dose", "Day"), row_headers=True),
        "",
        "MOVED FORMAT",
    ),
}


@pytest.mark.parametrize("name", EDITS)
def test_a_change_is_shown_in_its_cell(name: str) -> None:
    new, notation, flags = EDITS[name]
    found = compared(monograph(table(*DOSES)), monograph(new))
    assert (found[0] if notation else "", found[1]) == (notation, flags)


def changed_lines(old: Part, new: Part) -> list[Line]:
    return [line for line in section_of(old, new).lines if line.changed]


def test_a_changed_cell_stands_under_the_names_of_its_row_and_column() -> None:
    (line,) = changed_lines(table(*DOSES), table(DOSES[0], ("2", "10 mg"), DOSES[2]))
    assert [str(place) for place in line.places] == ["Table How much", "Row 2", "Column Dose"]


def test_columns_that_changed_places_are_moved_and_not_rewritten() -> None:
    swapped = table(*((dose, day) for day, dose in DOSES), header=("Dose", "Day"), row_headers=False)
    lines = changed_lines(table(*DOSES, row_headers=False), swapped)
    assert {line.op for line in lines if line.move} == {Op.DELETED, Op.INSERTED}
    assert all(run.moved for line in lines for run in line.runs)


def test_a_raised_number_that_is_no_longer_raised_is_flagged() -> None:
    old, new = table(("1", "10<sup>8</sup> cells")), table(("1", "108 cells"))
    assert compared(monograph(old), monograph(new)) == ("10⟨sup→plain: 8⟩ cells", "NUMBER FORMAT")


def test_a_table_made_of_a_text_is_new_and_the_text_is_gone() -> None:
    lines = changed_lines(Text(html="<p>Day 1: 0.5 mg</p>"), table(*DOSES))
    assert lines[0].op is Op.DELETED
    assert all(line.op is Op.INSERTED for line in lines[1:])


def test_a_row_and_a_paragraph_that_moved_have_different_numbers() -> None:
    first, second = Text(html="<p>Take it in the morning with water.</p>"), Text(html="<p>Rest after it.</p>")
    other = Text(html="<p>Call us before you drive a car.</p>")
    old = monograph(first, second, other, table(*DOSES))
    new = monograph(second, other, first, table(DOSES[1], DOSES[2], DOSES[0]))
    moves = {line.move: line.kind for section in redline(old, new).sections for line in section.lines}
    assert len([move for move in moves if move]) == 2


SUMMARIES = {
    "a row added": "Dose or number changed in How it works (added: 2a); also row added to a table.",
    "a column added": "Column added to a table in How it works.",
}


@pytest.mark.parametrize("name", SUMMARIES)
def test_the_summary_says_that_a_row_or_column_was_added(name: str) -> None:
    found = redline(monograph(table(*DOSES)), monograph(EDITS[name][0]))
    assert found.summary() == SUMMARIES[name]


def test_a_new_table_is_not_said_to_have_new_rows() -> None:
    found = redline(monograph(), monograph(table(*DOSES)))
    assert [flag.name for flag in found.flags] == ["NUMBER"]


REFUSED = {
    "number": (table(("1", "5 mg"), *DOSES[1:]), "a number"),
    "unit": (table(("1", "0.5 mcg"), *DOSES[1:]), "a unit"),
    "header": (table(*DOSES, header=("Week", "Dose")), ""),
    "word": (table(("1", "0.5 mg"), ("2", "1 mg"), ("3", "2 mg at night")), ""),
    "row added": (table(*DOSES, ("4", "2 mg")), "text was added"),
    "row removed": (table(*DOSES[:2]), "text was removed"),
    "rows moved": (table(DOSES[1], DOSES[0], DOSES[2]), "text was moved"),
    "columns moved": (
        table(*((dose, day) for day, dose in DOSES), header=("Dose", "Day")),
        "text was moved",
    ),
    "names of rows": (table(*DOSES, row_headers=False), "the structure of the text changed"),
    "no table": (Text(html="<p>How much: day 1, 0.5 mg; day 2, 1 mg; day 3, 2 mg</p>"), "text was"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_change_of_a_table_is_no_correction(name: str) -> None:
    new, reason = REFUSED[name]
    reasons = reasons_against_correction(monograph(table(*DOSES)), monograph(new))
    assert reasons
    assert any(reason in str(each) for each in reasons)


def test_a_typing_error_in_a_cell_can_be_corrected() -> None:
    old, new = (table(("1", f"0.5 mg in the {word}")) for word in ("mornning", "morning"))
    assert not reasons_against_correction(monograph(old), monograph(new))
