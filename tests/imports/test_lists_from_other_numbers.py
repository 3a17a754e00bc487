"""Numbered lists of texts that do not begin at 1: other words may refer to their numbers, so these stay."""

import pytest

from monographs.imports.input_files import parse_text
from monographs.imports.parsed_text import ParsedList

TEXT = "testumab (Testivo)\n\nHow it works\n\nDo this:\n\n"
ITEMS = [
    ["3. Wash", "4. Dry", "5. Rest"],
    ["c) Wash your hands.", "d) Dry them.", "e) Rest."],
    ["(2) Take 5", "(3) Take 10"],
    ["iv. Wash", "v. Dry"],
    ["10. Wash", "11. Dry"],
]


def _blocks(text: str, file_name: str = "testumab.txt"):
    return parse_text(text, file_name).sections["how_it_works"][1:]


@pytest.mark.parametrize("items", ITEMS)
def test_each_item_stays_a_line_with_its_number(items):
    blocks = _blocks(TEXT + "\n".join(items))
    assert [block.text for block in blocks] == items
    assert [remark.message for block in blocks for remark in block.remarks] == []


def test_so_do_the_items_after_words_between_them():
    blocks = _blocks(TEXT + "1. Wash\n2. Dry\n\nThen wait a day.\n\n3. Rest\n4. Go home\n")
    assert isinstance(blocks[0], ParsedList)
    assert [block.text for block in blocks[1:]] == ["Then wait a day.", "3. Rest", "4. Go home"]


def test_numbers_that_do_not_count_on_are_words():
    [block] = _blocks(TEXT + "Take it on days\n3. and\n7. of the month")
    assert block.text == "Take it on days 3. and 7. of the month"
