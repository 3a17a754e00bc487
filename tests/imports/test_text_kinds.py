"""Lists, tables, headings, line ends and signs of plain texts arrive as what they are, or are named."""

import pytest

from monographs.document import SectionType
from monographs.imports.parsed_text import (
    Block,
    ListItem,
    Markup,
    ParsedList,
    ParsedMonograph,
    ParsedParagraph,
    ParsedTable,
)
from monographs.imports.parser import parse, parse_as
from monographs.imports.remarks import RemarkKind
from monographs.imports.rich_text import as_html, inline_plain

HEADING = "How it is administered"


def read(text: str, name: str = "testumab.txt") -> ParsedMonograph:
    return parse(f"testumab (Testivo)\n\n{HEADING}\n\n{text}\n", name)


def blocks(text: str, name: str = "testumab.txt") -> list[Block]:
    return read(text, name).sections[SectionType.HOW_IT_IS_ADMINISTERED]


def only(text: str, name: str = "testumab.txt") -> Block:
    [block] = blocks(text, name)
    return block


def items(text: str) -> list[tuple[str, bool, int]]:
    block = only(text)
    assert isinstance(block, ParsedList)
    return [(item.text, item.ordered, item.depth) for item in block.items]


BULLETS = "•‣◦▪■□●○◆►▶➢➤➔✓✔∙\u2043⦁⮚❖\uf0b7\uf0a7\uf0d8\uf0fc·–—-*"


@pytest.mark.parametrize("mark", [*BULLETS, "o"])
def test_lines_behind_any_bullet_are_a_list(mark: str) -> None:
    assert items(f"{mark} once a day\n{mark} with water") == [
        ("once a day", False, 0),
        ("with water", False, 0),
    ]
    assert items(f"{mark}\t5 mg\n{mark}\t10 mg") == [("5 mg", False, 0), ("10 mg", False, 0)]


NUMBERED = {
    "1.": "2.", "1)": "2)", "(1)": "(2)", "1.)": "2.)", "a)": "b)", "a.": "b.", "(a)": "(b)",
    "A.": "B.", "A)": "B)",
    "i.": "ii.", "i)": "ii)", "(i)": "(ii)", "I.": "II.", "①": "②",
}  # fmt: skip


@pytest.mark.parametrize("first", NUMBERED)
def test_lines_that_count_are_a_list_in_its_order(first: str) -> None:
    text = f"{first} wash your hands\n{NUMBERED[first]} take 5 mg"

    assert items(text) == [("wash your hands", True, 0), ("take 5 mg", True, 0)]


@pytest.mark.parametrize("first", ["a)", "(a)", "A.", "i.", "(i)", "II."])
def test_the_writer_is_told_that_letters_become_numbers(first: str) -> None:
    marks = {
        "a)": "a) b)",
        "(a)": "(a) (b)",
        "A.": "A. B.",
        "i.": "i. ii.",
        "(i)": "(i) (ii)",
        "II.": "I. II.",
    }
    one, two = marks[first].split()

    [remark] = only(f"{one} wash\n{two} take").remarks

    assert (remark.kind, remark.quote) == (RemarkKind.CHANGED, marks[first])


@pytest.mark.parametrize(
    "text",
    [
        "5 mg a day.", "1.5 mg a day.", "1. 5 mg a day.", "I. v. or by mouth.", "a. m. and p. m.",
        "A. Smith said so.",
        "2019. A year.", "(5 mg)", "-5 °C is cold.", "+5 °C is cold.", "*5 mg is new.", "0.5–1 mg",
        "o blood group",
        "i. v. is into a vein.", "10) is no first item.", "B. cells are cells.", ".5 mg", "5-10 mg",
    ],
)  # fmt: skip
def test_words_and_numbers_that_begin_a_line_stay_there(text: str) -> None:
    assert only(text) == ParsedParagraph(text)


@pytest.mark.parametrize("mark", ["-", "–", "—", "+", "*", "·", "~"])
def test_a_sign_alone_before_a_number_is_kept_and_named(mark: str) -> None:
    block = only(f"{mark} 5 mg")

    assert isinstance(block, ParsedParagraph)
    assert block.text == f"{mark} 5 mg"
    assert [remark.kind for remark in block.remarks] == [RemarkKind.UNSURE]


@pytest.mark.parametrize(
    ("text", "nested"),
    [
        ("• a\n  ◦ b\n  ◦ c\n• d", "0110"),
        ("\uf0b7 a\no\tb\no\tc\n\uf0b7 d", "0110"),
        ("1. a\n   a) b\n   b) c\n2. d", "0110"),
        ("1. a\na) b\nb) c\n2. d", "0110"),
        ("1. a\n- b\n- c\n2. d", "0110"),
        ("a) a\n(1) b\n(2) c\nb) d", "0110"),
        ("- a\n    - b\n        - c\n- d", "0120"),
        ("I. a\n  1. b\n    i. c\n    ii. d\n  2. e\nII. f", "012210"),
    ],
)
def test_lists_are_nested_as_they_were(text: str, nested: str) -> None:
    assert "".join(str(depth) for _, _, depth in items(text)) == nested


TABLE = [["Your weight", "Your dose"], ["45 kg", "5 mg"], ["60 kg", "10 mg"]]


@pytest.mark.parametrize(
    "text",
    [
        "Your weight\tYour dose\n45 kg\t5 mg\n60 kg\t10 mg",
        "Your weight\t\tYour dose\n45 kg\t\t5 mg\n60 kg\t\t10 mg",
        "| Your weight | Your dose |\n|---|--:|\n| 45 kg | 5 mg |\n| 60 kg | 10 mg |",
        "Your weight | Your dose\n--- | ---\n45 kg | 5 mg\n60 kg | 10 mg",
        "Your weight | Your dose\n45 kg | 5 mg\n60 kg | 10 mg",
        "Your weight;Your dose\n45 kg;5 mg\n60 kg;10 mg",
        "Your weight,Your dose\n45 kg,5 mg\n60 kg,10 mg",
        "Your weight   Your dose\n45 kg         5 mg\n60 kg         10 mg",
        "Your weight   Your dose\n-----------   ---------\n45 kg         5 mg\n60 kg         10 mg",
        "+-------------+-----------+\n| Your weight | Your dose |\n+=============+===========+\n"
        "| 45 kg       | 5 mg      |\n+-------------+-----------+\n| 60 kg       | 10 mg     |\n+---+---+",
        "┌─────────────┬───────────┐\n│ Your weight │ Your dose │\n├─────────────┼───────────┤\n"
        "│ 45 kg       │ 5 mg      │\n│ 60 kg       │ 10 mg     │\n└─────────────┴───────────┘",
    ],
)
def test_tables_of_every_kind_are_tables(text: str) -> None:
    block = only(text)

    assert isinstance(block, ParsedTable)
    assert (block.rows, block.header_row, block.remarks) == (TABLE, True, [])


def test_a_pipe_in_a_cell_stays_there() -> None:
    block = only("| A | B |\n|---|---|\n| 1 \\| 2 | 3 |", "a.md")
    assert isinstance(block, ParsedTable)
    assert block.rows == [["A", "B"], ["1 | 2", "3"]]


def test_short_rows_are_filled_and_named() -> None:
    block = only("Day\tMorning\tEvening\n1\t5 mg\t10 mg\n2\t5 mg")
    assert isinstance(block, ParsedTable)
    assert block.rows[2] == ["2", "5 mg", ""]
    assert [(remark.kind, remark.quote) for remark in block.remarks] == [(RemarkKind.UNSURE, "2 | 5 mg")]


def test_the_rows_of_a_wide_table_stay_apart_and_it_is_named() -> None:
    block = only("\t".join("ABCDEFGH") + "\n" + "\t".join("12345678"))
    assert isinstance(block, ParsedList)
    assert block.rows
    assert [item.text for item in block.items] == [
        "A | B | C | D | E | F | G | H",
        "1 | 2 | 3 | 4 | 5 | 6 | 7 | 8",
    ]
    assert [remark.kind for remark in block.remarks] == [RemarkKind.CHANGED]


@pytest.mark.parametrize(
    "text",
    [
        "Take it.  Then rest.\nEat something.  Then go on.",
        "Take it at once; rest then.\nEat; drink; sleep.",
        "Yes, no, perhaps.\nThis, that, or both.",
        "A sentence with | in it.",
    ],
)
def test_sentences_are_no_tables(text: str) -> None:
    assert all(isinstance(block, ParsedParagraph) for block in blocks(text))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\v", "\f", "\u2028", "\u2029", "\x85"])
def test_numbers_on_two_lines_stay_apart(end: str) -> None:
    assert [inline_plain(b.text, markup=Markup.PLAIN) for b in blocks(f"Day 1{end}0 mg")] == ["Day 1", "0 mg"]  # type: ignore[union-attr]


def test_words_that_a_hyphen_breaks_are_kept_and_named() -> None:
    block = only("Tell us about medi-\ncines and pre-\nand post-treatment.")
    assert isinstance(block, ParsedParagraph)
    assert block.text == "Tell us about medi-cines and pre- and post-treatment."
    assert [(remark.kind, remark.quote) for remark in block.remarks] == [(RemarkKind.UNSURE, "medi-cines")]


SIGNS = [
    "Give 2*10 mg and 3*5 mg.", "Give 2 *10 mg and 3* 5 mg.", "HLA-A*02:01 and HLA-B*07:02", "5_10_15 mg",
    "Take ~5 mg, ~10 mg.", "<5 mg and >10 mg", "5 mg* daily, 10 mg* weekly", "1~2~3 tablets", "[5](10) mg",
    "x < 5 and y > 3", "2 * 3 * 4 mg", "`5 mg", "5 \\ 10", "#5 of 10", "> 5 mg", "a_b_c 0.1%* or more",
]  # fmt: skip


@pytest.mark.parametrize("name", ["testumab.txt", "testumab.md"])
@pytest.mark.parametrize("text", SIGNS)
def test_signs_in_doses_are_no_markup(text: str, name: str) -> None:
    parsed = read(text, name)
    [block] = parsed.sections[SectionType.HOW_IT_IS_ADMINISTERED]
    assert isinstance(block, ParsedParagraph)
    assert inline_plain(block.text, markup=parsed.markup) == text
    assert "<i>" not in as_html([block], markup=parsed.markup)


@pytest.mark.parametrize(
    "text", ["**Take** it.", "&lt;5 mg", "a `b` c", "\\* 5", "[x](https://example.org/)", "~~5 mg~~ now"]
)
def test_a_plain_text_is_plain_text(text: str) -> None:
    parsed = read(text)
    [block] = parsed.sections[SectionType.HOW_IT_IS_ADMINISTERED]
    assert parsed.markup is Markup.PLAIN
    assert isinstance(block, ParsedParagraph)
    assert block.text == text


@pytest.mark.parametrize(
    "text",
    [
        f"# testumab\n\n## {HEADING}\n\nIt *is* given.",
        f"testumab (Testivo)\n\n**{HEADING}**\n\nIt is **given**.",
        f"testumab (Testivo)\n\n{HEADING}\n\n[One](https://example.org/a) and [two](https://example.org/b).",
        f"testumab (Testivo)\n\n{HEADING}\n\n**One**\n\n| A | B |\n|---|---|\n| 1 | 2 |",
        f"testumab (Testivo)\n\n{HEADING}\n\n```\n5 mg\n```",
    ],
)
def test_what_clearly_is_markdown_is_read_so_and_can_be_switched(text: str) -> None:
    parsed = parse(text, "testumab.txt")
    assert parsed.markup is Markup.MARKDOWN
    assert any("read as Markdown" in remark.message for remark in parsed.remarks)

    plain = parse_as(parsed, "testumab.txt", Markup.PLAIN)
    assert plain.markup is Markup.PLAIN
    assert parse_as(plain, "testumab.txt", Markup.MARKDOWN).markup is Markup.MARKDOWN


def test_one_bold_heading_alone_is_not_markdown() -> None:
    parsed = parse(f"starvimab (Starv)\n\n**{HEADING}**\n\nGive 2*10 mg and 3*5 mg.\n", "starvimab.txt")
    assert parsed.markup is Markup.PLAIN
    assert parsed.sections[SectionType.HOW_IT_IS_ADMINISTERED] == [
        ParsedParagraph("Give 2*10 mg and 3*5 mg.")
    ]


@pytest.mark.parametrize(
    ("text", "plain", "quote"),
    [
        ("~~Take 50 mg.~~ Take 5 mg.", "Take 5 mg.", "Take 50 mg."),
        ("<del>Take 50 mg.</del> Take 5 mg.", "Take 5 mg.", "Take 50 mg."),
        ("<s>50</s> 5 mg", "5 mg", "50"),
        ("Take <!-- no --> 5 mg.", "Take 5 mg.", "no"),
        ("Take ![two tablets](x.png) 5 mg.", "Take 5 mg.", "two tablets (x.png)"),
        ("See [here](/inside).", "See here.", "/inside"),
    ],
)
def test_what_markdown_leaves_out_is_named(text: str, plain: str, quote: str) -> None:
    block = only(text, "a.md")
    assert isinstance(block, ParsedParagraph)
    assert inline_plain(block.text, markup=Markup.MARKDOWN) == plain
    assert [(remark.kind, remark.quote) for remark in block.remarks] == [(RemarkKind.OMITTED, quote)]


def test_raised_digits_of_markdown_stay_raised() -> None:
    html = as_html([only("10<sup>8</sup> cells, H<sub>2</sub>O", "a.md")], markup=Markup.MARKDOWN)
    assert html == "<p>10<sup>8</sup> cells, H<sub>2</sub>O</p>"


@pytest.mark.parametrize(
    "line",
    [
        "4. Possible side effects", "4) Possible side effects", "(4) Possible side effects",
        "2.1 Side effects",
        "2.1. Side effects", "III. Side effects", "IV. SIDE EFFECTS", "SIDE EFFECTS:",
        "Section 4 – Side effects",
        "Section 4: Side Effects", "4 – Side effects", "**Side effects**", "**4. Side effects:**",
        "__SIDE EFFECTS__",
        "\u200bSide effects", "Side\xad effects\ufeff", "► Common side effects",
        "== Side effects ==", "Side Effects",
        "ADVERSE REACTIONS", "D. Side effects", "4 Side effects", "Side effects…",
    ],
)  # fmt: skip
def test_a_heading_is_known_in_any_dress(line: str) -> None:
    parsed = read(f"It is given.\n\n{line}\n\nSome words.")
    assert parsed.sections[SectionType.COMMON_SIDE_EFFECTS] == [ParsedParagraph("Some words.")]


@pytest.mark.parametrize(
    "line",
    [
        "STORAGE", "Storage And Handling", "5. How to store testumab", "5) Storage", "VI. Storage",
        "**Storage**",
        "STORAGE:", "2.4 Storage and handling", "__How to store it__", "Other Information",
        "Section 9 – Storage",
    ],
)  # fmt: skip
def test_a_line_like_a_heading_is_kept_apart_and_named(line: str) -> None:
    found = blocks(f"It is given.\n\n{line}\nKeep it cold.")
    assert [getattr(block, "text", "") for block in found] == ["It is given.", line, "Keep it cold."]
    assert [(remark.kind, remark.quote) for remark in found[1].remarks] == [(RemarkKind.UNSURE, line)]


@pytest.mark.parametrize(
    "line", ["Keep it cold", "Take 5 mg a day", "Call 911", "Day 1: 5 mg", "You get it as a drip"]
)
def test_short_lines_of_a_text_are_not_called_headings(line: str) -> None:
    assert [
        remark for block in blocks(f"It is given.\n\n{line}\n\nThen rest.") for remark in block.remarks
    ] == []


def test_changed_characters_are_named_beside_their_text_and_can_be_undone() -> None:
    [first, second] = blocks("Take 5\x9610 mg.\n\nTake １０ mg.")  # noqa: RUF001
    assert isinstance(first, ParsedParagraph)
    assert first.text == "Take 5–10 mg."
    assert [(r.kind, r.quote, r.result, r.undone) for r in first.remarks] == [
        (RemarkKind.CHANGED, "Take 5[U+0096]10 mg.", "Take 5–10 mg.", "Take 5\x9610 mg.")
    ]
    assert second.remarks[0].result == "Take 10 mg."


@pytest.mark.parametrize(
    "text",
    ["1\xad2 tablets", "\u202egm 05", "1\u200b0 mg", "\u0665 mg", "0·5 mg", "Take l0 mg", "&micro;g 5"],
)
def test_doubtful_characters_are_named_beside_their_text(text: str) -> None:
    [block] = blocks(text)
    assert isinstance(block, ParsedParagraph)
    assert block.text == text
    assert RemarkKind.UNSURE in {remark.kind for remark in block.remarks}


def test_doubtful_characters_of_names_are_named() -> None:
    parsed = parse("testum\u0430b (Test\u200b1)\n\nHow it works\n\nIt works.", "a.txt")
    assert any("U+0430" in remark.message for remark in parsed.remarks)


def test_a_list_keeps_its_marks_in_markdown() -> None:
    assert only("- [ ] 5 mg\n- [x] 10 mg", "a.md") == ParsedList(
        [ListItem("[ ] 5 mg"), ListItem("[x] 10 mg")]
    )
