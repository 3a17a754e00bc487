"""Clipboards of many programs: what is kept, what is left out and named, and that nothing is joined."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monographs.document.html import sanitise, without_tags
from monographs.imports.clipboard.converter import ClipboardText, read_clipboard, read_plain_text
from monographs.imports.clipboard.omissions_check import unreported_differences, unreported_remarks
from monographs.imports.inventory import DifferenceKind
from monographs.imports.parsed_text import Block, Markup, ParsedList, ParsedTable
from monographs.imports.rich_text import as_html
from tests.imports.clipboards.samples import SAMPLES, Expected, clipboard

GIVEN = Path(__file__).parents[2] / "../shared/cases/pasted.html"
#: The second reading knows no style sheets, and takes a form's choices for words.
STYLED = {
    "excel-table",
    "pages-raised",
    "word-raised-style",
    "word-raised-position",
    "word-symbol",
    "web-form",
}


def shown(block: Block) -> str | list[list[str]]:
    return block.rows if isinstance(block, ParsedTable) else as_html([block], markup=Markup.HTML)


def html_of(source: str) -> str:
    return "".join(str(shown(block)) for block in read_clipboard(source).blocks)


def remarks_of(text: ClipboardText) -> list[tuple[str, str]]:
    return [(remark.kind.value, remark.quote) for remark in text.all_remarks]


def test_there_are_forty_clipboards():
    assert len(SAMPLES) >= 40
    assert {path.stem for path in (Path(__file__).parent / "clipboards").glob("*.html")} == set(SAMPLES)


@pytest.mark.parametrize(("name", "expected"), SAMPLES.items(), ids=list(SAMPLES))
def test_a_clipboard_becomes_what_it_shows(name: str, expected: Expected):
    text = read_clipboard(clipboard(name))
    assert [shown(block) for block in text.blocks] == expected.blocks
    assert remarks_of(text) == expected.remarks


@pytest.mark.parametrize("name", sorted(set(SAMPLES) - STYLED))
def test_a_second_reading_finds_nothing_unsaid(name: str):
    text = read_clipboard(clipboard(name))
    assert unreported_remarks(clipboard(name), text.blocks, text.remarks) == []


def test_the_second_reading_finds_a_lost_and_a_joined_number():
    text = read_clipboard("<p>Take 5 mg.</p>")
    lost = unreported_remarks("<p>Take 5 mg, then 70 mg.</p>", text.blocks, [])
    assert [remark.quote for remark in lost] == ["then 70 mg"]
    joined = read_clipboard("<p>10 mg</p>")
    found = unreported_differences("<table><tr><td>1</td><td>0 mg</td></tr></table>", joined.blocks, [])
    assert DifferenceKind.NEW in {each.kind for each in found}


@pytest.mark.skipif(not GIVEN.exists(), reason="The shared folder is not here.")
def test_the_given_clipboard_is_read_as_its_copy_here():
    text = read_clipboard(GIVEN.read_text())
    assert [shown(block) for block in text.blocks] == SAMPLES["given-case"].blocks


RAISED = [
    '<span style="vertical-align: super">8</span>',
    '<span style="vertical-align: 30%">8</span>',
    '<span style="vertical-align: 4pt; font-size: 7pt">8</span>',
    '<span style="position: relative; top: -0.4em">8</span>',
    '<span style="position: relative; bottom: 5px">8</span>',
    '<span style="mso-text-raise: 4pt">8</span>',
    '<span style="font-variant-position: super">8</span>',
    '<span style="font-feature-settings: &quot;sups&quot;">8</span>',
    '<span style="font-variant: super">8</span>',
    '<span style="baseline-shift: super">8</span>',
    '<span style="display: inline-block; transform: translateY(-5px)">8</span>',
    '<span style="font-size: smaller; vertical-align: text-top">8</span>',
    "<sup style='vertical-align: baseline; position: relative; top: -0.5em'>8</sup>",
    "<sup><span>8</span></sup>",
    "<sup><b>8</b></sup>",
]


@pytest.mark.parametrize("raised", RAISED)
def test_a_raised_digit_stays_raised(raised: str):
    assert "<sup>8</sup>" in re.sub("</?b>", "", html_of(f"<p>2 x 10{raised} cells</p>"))


@pytest.mark.parametrize(
    "lowered",
    [
        '<span style="vertical-align: sub">2</span>',
        '<span style="vertical-align: -2pt">2</span>',
        '<span style="position: relative; top: 3px">2</span>',
        "<sub>2</sub>",
        '<span style="font-variant-position: sub">2</span>',
    ],
)
def test_a_lowered_digit_stays_lowered(lowered: str):
    assert html_of(f"<p>CO{lowered}</p>") == "<p>CO<sub>2</sub></p>"


@pytest.mark.parametrize(
    "style",
    [
        ".c {vertical-align: super}",
        "span.c {vertical-align:super}",
        "p .c, li .c {mso-text-raise: 5pt}",
        "p > span.c {position:relative;top:-5pt}",
        "@media screen { .c { vertical-align: super; } }",
        ".c {vertical-align: sub} span.c {vertical-align: super}",
        "/* x */ #i {vertical-align: super !important}",
        "<!-- .c {vertical-align: super} -->",
    ],
)
def test_a_style_sheet_raises_a_digit(style: str):
    source = f"<style>{style}</style><p>10<span class=c id=i>8</span></p>"
    assert html_of(source) == "<p>10<sup>8</sup></p>"


def test_a_style_for_print_does_not_count():
    source = "<style>@media print { .c { display: none } }</style><p>5 <span class=c>mg</span></p>"
    assert html_of(source) == "<p>5 mg</p>"


@pytest.mark.parametrize(
    ("element", "kind"),
    [
        ("<s>{}</s>", "struck"),
        ("<strike>{}</strike>", "struck"),
        ("<del>{}</del>", "deleted"),
        ('<span style="text-decoration: line-through">{}</span>', "struck"),
        ('<span style="text-decoration: underline line-through double red">{}</span>', "struck"),
        ('<span style="text-decoration-line: line-through">{}</span>', "struck"),
        (
            '<u style="text-decoration: line-through"><span style="text-decoration: none">{}</span></u>',
            "struck",
        ),
        ('<span style="text-line-through: double">{}</span>', "struck"),
        ("<s><b>{}</b></s>", "struck"),
        ('<span class="msoDel">{}</span>', "deleted"),
        ('<span style="display:none">{}</span>', "hidden"),
        ('<span style="visibility: hidden">{}</span>', "hidden"),
        ('<span style="mso-hide: all">{}</span>', "hidden"),
        ('<span style="opacity: 0">{}</span>', "hidden"),
        ('<span style="font-size: 0px">{}</span>', "hidden"),
        ('<span style="color: #FFF; background: white">{}</span>', "hidden"),
        ("<span hidden>{}</span>", "hidden"),
        ('<span style="position:absolute; left:-9999px">{}</span>', "hidden"),
        ('<span style="position:absolute; clip: rect(1px, 1px, 1px, 1px)">{}</span>', "hidden"),
    ],
)
def test_struck_deleted_and_hidden_words_are_left_out_and_named(element: str, kind: str):
    text = read_clipboard(f"<p>{element.format('Take 50 mg.')} Take 5 mg.</p>")
    assert [shown(block) for block in text.blocks] == ["<p>Take 5 mg.</p>"]
    remark = text.all_remarks[0]
    assert (remark.kind, remark.quote) == ("omitted", "Take 50 mg.")
    assert kind in remark.message
    assert without_tags(remark.undone or "") == "Take 50 mg. Take 5 mg."


def test_a_struck_paragraph_list_and_row_are_named():
    source = (
        '<p style="text-decoration:line-through">Take 50 mg.</p><ul><li><s>One</s></li><li>Two</li></ul>'
        "<table><tr><td>a</td><td>b</td></tr>"
        '<tr style="text-decoration:line-through"><td>5</td><td>6</td></tr></table>'
    )
    text = read_clipboard(source)
    assert [shown(block) for block in text.blocks] == ["<ul><li>Two</li></ul>", [["a", "b"]]]
    assert [quote for _, quote in remarks_of(text)] == ["Take 50 mg.", "One", "5", "6"]


def test_white_words_on_an_unknown_ground_are_kept_and_reported():
    text = read_clipboard('<p>Take 5 mg <span style="color:white">or 50 mg</span></p>')
    assert shown(text.blocks[0]) == "<p>Take 5 mg or 50 mg</p>"
    assert remarks_of(text) == [("unsure", "or 50 mg")]


@pytest.mark.parametrize(
    "source",
    [
        "<table><tr><td>1</td><td>0 mg</td></tr></table>",
        "<table><tr><td>1<td>0 mg</table>",
        "<tr><td>1</td><td>0 mg</td></tr>",
        "<ul><li>1</li><li>0 mg</li></ul>",
        "<ul><li>1<li>0 mg</ul>",
        "<p>1</p><p>0 mg</p>",
        "<p>1<p>0 mg",
        "<div>1<div>0 mg</div></div>",
        "1<br>0 mg",
        "<dl><dt>1<dd>0 mg</dl>",
        "<pre>1\n0 mg</pre>",
        "<pre>1\t0 mg</pre>",
        '<p><span style="display:block">1</span><span style="display:block">0 mg</span></p>',
        '<div><span style="display:inline-block">1</span><span style="float:left">0 mg</span></div>',
        '<i style="position:absolute;left:1px">1</i><i style="position:absolute;left:90px">0 mg</i>',
        '<span style="margin-right: 20px">1</span><span>0 mg</span>',
        '<div style="display:table-row"><div style="display:table-cell">1</div><div>0 mg</div></div>',
        "<p>1<img src=x.png>0 mg</p>",
        "<p>1<span style='mso-tab-count:1'></span>0 mg</p>",
        "<table><tr><td><table><tr><td>1</td><td>0 mg</td></tr></table></td><td>b</td></tr></table>",
        "<p>1<select><option>a</select>0 mg</p>",
        "<h2>1</h2>0 mg",
        "<blockquote>1</blockquote>0 mg",
        "<table><caption>1</caption><tr><td>0 mg<td>b</table>",
    ],
)
def test_numbers_that_stand_apart_are_not_joined(source: str):
    captions = [block.caption for block in read_clipboard(source).blocks if isinstance(block, ParsedTable)]
    text = " ".join([*captions, without_tags(re.sub("<[^>]+>", " ", html_of(source)))])
    assert "10" not in text
    assert "1" in text
    assert "0 mg" in text


CELLS = st.sampled_from(
    ["1", "0", "0.5 ", "Dose / ", "52", " 0 mg", "1 /", "", "10<sup>8</sup>", "<p>1</p><p>2</p>"]
)
ROWS = st.lists(st.lists(CELLS, min_size=1, max_size=6), min_size=1, max_size=5)


@given(ROWS)
def test_no_table_reads_as_one_number(rows: list[list[str]]):
    source = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    text = read_clipboard(f"<table>{source}</table>")
    assert unreported_differences(source, text.blocks, text.remarks) == []


@st.composite
def lists(draw: st.DrawFn, depth: int = 0) -> str:
    tag = draw(st.sampled_from(["ul", "ol"]))
    items = draw(
        st.lists(
            st.sampled_from(["1", "0 mg", "5<br>0 mg", "<p>2</p><p>0</p>", "10<sup>8</sup>"]), min_size=1
        )
    )
    inner = [draw(lists(depth + 1)) if depth < 2 and draw(st.booleans()) else "" for _ in items]
    return f"<{tag}>" + "".join(f"<li>{a}{b}</li>" for a, b in zip(items, inner, strict=True)) + f"</{tag}>"


@given(lists())
def test_no_list_reads_as_one_number(source: str):
    text = read_clipboard(source)
    assert unreported_differences(source, text.blocks, text.remarks) == []


@given(st.text(alphabet=st.sampled_from(list("<>/=\"'! -[]&;:{}abdlpstuir0123456789 \n")), max_size=300))
def test_no_html_makes_the_reader_fail(source: str):
    text = read_clipboard(source)
    for block in text.blocks:
        assert sanitise(str(shown(block))) is not None


@pytest.mark.parametrize(
    "piece", ["<ul><li>", "<table><tr><td>", "<div>", "<b>", "<p style='", "<!--", "<span>a"]
)
def test_a_deep_or_broken_clipboard_is_read_in_time(piece: str):
    source = piece * 2000 + "Take 5 mg"
    text = read_clipboard(source)
    unreported_remarks(source, text.blocks, text.remarks)
    assert isinstance(text, ClipboardText)


def test_bullets_of_all_programs_become_items():
    for bullet in ["•", "■", "➢", "∙", "\u2043", "⦁", "►", "\uf0b7", "▪", "○", "·", "✓"]:
        text = read_clipboard(f"<p>{bullet}\u00a0 Take 5 mg.</p><p>{bullet}  Rest.</p>")
        assert [shown(block) for block in text.blocks] == ["<ul><li>Take 5 mg.</li><li>Rest.</li></ul>"], (
            bullet
        )


def test_a_list_that_went_on_from_another_says_so():
    text = read_clipboard('<p>And then:</p><ol start="5"><li>Rest.</li></ol>')
    assert remarks_of(text) == [("unsure", "Rest.")]
    assert "number 5" in text.all_remarks[0].message


def test_a_wide_table_becomes_lines_and_says_so():
    row = "".join(f"<td>{n}</td>" for n in range(9))
    text = read_clipboard(f"<table><tr>{row}</tr></table>")
    assert shown(text.blocks[0]) == "<p>0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8</p>"
    assert "9 columns" in text.all_remarks[0].message


def test_bold_of_the_other_program_is_dropped_and_emphasis_is_kept():
    assert html_of("<p><b>Take</b></p><p><b>it</b></p>") == "<p>Take</p><p>it</p>"
    assert html_of('<div style="font-weight:700"><p>Take it</p></div>') == "<p>Take it</p>"
    assert html_of("<b style='font-weight:normal'><p>Take <b>5 mg</b></p></b>") == "<p>Take <b>5 mg</b></p>"
    assert html_of("<b>not</b>") == "<p><b>not</b></p>"
    assert html_of("<style>p {font-weight:bold}</style><p>Take it</p>") == "<p>Take it</p>"


def test_headings_become_the_two_levels_that_there_are():
    source = "<h2>A</h2><h3>B</h3><h5>C</h5>"
    assert html_of(source) == "<h3>A</h3><h4>B</h4><h4>C</h4>"


def test_a_plain_text_is_plain():
    text = read_plain_text("Give 2*10 mg and <5 mg.\n• Rest_ful_\n\nDose\tDays\n1\t0\n")
    found = [shown(block) for block in text.blocks]
    assert found == [
        "<p>Give 2*10 mg and &lt;5 mg.</p>",
        "<ul><li>Rest_ful_</li></ul>",
        [["Dose", "Days"], ["1", "0"]],
    ]


def test_an_ordered_list_keeps_its_order():
    text = read_clipboard("<ol><li>Wash.</li><li>Rinse.</li></ol>")
    assert isinstance(text.blocks[0], ParsedList)
    assert all(item.ordered for item in text.blocks[0].items)
