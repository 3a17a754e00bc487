"""The table block: its stored value, what it becomes, and what it refuses at which cell."""

from typing import Any

import pytest
from wagtail.blocks import StructBlockValidationError

from monographs.blocks.parts import ContentBlock
from monographs.blocks.resolve_context import ResolveContext
from monographs.blocks.tables import (
    MAX_CELL_LENGTH,
    MAX_TABLE_ROWS,
    TableBlock,
    table_value,
)
from monographs.document.parts import MAX_TABLE_COLUMNS, Part, Table
from monographs.rules.block_errors import block_errors

DOSES = [["Day", "Dose"], ["1", "0.5 mg"], ["2 to 7", "2 × 10<sup>8</sup> cells"]]
CAPTION = "How much"


def parts_of(value: dict[str, Any]) -> list[Part]:
    block = TableBlock()
    return block.to_parts(block.to_python(value), ResolveContext())


def test_a_table_value_becomes_a_table_part() -> None:
    assert parts_of(table_value(DOSES, caption=CAPTION, row_headers=True)) == [
        Table(
            caption=CAPTION,
            header=("Day", "Dose"),
            row_headers=True,
            rows=(("1", "0.5 mg"), ("2 to 7", "2 × 10<sup>8</sup> cells")),
        )
    ]


def test_short_rows_are_filled_up_and_nothing_is_lost() -> None:
    (part,) = parts_of(table_value([["a", "b", "c"], ["1"], ["x", "y"]], header_row=False))
    assert isinstance(part, Table)
    assert part.rows == (("a", "b", "c"), ("1", "", ""), ("x", "y", ""))
    assert part.header == ()


def test_paragraphs_of_a_cell_become_lines_and_stay_apart() -> None:
    value = table_value([["Dose"], ["</p><p>1</p><p>0 mg"]])
    (part,) = parts_of(value)
    assert isinstance(part, Table)
    assert part.rows == (("1<br>0 mg",),)


@pytest.mark.parametrize(
    "value",
    [
        table_value([]),
        table_value([["", ""], ["", ""]]),
        table_value([["Day", "Dose"]]),
        table_value([["Day", "Dose"], ["", "\u00a0"]]),
    ],
)
def test_a_table_without_rows_is_not_shown(value: dict[str, Any]) -> None:
    assert parts_of(value) == []


def test_an_unfinished_table_shows_what_is_there() -> None:
    (part,) = parts_of(table_value([["Day", ""], ["1", "0.5 mg"], ["", ""]]))
    assert isinstance(part, Table)
    assert (part.caption, part.header, part.rows) == ("", ("Day", ""), (("1", "0.5 mg"),))


def test_a_stored_row_with_too_few_cells_is_filled_up() -> None:
    value = table_value(DOSES)
    value["cells"]["rows"][1]["values"].pop()
    (part,) = parts_of(value)
    assert isinstance(part, Table)
    assert part.rows[0] == ("1", "")


LONG = "a" * (MAX_CELL_LENGTH + 1)
FAULTS: dict[str, tuple[dict[str, Any], list[tuple[str, str]]]] = {
    "no caption": (table_value(DOSES), [("Table: Caption", "This must be filled in.")]),
    "nothing names anything": (
        table_value(DOSES, caption=CAPTION, header_row=False),
        [("Table: The first row names the columns", "Let the first row name the columns")],
    ),
    "a column without a name": (
        table_value([["Day", ""], ["1", "0.5 mg"]], caption=CAPTION),
        [("Table: Cells: Row 1, column 2", "Name this column")],
    ),
    "a row without a name": (
        table_value([*DOSES, ["", "1 mg"]], caption=CAPTION, row_headers=True),
        [("Table: Cells: Row 4, column 1", "Name this row")],
    ),
    "an empty row": (
        table_value([*DOSES, ["", ""]], caption=CAPTION),
        [("Table: Cells: Row 4, column 1", "This row is empty")],
    ),
    "an empty column": (
        table_value([["Day", ""], ["1", ""]], caption=CAPTION),
        [("Table: Cells: Row 1, column 2", "This column is empty")],
    ),
    "a long cell": (
        table_value([["Day", "Dose"], ["1", LONG]], caption=CAPTION),
        [("Table: Cells: Row 2, column 2", "This cell has 401 characters; at most 400")],
    ),
    "nothing below the names": (
        table_value([["Day", "Dose"]], caption=CAPTION),
        [("Table: Cells", "Write the rows of the table, or delete it.")],
    ),
    "no cells": (table_value([], caption=CAPTION), [("Table: Cells", "Write the rows")]),
    "too many columns": (
        table_value([["a"] * (MAX_TABLE_COLUMNS + 1)] * 2, caption=CAPTION),
        [("Table: Cells", "The table has 7 columns; more than 6 cannot be read on a phone.")],
    ),
    "too many rows": (
        table_value([["a"]] * (MAX_TABLE_ROWS + 1), caption=CAPTION),
        [("Table: Cells", "The table has 41 rows; at most 40 are allowed.")],
    ),
    "two things": (
        table_value([["Day", ""], ["1", "0.5 mg"]]),
        [
            ("Table: Caption", "This must be filled in."),
            ("Table: Cells: Row 1, column 2", "Name this column"),
        ],
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_is_wrong_is_said_at_its_place(name: str) -> None:
    value, expected = FAULTS[name]
    stream = ContentBlock().to_python([{"type": "table", "value": value}])
    found = sorted((error.place, error.message) for error in block_errors(stream, "body"))
    assert [place for place, _ in found] == [place for place, _ in expected]
    assert all(message.startswith(words) for (_, message), (_, words) in zip(found, expected, strict=True))


def test_a_good_table_has_no_errors() -> None:
    value = table_value(DOSES, caption=CAPTION, row_headers=True)
    stream = ContentBlock().to_python([{"type": "table", "value": value}])
    assert list(block_errors(stream, "body")) == []


@pytest.mark.parametrize("name", FAULTS)
def test_a_draft_may_be_unfinished(name: str) -> None:
    block = TableBlock()
    value = block.to_python(FAULTS[name][0])
    with pytest.raises(StructBlockValidationError):
        block.clean(value)
    block.clean_deferred(value)


def test_the_errors_reach_the_editor_by_row_and_column() -> None:
    block = TableBlock()
    with pytest.raises(StructBlockValidationError) as raised:
        block.clean(block.to_python(FAULTS["two things"][0]))
    errors = raised.value.as_json_data()["blockErrors"]
    assert list(errors) == ["caption", "cells"]
    (message,) = errors["cells"]["blockErrors"][0][1]["messages"]
    assert "Name this column" in message
