"""The house rules in tables: each cell is a text of its own, and every rule sees it."""

import pytest

from monographs.document import SectionType
from monographs.document.parts import Table
from monographs.rules.document_check import check_document
from monographs.rules.text_index import PassageKind, TextIndex
from tests.rules.documents import effects, monograph, section

HEADER = ("Day", "Dose")


def table(*rows: tuple[str, ...], header: tuple[str, ...] = HEADER, caption: str = "How much") -> Table:
    return Table(caption=caption, header=header, rows=rows)


def rules_broken(part: Table, kind: SectionType = SectionType.HOW_IT_IS_ADMINISTERED) -> set[tuple[str, str]]:
    """The rules that are broken in a table, with their places."""
    parts = (part, effects()) if kind is SectionType.COMMON_SIDE_EFFECTS else (part,)
    document = monograph(sections=(section(kind, *parts),))
    return {(found.rule, found.place) for found in check_document(document)}


CELLS = {
    "5.0 mg": "trailing-zero",
    ".5 mg": "naked-decimal",
    "10 IU": "unsafe-units",
    "5mg": "number-touches-unit",
    "1 tablet BID": "latin-directions",
    "100000 units": "number-without-commas",
}


@pytest.mark.parametrize("cell", CELLS)
def test_a_rule_on_doses_looks_into_cells(cell: str) -> None:
    place = "How it is administered: How much, row 3, column 2"
    assert (CELLS[cell], place) in rules_broken(table(("1", "5 mg"), ("2", cell)))


def test_a_rule_looks_into_header_cells_and_the_caption() -> None:
    assert ("unsafe-units", "How it is administered: How much, row 1, column 2") in rules_broken(
        table(("1", "5 mg"), header=("Day", "Dose in IU"))
    )
    assert ("trailing-zero", "How it is administered") in rules_broken(table(("1", "5 mg"), caption="5.0 mg"))


def test_how_often_an_effect_is_seen_is_no_free_text_in_a_cell() -> None:
    found = rules_broken(table(("Fever", "62%"), ("Rash", "Rarely")), SectionType.COMMON_SIDE_EFFECTS)
    place = "Common side effects: How much, row {}, column 2"
    assert ("frequency-number", place.format(2)) in found
    assert ("frequency-word", place.format(3)) in found


def test_a_link_in_a_cell_is_checked() -> None:
    index = TextIndex(
        monograph(
            sections=(
                section(
                    SectionType.HOW_IT_WORKS,
                    table(("1", '<a href="http://example.org/">here</a>')),
                ),
            )
        )
    )
    assert any(link.address == "http://example.org/" and "row 2" in link.place for link in index.links)


def test_no_two_cells_are_one_text() -> None:
    rows = (("1", "0 mg"), ("Take it", "with food and water"))
    index = TextIndex(monograph(sections=(section(SectionType.HOW_IT_WORKS, table(*rows)),)))
    texts = [passage.text for passage in index.passages if passage.cell]
    assert texts == [*HEADER, "1", "0 mg", "Take it", "with food and water"]


def test_short_entries_are_no_sentences_and_sentences_are() -> None:
    rows = (("0.5 mg", "Take it with food."), ("1 mg", "Take it as soon as you can get up"))
    index = TextIndex(monograph(sections=(section(SectionType.HOW_IT_WORKS, table(*rows)),)))
    kinds = {passage.text: passage.kind for passage in index.passages if passage.cell}
    assert kinds["0.5 mg"] is kinds["Dose"] is PassageKind.LABEL
    assert kinds["Take it with food."] is kinds["Take it as soon as you can get up"] is PassageKind.ITEM


def test_lines_of_a_cell_are_texts_of_their_own() -> None:
    index = TextIndex(monograph(sections=(section(SectionType.HOW_IT_WORKS, table(("1<br>0 mg", ""))),)))
    assert {"1", "0 mg"} <= {passage.text for passage in index.passages}
