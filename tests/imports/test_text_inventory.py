"""No word, number or sign of a text is lost unsaid, joined or changed on its way into a draft."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monographs.document import SectionType
from monographs.imports.draft_inventory import inventory_of
from monographs.imports.inventory import Inventory, differences
from monographs.imports.parsed_text import Markup, ParsedMonograph, ParsedParagraph, ParsedTable
from monographs.imports.parser import parse
from monographs.imports.source_check import report_differences
from monographs.imports.text_inventory import text_inventory

START = "testumab (Testivo)\n\nHow it works\n\n"
PIECES = st.sampled_from(
    "0 1 5 10 0.5 1,000 mg mg/kg mL % < > ≥ – - * _ ~ ` # + . , : ; ( ) [ ] | \\ ½ ⁸ ² µg • ■ \uf0b7 o a) (1) i. 1. 2. "
    "word Take STORAGE and **bold** __x__ [a](b) <b> &lt; Day".split(" ")
)
GAPS = st.sampled_from(
    [
        " ",
        " ",
        " ",
        "",
        "\n",
        "\n",
        "\n\n",
        "\t",
        "  ",
        "\n  ",
        "\xa0",
        "\u200b",
        "\xad",
        "\u2028",
        "\x0b",
        "\x85",
        "\x96",
    ]
)
TEXTS = st.lists(st.tuples(PIECES, GAPS).map("".join), min_size=1, max_size=25).map("".join)


def losses(text: str, name: str) -> list[str]:
    parsed = parse(START + text, name)
    return [
        f"{difference.kind}: {difference.quote}"
        for difference in differences(text_inventory(START + text, parsed.markup), inventory_of(parsed))
    ]


@given(TEXTS)
def test_nothing_of_a_plain_text_is_lost_unsaid(text: str) -> None:
    assert losses(text, "testumab.txt") == []


@given(TEXTS)
def test_no_number_is_joined_or_changed(text: str) -> None:
    source = text_inventory(START + text, Markup.PLAIN)
    drafted = inventory_of(parse(START + text, "testumab.txt"))
    assert _numbers(drafted) <= _numbers(source)


def _numbers(inventory: Inventory) -> set[str]:
    return {entry.token.text for entry in inventory.entries if entry.token.is_number}


FAULTS = {
    "a dose is lost": ("Take 5 mg.", "Take mg."),
    "a sign is lost": ("Give 2*10 mg.", "Give 210 mg."),
    "digits are joined": ("Day 1\n0 mg", "Day 10 mg"),
    "a power falls": ("2 x 10⁸ cells", "2 x 108 cells"),
    "a minus is lost": ("at -5 °C", "at 5 °C"),
    "a comparison is lost": ("if < 45 kg", "if 45 kg"),
    "a word is new": ("Take 5 mg.", "Take not 5 mg."),
    "a sentence is lost": ("Take 5 mg. Do not chew.", "Take 5 mg."),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_comparison_catches_a_reader_with_a_fault(fault: str) -> None:
    source, wrong = FAULTS[fault]
    parsed = parse(START + source, "testumab.txt")
    parsed.sections[SectionType.HOW_IT_WORKS] = [ParsedParagraph(wrong)]

    report_differences(parsed, lambda: text_inventory(START + source, Markup.PLAIN))

    assert _told(parsed)


def test_cells_that_change_places_with_others_are_caught() -> None:
    source = f"{START}Weight\tDose\n45 kg\t5 mg\n60 kg\t10 mg"
    parsed = parse(source, "testumab.txt")
    [table] = parsed.sections[SectionType.HOW_IT_WORKS]
    assert isinstance(table, ParsedTable)
    table.rows[1][1] = "50 mg"

    report_differences(parsed, lambda: text_inventory(source, Markup.PLAIN))

    assert _told(parsed)


def _told(parsed: ParsedMonograph) -> list[str]:
    blocks = parsed.sections[SectionType.HOW_IT_WORKS]
    return [remark.quote for remark in (*parsed.remarks, *(r for block in blocks for r in block.remarks))]


@pytest.mark.parametrize("name", ["starvimab.txt", "starvimab.md"])
@pytest.mark.parametrize(
    "text",
    [
        "Give 2*10 mg and 3*5 mg.", "**Give** *it* __now__ and `5 mg`.", "# Storage\n\nCold.", "> Quoted\n> words.",
        "[label](https://example.org/)", "~~50 mg~~ 5 mg", "10<sup>8</sup>", "| A | B |\n|---|---|\n| 1 | 2 |",
        "1. one\n2. two", "- a\n  - b", "Heading\n-------\n\nText.", "5 \\* 3", "<!-- hidden --> 5 mg",
    ],
)  # fmt: skip
def test_what_is_well_read_gives_no_remark_about_lost_words(text: str, name: str) -> None:
    assert losses(text, name) == []
