"""Remarks undone, and left-out words taken in."""

import pytest

from monographs.document import SectionType
from monographs.imports.parsed_text import (
    ListItem,
    Markup,
    ParsedList,
    ParsedMonograph,
    ParsedParagraph,
    ParsedTable,
    all_remarks,
)
from monographs.imports.placement import Choices, apply_choices, placed_blocks
from monographs.imports.remark_choices import can_choose, merged, not_undone, with_choices
from monographs.imports.remarks import Remark, RemarkKind

CHANGED, OMITTED, UNSURE = RemarkKind.CHANGED, RemarkKind.OMITTED, RemarkKind.UNSURE


def changed(quote: str, result: str, undone: str) -> Remark:
    return Remark(CHANGED, "Changed.", quote, result, undone)


@pytest.mark.parametrize(
    ("text", "versions", "result", "skipped"),
    [
        ("12 tablets", ["1-2 tablets"], "1-2 tablets", []),
        ("12 tablets of 5 mg", ["1-2 tablets of 5 mg", "12 tablets of 50 mg"], "1-2 tablets of 50 mg", []),
        ("Take 5 mg.", ["Take 5 mg.", "Take 5 mg daily."], "Take 5 mg daily.", []),
        ("a b c", ["x b c", "a b z", "a y c"], "x y z", []),
        ("one", ["two", "three"], "two", [1]),
        ("12 mg", ["1-2 mg", "1/2 mg"], "1-2 mg", [1]),
        ("10<sup>8</sup>", ["108"], "108", []),
        ("same", [], "same", []),
    ],
)
def test_several_changes_are_undone_together(text, versions, result, skipped):
    assert merged(text, versions) == (result, skipped)


def test_a_change_that_stands_in_anothers_way_is_said():
    remarks = [changed("1-2", "12", "1-2 mg"), changed("1/2", "12", "1/2 mg")]
    assert not_undone(ParsedParagraph("12 mg", remarks=remarks), {0, 1}) == {1}
    assert not_undone(ParsedParagraph("12 mg", remarks=remarks), {1}) == frozenset()


def test_only_the_chosen_change_is_undone_and_the_parsed_text_stays():
    block = ParsedParagraph(
        "12 tablets of 5 mg",
        remarks=[
            changed("1-2", "12", "1-2 tablets of 5 mg"),
            changed("50 mg", "5 mg", "12 tablets of 50 mg"),
        ],
    )
    [undone] = with_choices(block, {1}, Markup.PLAIN)
    assert undone.text == "12 tablets of 50 mg"
    assert [remark.quote for remark in undone.remarks] == ["1-2"], "what was undone is no remark any more"
    assert with_choices(block, {0, 1}, Markup.PLAIN)[0].text == "1-2 tablets of 50 mg"
    assert block.text == "12 tablets of 5 mg"


def test_a_change_in_a_list_and_in_a_cell_is_undone_where_it_was():
    listing = ParsedList(
        [ListItem("Day 1: 5 mg"), ListItem("Day 2: 12 mg")],
        remarks=[changed("1-2 mg", "12 mg", "Day 2: 1-2 mg")],
    )
    [undone] = with_choices(listing, {0}, Markup.PLAIN)
    assert [item.text for item in undone.items] == ["Day 1: 5 mg", "Day 2: 1-2 mg"]
    table = ParsedTable(
        [["Day", "Dose"], ["1", "5 mg"], ["2", "12 mg"]], remarks=[changed("1-2 mg", "12 mg", "1-2 mg")]
    )
    [cells] = with_choices(table, {0}, Markup.PLAIN)
    assert cells.rows == [["Day", "Dose"], ["1", "5 mg"], ["2", "1-2 mg"]]


@pytest.mark.parametrize("markup", [Markup.PLAIN, Markup.HTML])
def test_words_left_out_of_a_block_are_taken_in_below_it(markup):
    remark = Remark(OMITTED, "Struck words were left out.", "Take <50 mg.")
    assert can_choose(remark)
    block = ParsedParagraph("Take 5 mg.", remarks=[remark])
    texts = [b.text for b in with_choices(block, {0}, markup)]
    assert texts == ["Take 5 mg.", "Take &lt;50 mg." if markup is Markup.HTML else "Take <50 mg."]


def test_nothing_can_be_chosen_where_there_is_nothing_to_undo():
    assert not can_choose(Remark(UNSURE, "It may be a heading.", "Dose"))
    assert not can_choose(Remark(CHANGED, "Changed.", "a", "b"))


def test_words_of_no_block_can_be_placed():
    parsed = ParsedMonograph(
        name="testumab",
        sections={SectionType.HOW_IT_WORKS: [ParsedParagraph("Well.")]},
        remarks=[Remark(OMITTED, "The words of a picture.", "Keep cold."), Remark(UNSURE, "Check.", "x")],
    )
    [_, words] = placed_blocks(parsed)
    assert (words.place, words.reason) == ("", "The words of a picture.")
    assert apply_choices(parsed, Choices()).sections == parsed.sections
    moved = apply_choices(parsed, Choices(places={words.number: "how_it_works"}))
    assert [b.text for b in moved.sections[SectionType.HOW_IT_WORKS]] == ["Well.", "Keep cold."]
    assert [remark.message for remark in all_remarks(moved)] == ["Check."]
