"""Lists and tables of Word files: nested, numbered and captioned as they were; cells never joined."""

# ruff: noqa: E501 - elements of XML are easier to read on one line

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monographs.document import SectionType
from monographs.imports.parsed_text import ListItem, ParsedList, ParsedParagraph, ParsedTable
from monographs.imports.word import parse_word
from tests.imports.word_files import item, numbering, paragraph, run, style, table, word_package

BULLETS = {0: ("bullet", "•"), 1: ("bullet", "o"), 2: ("bullet", "■")}


def blocks(body: str, **parts) -> list:
    parsed = parse_word(word_package(body, **parts), "testumab.docx")
    return parsed.sections.get(SectionType.HOW_IT_WORKS, [])


def items(body: str, **parts) -> list[tuple[str, bool, int]]:
    [block] = blocks(body, **parts)
    assert isinstance(block, ParsedList)
    return [(i.text, i.ordered, i.depth) for i in block.items]


@pytest.mark.parametrize("glyph", ["•", "\uf0b7", "■", "➢", "∙", "\u2043", "⦁", "►", "o", "–"])
def test_items_with_any_bullet_are_a_list_nested_as_it_was(glyph):
    numbers = numbering({0: ("bullet", glyph), 1: ("bullet", glyph)})
    found = items(item("outer") + item("inner", 1) + item("last"), numbering=numbers)
    assert found == [("outer", False, 0), ("inner", False, 1), ("last", False, 0)]


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("decimal", "%1."), ("decimal", "(%1)"), ("lowerLetter", "%1)"), ("lowerRoman", "%1."),
        ("upperLetter", "%1."), ("upperRoman", "%1"), ("decimalZero", "%1."),
    ],
)  # fmt: skip
def test_numbered_items_stay_numbered(form, text):
    [block] = blocks(item("wash") + item("dry"), numbering=numbering({0: (form, text)}))
    assert block.items == [ListItem("wash", True), ListItem("dry", True)]
    assert block.remarks == []


def test_items_numbered_by_their_place_in_the_whole_list_are_no_difference():
    levels = {0: ("decimal", "%1."), 1: ("decimal", "%1.%2.")}
    [block] = blocks(item("a") + item("b") + item("c", 1) + item("d", 1), numbering=numbering(levels))
    assert [(i.text, i.depth) for i in block.items] == [("a", 0), ("b", 0), ("c", 1), ("d", 1)]
    assert block.remarks == []


def test_a_label_with_words_becomes_text():
    found = items(item("5 mg") + item("10 mg"), numbering=numbering({0: ("decimal", "Day %1:")}))
    assert found == [("Day 1: 5 mg", False, 0), ("Day 2: 10 mg", False, 0)]


def test_a_number_that_the_draft_will_not_show_is_named():
    start = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="4"/></w:lvlOverride>'
    [block] = blocks(item("wash") + item("dry"), numbering=numbering({0: ("decimal", "%1.")}, extra=start))
    assert [(r.quote, r.result) for r in block.remarks] == [("4.", "1"), ("5.", "2")]


def test_numbers_go_on_after_other_text_or_are_named():
    body = item("wash") + paragraph(run("A word between.")) + item("dry")
    first, between, second = blocks(body, numbering=numbering({0: ("decimal", "%1.")}))
    assert (first.remarks, between.text) == ([], "A word between.")
    assert [(r.quote, r.result) for r in second.remarks] == [("2.", "1")]


def test_an_indented_paragraph_between_items_belongs_to_the_item():
    indented = paragraph(run("With soap."), '<w:ind w:left="720"/>')
    found = items(item("wash") + indented + item("dry"), numbering=numbering({0: ("decimal", "%1.")}))
    assert found == [("wash<br/>With soap.", True, 0), ("dry", True, 0)]


def test_numbering_by_style_by_style_link_and_none():
    linked = (
        '<w:abstractNum w:abstractNumId="5"><w:styleLink w:val="L"/><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/>'
        '<w:lvlText w:val="•"/></w:lvl></w:abstractNum>'
        '<w:abstractNum w:abstractNumId="6"><w:numStyleLink w:val="L"/></w:abstractNum>'
        '<w:num w:numId="6"><w:abstractNumId w:val="6"/></w:num>'
    )
    number = '<w:pPr><w:numPr><w:numId w:val="6"/></w:numPr></w:pPr>'
    styles = style("LB", "", kind="paragraph", extra=number) + style("LC", "", kind="paragraph", base="LB")
    body = paragraph(run("a"), '<w:pStyle w:val="LB"/>') + paragraph(run("b"), '<w:pStyle w:val="LC"/>')
    assert items(body, numbering=linked, styles=styles) == [("a", False, 0), ("b", False, 0)]
    off = paragraph(run("c"), '<w:pStyle w:val="LB"/><w:numPr><w:numId w:val="0"/></w:numPr>')
    assert blocks(off, numbering=linked, styles=styles) == [ParsedParagraph("c")]


def test_lists_of_other_numberings_are_nested_by_their_indents():
    def level(number: int, left: int) -> str:
        return (
            f'<w:abstractNum w:abstractNumId="{number}"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/>'
            f'<w:lvlText w:val="•"/><w:pPr><w:ind w:left="{left}"/></w:pPr></w:lvl></w:abstractNum>'
            f'<w:num w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>'
        )

    numbers = level(1, 360) + level(2, 1080)
    found = items(item("outer") + item("inner", num_id=2) + item("last"), numbering=numbers)
    assert [depth for _, _, depth in found] == [0, 1, 0]


@pytest.mark.parametrize(
    "mark", ["•", "■ ", "➢\t", "∙ ", "⦁ ", "► ", "\u2043 ", "o\t", "- ", "– ", "\uf0b7\t"]
)
def test_typed_bullets_are_a_list(mark):
    assert items(paragraph(run(f"{mark}wash")) + paragraph(run(f"{mark}dry"))) == [
        ("wash", False, 0),
        ("dry", False, 0),
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [("1.", "2."), ("1)", "2)"), ("(1)", "(2)"), ("a)", "b)"), ("i.", "ii."), ("A.", "B."), ("I)", "II)")],
)
def test_typed_numbers_are_a_numbered_list(first, second):
    body = paragraph(run(f"{first}\twash")) + paragraph(run(f"{second}\tdry"))
    assert items(body) == [("wash", True, 0), ("dry", True, 0)]


@pytest.mark.parametrize("words", ["1. wash", "1.5 mg a day", "a) wash", "2. dry", "o yes", "-5 °C"])
def test_what_looks_like_an_item_alone_is_text(words):
    assert [b.text for b in blocks(paragraph(run(words)))] == [words]


def test_a_table_with_caption_above_or_below_and_a_header_row():
    caption = style("Caption", "", kind="paragraph")
    words = paragraph(run("Table 1: Doses"), '<w:pStyle w:val="Caption"/>')
    rows = [["Weight", "Dose"], ["1", "0 mg"]]
    for body in (words + table(rows, header=True), table(rows, header=True) + words):
        assert blocks(body, styles=caption) == [ParsedTable(rows, "Table 1: Doses", header_row=True)]


def cell(inner: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def row(*cells: str) -> str:
    return f"<w:tr>{''.join(cells)}</w:tr>"


def words(text: str) -> str:
    return paragraph(run(text))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (row(cell(words("a"), '<w:gridSpan w:val="2"/>')) + row(cell(words("1")), cell(words("0 mg"))),
         [["a", "a"], ["1", "0 mg"]]),
        (row(cell(words("a"), '<w:vMerge w:val="restart"/>'), cell(words("1")))
         + row(cell(words(""), "<w:vMerge/>"), cell(words("2"))), [["a", "1"], ["a", "2"]]),
        (row(cell(words("a"), '<w:hMerge w:val="restart"/>'), cell(words(""), '<w:hMerge w:val="continue"/>'))
         + row(cell(words("1")), cell(words("2"))), [["a", "a"], ["1", "2"]]),
        (row(cell(words("1") + words("0 mg")), cell(words("b"))), [["1<br/>0 mg", "b"]]),
        (row(cell(words("a")), cell(f"<w:tbl>{row(cell(words('1')), cell(words('0 mg')))}</w:tbl>{words('')}")),
         [["a", "1 | 0 mg"]]),
        ("<w:tr><w:trPr><w:gridBefore w:val=\"1\"/></w:trPr>" + cell(words("a")) + "</w:tr>"
         + row(cell(words("1")), cell(words("2"))), [["", "a"], ["1", "2"]]),
        (f"<w:sdt><w:sdtContent>{row(cell(words('a')), cell(words('b')))}</w:sdtContent></w:sdt>", [["a", "b"]]),
        (row(cell(item("x") + item("y")), cell(words("b"))), [["• x<br/>• y", "b"]]),
    ],
)  # fmt: skip
def test_cells_are_where_they_were(rows, expected):
    [block] = blocks(f"<w:tbl>{rows}</w:tbl>", numbering=numbering(BULLETS))
    assert block.rows == expected


def test_a_table_of_seven_columns_becomes_rows_apart_and_is_named():
    [block] = blocks(table([[f"c{n}" for n in range(7)], [str(n) for n in range(7)]]))
    assert isinstance(block, ParsedList)
    assert [i.text for i in block.items] == [
        "c0 | c1 | c2 | c3 | c4 | c5 | c6",
        "0 | 1 | 2 | 3 | 4 | 5 | 6",
    ]
    assert "7 columns" in block.remarks[0].message


CELLS = st.sampled_from(["Dose", "0.5 ", "1", "52", "0 mg", "", "10", "mg", "<", "a b", "½", "-"])


@pytest.mark.all_examples
@settings(deadline=None, max_examples=60)
@given(
    st.integers(2, 8).flatmap(
        lambda n: st.lists(st.lists(CELLS, min_size=n, max_size=n), min_size=1, max_size=5)
    )
)
def test_no_two_cells_are_ever_read_as_one(rows):
    parsed = parse_word(word_package(table(rows) + paragraph(run("End."))), "testumab.docx")
    found = parsed.sections[SectionType.HOW_IT_WORKS][:-1]
    expected = [[c.strip() for c in cells] for cells in rows if any(c.strip() for c in cells)]
    if not expected:
        assert found == []
    elif len(rows[0]) <= 6:
        assert [[c.replace("&lt;", "<") for c in cells] for cells in found[0].rows] == expected
    else:
        read = [[c.strip() for c in i.text.replace("&lt;", "<").split("|")] for i in found[0].items]
        assert read == expected
    assert not any("not read" in r.message or "not have" in r.message for r in parsed.remarks)


@pytest.mark.all_examples
@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(st.sampled_from(["1", "0 mg", "Dose", "52", "0.5"]), st.integers(0, 3)),
        min_size=1,
        max_size=8,
    )
)
def test_no_two_items_are_ever_read_as_one(found):
    body = "".join(item(text, level) for text, level in found)
    levels = dict.fromkeys(range(4), ("bullet", "•"))
    read = blocks(body, numbering=numbering(levels))
    assert [i.text for block in read for i in block.items] == [text for text, _ in found]
