"""Inventories: what counts as a difference between a source and its draft, and what does not."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monographs.document import SectionType
from monographs.imports.draft_inventory import inventory_of
from monographs.imports.html_inventory import HtmlInventory
from monographs.imports.inventory import Difference, DifferenceKind, Inventory, InventoryToken, differences
from monographs.imports.parsed_text import ListItem, Markup, ParsedList, ParsedMonograph, ParsedParagraph
from monographs.imports.remarks import Remark, RemarkKind

K = DifferenceKind
html = HtmlInventory.of
text = Inventory.of_text


def found(source: Inventory, draft: Inventory) -> set[tuple[DifferenceKind, str]]:
    """The differences, as kinds and quotes."""
    return {(one.kind, one.quote) for one in differences(source, draft)}


def tokens(inventory: Inventory) -> list[str]:
    return [entry.token.text for entry in inventory.entries]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Take 0.5 mg, twice.", ["Take", "0.5", "mg", "twice"]),
        ("Take .5 mg", ["Take", ".5", "mg"]),
        ("1,000 cells", ["1,000", "cells"]),
        ("1-2 tablets", ["1", "-", "2", "tablets"]),
        ("1\u20112 tablets", ["1", "-", "2", "tablets"]),
        ("< 5 mg/day", ["<", "5", "mg", "/", "day"]),
        ("2*10", ["2", "*", "10"]),
        ("the patient’s", ["the", "patient's"]),
        ("end.Next", ["end", "Next"]),
        ("CYP3A4", ["CYP3A4"]),
        ("½ tablet", ["½", "tablet"]),
        ("cafe\u0301", ["café"]),
        ("\ufb01rst 5 µg", ["first", "5", "μg"]),
        ("1\u00ad2", ["1", "2"]),
        ("do\u00adsage", ["dosage"]),
        ("\uff11\uff10 mg", ["10", "mg"]),
        ("10⁸", ["10", "8"]),
    ],
)
def test_a_text_is_split_into_tokens(words, expected):
    assert tokens(text(words)) == expected


def test_a_raised_digit_is_a_token_of_its_own():
    assert [e.token for e in html("10<sup>8</sup>").entries][1] == InventoryToken("8", "raised", True)
    assert found(html("10<sup>8</sup>"), text("10⁸")) == set()


@pytest.mark.parametrize(
    ("source", "draft", "expected"),
    [
        ("2 × 10<sup>8</sup> cells", "2 × 108 cells", {(K.MISSING, "10⁸"), (K.NEW, "108"), }),
        ("H<sub>2</sub>O", "H2O", {(K.MISSING, "H₂O"), (K.NEW, "H2O")}),
        ("10<sup>8</sup>", "10<sub>8</sub>", {(K.MISSING, "⁸"), (K.NEW, "₈")}),
        ("10<sup>8</sup>", "10 <sup>8</sup>", {(K.MISSING, "⁸"), (K.NEW, "⁸")}),
        ("<td>1</td><td>0 mg</td>", "10 mg", {(K.MISSING, "1 0"), (K.NEW, "10")}),
        ("Day 1<br>0 mg", "Day 10 mg", {(K.MISSING, "1 0"), (K.NEW, "10")}),
        ("Take <s>50 mg</s> 5 mg", "Take 50 mg 5 mg", {(K.UNNAMED, "50 mg"), (K.NEW, "50 mg")}),
        ("Take <del>50 mg</del>", "Take", {(K.UNNAMED, "50 mg")}),
        ('<p style="display:none">Secret words</p>', "", {(K.UNNAMED, "Secret words")}),
        ("0.5 mg", "5 mg", {(K.MISSING, "0.5"), (K.NEW, "5")}),
        (".5 mg", "5 mg", {(K.MISSING, ".5"), (K.NEW, "5")}),
        ("< 5 mg", "5 mg", {(K.MISSING, "<")}),
        ("1-2 tablets", "12 tablets", {(K.MISSING, "1-2"), (K.NEW, "12")}),
        ("2*10 mg and 3*5 mg", "210 mg and 35 mg", {(K.MISSING, "2*10"), (K.NEW, "210"), (K.NEW, "35")}),
        ("5 mg early, 10 ml late", "5 ml early, 10 mg late", {(K.PARTED, "5 mg"), (K.PARTED, "10 ml")}),
        ("One. Two words are lost here. Three.", "One. Three.", {(K.MISSING, "Two words are lost here")}),
        ("One.", "One. One.", {(K.NEW, "One")}),
        ("", "Invented", {(K.NEW, "Invented")}),
    ],
)  # fmt: skip
def test_a_difference_of_source_and_draft_is_found(source, draft, expected):
    differing = found(html(source), html(draft))
    assert expected <= differing
    assert {kind for kind, _ in differing} - {kind for kind, _ in expected} <= {K.PARTED}


@pytest.mark.parametrize(
    ("source", "draft"),
    [
        ("<p>One  two.</p><p>Three</p>", "One two.\nThree"),
        ("<b>Bo</b>ld words", "Bold words"),
        ("<p>B</p><p>A</p>", "A\nB"),
        ("1\u20112", "1-2"),
        ("<td>1</td><td>0 mg</td>", "1 | 0 mg"),
        ("patient's", "patient’s"),
    ],
)
def test_another_form_of_the_same_words_is_no_difference(source, draft):
    assert differences(html(source), text(draft)) == []


def parsed_with(*blocks, markup=Markup.HTML) -> ParsedMonograph:
    return ParsedMonograph("testumab", sections={SectionType.HOW_IT_WORKS: list(blocks)}, markup=markup)


def test_words_named_in_a_remark_are_no_difference():
    remark = Remark(RemarkKind.OMITTED, "Struck-out words were left out.", "50 mg")
    draft = inventory_of(parsed_with(ParsedParagraph("Take", remarks=[remark])))
    assert differences(html("Take <s>50 mg</s>"), draft) == []
    assert differences(html("Take 50 mg"), draft) == []


def test_void_words_in_the_draft_are_a_difference_although_they_are_named():
    remark = Remark(RemarkKind.OMITTED, "Struck-out words were left out.", "50 mg")
    draft = inventory_of(parsed_with(ParsedParagraph("Take 50 mg", remarks=[remark])))
    assert found(html("Take <s>50 mg</s>"), draft) == {(K.NEW, "50 mg")}


def test_typed_numbers_and_bullets_are_in_the_look_of_a_list():
    items = ParsedList([ListItem("Wash", ordered=True), ListItem("Dry", ordered=True)])
    draft = inventory_of(parsed_with(items))
    for first, second in (("1.", "2."), ("(a)", "(b)"), ("i)", "ii)")):
        assert differences(text(f"{first} Wash\n{second} Dry"), draft) == []
    bullets = inventory_of(parsed_with(ParsedList([ListItem("Wash"), ListItem("Dry")])))
    for bullet in ("-", "o", "►", "\uf0b7", "•"):
        assert differences(text(f"{bullet}\tWash\n{bullet}\tDry"), bullets) == []
    assert found(text("1. Wash\n2. Dry"), bullets) >= {(K.MISSING, "1"), (K.MISSING, "2")}


def test_a_number_lost_beside_a_numbered_list_is_a_difference():
    draft = inventory_of(
        parsed_with(ParsedList([ListItem("Wash", ordered=True)]), ParsedParagraph("Take mg."))
    )
    assert differences(text("1. Wash\nTake 1 mg."), draft) == [Difference(K.MISSING, "1")]
    draft = inventory_of(
        parsed_with(ParsedList([ListItem("Wash", ordered=True)]), ParsedParagraph("Take mg."))
    )
    assert found(text("Wash\nTake 1 mg."), draft) == {(K.PARTED, "1 mg")}


WORDS = st.lists(
    st.sampled_from(["Take", "5", "0", "mg", "10", "daily", "0.5", "<"]), min_size=1, max_size=30
)
FAULTS: list[Callable[[list[str], int], list[str]]] = [
    lambda words, n: words[:n] + words[n + 1 :],
    lambda words, n: [*words[:n], "extra", *words[n:]],
    lambda words, n: [*words[:n], words[n] + "7", *words[n + 1 :]],
]


@given(WORDS, st.data())
def test_any_word_lost_added_or_changed_is_a_difference(words, data):
    n = data.draw(st.integers(0, len(words) - 1))
    fault = data.draw(st.sampled_from(FAULTS))
    assert differences(text(" ".join(words)), text(" ".join(words))) == []
    assert differences(text(" ".join(words)), text(" ".join(fault(words, n))))
