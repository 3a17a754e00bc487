"""Tables of a file arrive in table blocks, or row by row where no table can be; no two cells become one."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monographs.blocks.parts import ContentBlock
from monographs.blocks.resolve_context import ResolveContext
from monographs.document import SectionType
from monographs.document.html import plain_text, sanitise
from monographs.document.parts import Table, Text
from monographs.imports.parsed_text import (
    Markup,
    ParsedList,
    ParsedMonograph,
    ParsedParagraph,
    ParsedTable,
)
from monographs.imports.rich_text import as_html
from monographs.imports.section_values import section_values

DOSES = ParsedTable([["Dose", "How often"], ["0.5", "1"], ["1", "52"]], caption="How much")
BEFORE, AFTER = ParsedParagraph("Take it like this."), ParsedParagraph("Drink water.")
ADMINISTERED = SectionType.HOW_IT_IS_ADMINISTERED


def content_of(*blocks: Any, markup: Markup = Markup.PLAIN) -> list[dict[str, Any]]:
    parsed = ParsedMonograph("testumab", sections={ADMINISTERED: list(blocks)}, markup=markup)
    content: list[dict[str, Any]] = section_values(parsed)[ADMINISTERED]["content"]
    return content


def parts_of(*blocks: Any, markup: Markup = Markup.PLAIN) -> list[Any]:
    block = ContentBlock()
    return block.to_parts(block.to_python(content_of(*blocks, markup=markup)), ResolveContext())


def test_a_table_stands_between_the_texts_around_it() -> None:
    assert parts_of(BEFORE, DOSES, AFTER) == [
        Text(html="<p>Take it like this.</p>"),
        Table(caption="How much", header=("Dose", "How often"), rows=(("0.5", "1"), ("1", "52"))),
        Text(html="<p>Drink water.</p>"),
    ]


def test_raised_digits_and_links_of_a_cell_are_kept() -> None:
    table = ParsedTable([["Cells"], ['2 × 10<sup>8</sup> <a href="https://example.org/">x</a>']])
    (part,) = parts_of(table, markup=Markup.HTML)
    assert part.rows == (('2 × 10<sup>8</sup> <a href="https://example.org/">x</a>',),)


def test_signs_of_a_plain_text_are_no_markup_in_a_cell() -> None:
    (part,) = parts_of(ParsedTable([["Dose"], ["<5 mg & 2*10 mg"]]))
    assert part.rows == (("&lt;5 mg &amp; 2*10 mg",),)


def test_two_tables_after_one_another_stay_two() -> None:
    assert [type(part) for part in parts_of(DOSES, DOSES)] == [Table, Table]


def test_a_table_without_names_says_so() -> None:
    table = ParsedTable([["Where", "At home"], ["When", "At night"]], header_row=False, row_headers=True)
    (part,) = parts_of(table)
    assert (part.header, part.row_headers) == ((), True)
    assert part.rows == (("Where", "At home"), ("When", "At night"))


WIDE = ParsedTable([[f"Name {n}" for n in range(8)], [str(n) for n in range(8)]])


@pytest.mark.parametrize("table", [WIDE, ParsedTable([["Only names", "no rows"]])])
def test_what_is_no_table_block_stays_text_with_its_cells_apart(table: ParsedTable) -> None:
    (part,) = parts_of(table)
    assert isinstance(part, Text)
    words = plain_text(part.html)
    assert all(cell in re.split("; |: ", words) for row in table.rows for cell in row)


def test_the_introduction_of_serious_effects_lists_the_rows() -> None:
    parsed = ParsedMonograph("testumab", serious=[BEFORE, DOSES])
    value = section_values(parsed)[SectionType.COMMON_SIDE_EFFECTS]
    assert value["serious"]["introduction"] == (
        "<p>Take it like this.</p><p>How much</p>"
        "<ul><li>Dose: 0.5; How often: 1</li><li>Dose: 1; How often: 52</li></ul>"
    )


cells = st.sampled_from(["Dose", "1", "0 mg", "0.5 ", "1 / 52", "10", "", "Day", "5"])


@given(
    st.integers(1, 8).flatmap(
        lambda width: st.lists(st.lists(cells, min_size=width, max_size=width), min_size=1, max_size=5)
    ),
    st.booleans(),
    st.booleans(),
)
@settings(deadline=None)
def test_no_two_cells_read_as_one(rows: list[list[str]], header_row: bool, row_headers: bool) -> None:
    table = ParsedTable(rows, header_row=header_row, row_headers=row_headers)
    given_cells = {cell.strip() for row in rows for cell in row if cell.strip()}
    for part in parts_of(BEFORE, table, AFTER):
        if isinstance(part, Table):
            assert {plain_text(cell) for cell in part.cells} - {""} <= given_cells
    html = sanitise(as_html([ParsedList([]), table], markup=Markup.PLAIN))
    items = re.findall("<li>(.*?)</li>", html)
    assert {cell.strip() for item in items for cell in re.split("; |: ", item)} - {""} <= given_cells
