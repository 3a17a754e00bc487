"""Kinds of Word input in which a meaning could be lost: kept, or left out and named, never changed unsaid."""

# ruff: noqa: E501 - elements of XML are easier to read on one line

from pathlib import Path

import pytest

from monographs.imports.remarks import RemarkKind
from monographs.imports.word import parse_word
from tests.imports.word_files import HEAD, item, numbering, paragraph, run, style
from tests.imports.word_results import blocks, named, parse, styled, texts

CASES = Path(__file__).resolve().parents[3] / "shared" / "cases"
BOX = "<w:txbxContent>{}</w:txbxContent>"
HIDE = style("Hide", "<w:vanish/>")
STRIKE = style("Strike", "<w:strike/>")


RAISED = '<w:vertAlign w:val="superscript"/>'
LOWERED = '<w:vertAlign w:val="subscript"/>'
TABLE_STYLE = f'<w:style w:type="table" w:styleId="T"><w:name w:val="T"/><w:rPr>{RAISED}</w:rPr></w:style>'


@pytest.mark.parametrize(
    ("body", "styles", "expected"),
    [
        (run("10") + run("8", RAISED), "", "10<sup>8</sup>"),
        (run("H") + run("2", LOWERED) + run("O"), "", "H<sub>2</sub>O"),
        (run("10") + styled("8", "R"), style("R", RAISED), "10<sup>8</sup>"),
        (run("10") + styled("8", "S"), style("R", RAISED) + style("S", "<w:b/>", base="R"), "10<b><sup>8</sup></b>"),
        (run("10") + styled("8", "U"), style("R", RAISED) + style("S", "", base="R") + style("U", "", base="S"),
         "10<sup>8</sup>"),
        (run("10") + styled("8", "S"), style("R", RAISED) + style("S", '<w:vertAlign w:val="baseline"/>', base="R"),
         "108"),
        (run("10") + run("8", '<w:position w:val="6"/>'), "", "10<sup>8</sup>"),
        (run("CO") + run("2", '<w:position w:val="-4"/>'), "", "CO<sub>2</sub>"),
        (run("10") + styled("8", "P"), style("P", '<w:position w:val="8"/>'), "10<sup>8</sup>"),
        (run("10") + run("8", '<w:position w:val="3pt"/>'), "", "10<sup>8</sup>"),
        (run("All of it", '<w:position w:val="6"/>'), "", "All of it"),
        (run("10", '<w:position w:val="1"/>') + run("8"), "", "108"),
        (run("10") + f'<w:ins w:id="1">{run("8", RAISED)}</w:ins>', "", "10<sup>8</sup>"),
        (run("10") + f"<w:hyperlink>{run('8', RAISED)}</w:hyperlink>", "", "10<sup>8</sup>"),
        (run("10") + f"<w:sdt><w:sdtContent>{run('8', RAISED)}</w:sdtContent></w:sdt>", "", "10<sup>8</sup>"),
    ],
)  # fmt: skip
def test_raised_and_lowered_characters_stay_so(body, styles, expected):
    assert texts(parse(paragraph(body), styles=styles)) == [expected]


def test_a_paragraph_style_and_a_table_style_raise_characters():
    styles = style("Up", RAISED, kind="paragraph") + TABLE_STYLE
    parsed = parse(paragraph(run("8"), '<w:pStyle w:val="Up"/>'), styles=styles)
    assert texts(parsed) == ["<sup>8</sup>"]
    cells = f"<w:tr><w:tc>{paragraph(run('8'))}</w:tc><w:tc>{paragraph(run('9'))}</w:tc></w:tr>"
    parsed = parse(f'<w:tbl><w:tblPr><w:tblStyle w:val="T"/></w:tblPr>{cells}</w:tbl>', styles=styles)
    assert blocks(parsed)[0].rows == [["<sup>8</sup>", "<sup>9</sup>"]]


def math(inner: str) -> str:
    return f"<m:oMath>{inner}</m:oMath>"


def m(words: str) -> str:
    return f"<m:r><m:t>{words}</m:t></m:r>"


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        (f"<m:sSup><m:e>{m('10')}</m:e><m:sup>{m('8')}</m:sup></m:sSup>", "10<sup>8</sup>"),
        (f"<m:sSub><m:e>{m('x')}</m:e><m:sub>{m('2')}</m:sub></m:sSub>", "x<sub>2</sub>"),
        (
            f"<m:sSubSup><m:e>{m('x')}</m:e><m:sub>{m('2')}</m:sub><m:sup>{m('3')}</m:sup></m:sSubSup>",
            "x<sub>2</sub><sup>3</sup>",
        ),
        (f"<m:f><m:num>{m('1')}</m:num><m:den>{m('2')}</m:den></m:f>", "1/2"),
        (f"<m:f><m:num>{m('a+b')}</m:num><m:den>{m('2')}</m:den></m:f>", "(a+b)/2"),
        (f"<m:rad><m:e>{m('16')}</m:e></m:rad>", "√16"),
        (f"<m:d><m:e>{m('x')}</m:e></m:d>", "(x)"),
    ],
)
def test_an_equation_keeps_its_look(inner, expected):
    parsed = parse(paragraph(run("See ") + math(inner)))
    assert texts(parsed) == [f"See {expected}"]
    assert [r.kind for r in blocks(parsed)[0].remarks] == [RemarkKind.UNSURE]


DELETED_BREAK = '<w:p><w:pPr><w:rPr><w:del w:id="1"/></w:rPr></w:pPr>' + run("Dose 1") + "</w:p>"


@pytest.mark.parametrize(
    ("body", "styles", "kept", "gone"),
    [
        (run("Take 50 mg.", "<w:dstrike/>") + run(" Take 5 mg."), "", ["Take 5 mg."], ["Take 50 mg."]),
        (run("Take 50 mg.", "<w:strike/>") + run(" Go."), "", ["Go."], ["Take 50 mg."]),
        (styled("Old.", "Strike") + run(" New."), STRIKE, ["New."], ["Old."]),
        (styled("Old.", "S") + run(" New."), STRIKE + style("S", "", base="Strike"), ["New."], ["Old."]),
        (styled("Old.", "D") + run(" New."), style("D", "<w:dstrike/>"), ["New."], ["Old."]),
        (run("Kept.", '<w:strike w:val="0"/>'), "", ["Kept."], []),
        (run("Kept.", '<w:rStyle w:val="Strike"/><w:strike w:val="false"/>'), STRIKE, ["Kept."], []),
        (f'<w:del w:id="1">{run("Old.")}</w:del>{run("New.")}', "", ["New."], ["Old."]),
        (f'<w:moveFrom w:id="1">{run("Old.")}</w:moveFrom>{run("New.")}', "", ["New."], ["Old."]),
        (
            f'<w:ins w:id="1"><w:del w:id="2">{run("Old.")}</w:del></w:ins>{run("New.")}',
            "",
            ["New."],
            ["Old."],
        ),
        (run("Secret.", "<w:vanish/>") + run("Seen."), "", ["Seen."], ["Secret."]),
        (styled("Secret.", "Hide") + run("Seen."), HIDE, ["Seen."], ["Secret."]),
        (
            styled("Secret.", "H") + run("Seen."),
            HIDE + style("H", "<w:i/>", base="Hide"),
            ["Seen."],
            ["Secret."],
        ),
        (run("Secret.", "<w:vanish/><w:specVanish/>") + run("Seen."), "", ["Seen."], ["Secret."]),
        (run("Seen.", "<w:webHidden/>"), "", ["Seen."], []),
        (run("1") + run(",", "<w:strike/>") + run("0 mg"), "", ["1 0 mg"], [","]),
    ],
)
def test_struck_deleted_and_hidden_words_are_left_out_and_named(body, styles, kept, gone):
    parsed = parse(paragraph(body), styles=styles)
    assert texts(parsed) == kept
    assert named(parsed) == gone


def test_a_paragraph_style_hides_its_words_and_a_character_style_shows_them_again():
    styles = HIDE + style("P", "<w:vanish/>", kind="paragraph")
    shown = run("Turned round.", '<w:rStyle w:val="Hide"/>')
    parsed = parse(
        paragraph(run("Seen.")) + paragraph(run("Secret.") + shown, '<w:pStyle w:val="P"/>'), styles=styles
    )
    assert texts(parsed) == ["Seen.", "Turned round."]
    assert named(parsed) == ["Secret."]


def test_the_default_styles_and_the_document_defaults_count():
    default = '<w:style w:type="paragraph" w:default="1" w:styleId="N"><w:name w:val="Normal"/><w:rPr>{}</w:rPr></w:style>'
    parsed = parse(paragraph(run("Seen.") + run("8", RAISED)), styles=default.format(LOWERED))
    assert texts(parsed) == ["<sub>Seen.</sub><sup>8</sup>"]
    defaults = f"<w:docDefaults><w:rPrDefault><w:rPr>{RAISED}</w:rPr></w:rPrDefault></w:docDefaults>"
    assert texts(parse(paragraph(run("8")), styles=defaults)) == ["<sup>8</sup>"]


def test_a_tracked_insertion_is_kept_named_and_can_be_undone():
    parsed = parse(paragraph(run("Take ") + f'<w:ins w:id="1">{run("50 mg")}</w:ins>'))
    assert texts(parsed) == ["Take 50 mg"]
    [remark] = blocks(parsed)[0].remarks
    assert (remark.kind, remark.quote, remark.undone) == (RemarkKind.UNSURE, "50 mg", "Take")


def test_a_deleted_end_of_a_paragraph_joins_no_numbers():
    parsed = parse(DELETED_BREAK + paragraph(run("0 mg")))
    assert texts(parsed) == ["Dose 1", "0 mg"]
    assert "end of this paragraph" in blocks(parsed)[0].remarks[0].message


@pytest.mark.parametrize("mark", ['<w:del w:id="1"/>', "<w:hidden/>"])
def test_a_deleted_or_hidden_row_is_left_out_and_named(mark):
    row = "<w:tr><w:trPr>{}</w:trPr><w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr>"
    rows = row.format("", paragraph(run("a")), paragraph(run("1 mg"))) + row.format(
        mark, paragraph(run("b")), paragraph(run("2 mg"))
    )
    parsed = parse(f"<w:tbl>{rows}</w:tbl>")
    assert blocks(parsed)[0].rows == [["a", "1 mg"]]
    assert named(parsed) == ["b 2 mg"]


def piece(inner: str) -> str:
    return f"<w:r>{inner}</w:r>"


T1, T0 = "<w:t>Day 1</w:t>", "<w:t>0 mg</w:t>"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (piece(f"{T1}<w:br/>{T0}"), "Day 1<br/>0 mg"),
        (piece(f"{T1}<w:cr/>{T0}"), "Day 1<br/>0 mg"),
        (piece(f'{T1}<w:br w:type="page"/>{T0}'), "Day 1<br/>0 mg"),
        (piece(f'{T1}<w:br w:type="column"/>{T0}'), "Day 1<br/>0 mg"),
        (piece(f"{T1}<w:tab/>{T0}"), "Day 1 0 mg"),
        (piece(f'{T1}<w:ptab w:alignment="right"/>{T0}'), "Day 1 0 mg"),
        (piece(f"{T1}<w:pgNum/>{T0}"), "Day 1 0 mg"),
        (piece(f"{T1}<w:noBreakHyphen/>{T0}"), "Day 1-0 mg"),
        (piece(T1) + piece("<w:drawing/>") + piece(T0), "Day 1 0 mg"),
        (piece(T1) + piece("<w:object/>") + piece(T0), "Day 1 0 mg"),
        (piece("<w:t>a\tb\nc</w:t>"), "a b c"),
        (piece("<w:t>anti</w:t><w:softHyphen/><w:t>body</w:t>"), "antibody"),
        (piece("<w:t>1</w:t><w:lastRenderedPageBreak/><w:t>0 mg</w:t>"), "10 mg"),
    ],
)
def test_separators_keep_words_and_numbers_apart(body, expected):
    assert texts(parse(paragraph(body))) == [expected]


def test_a_soft_hyphen_between_digits_is_not_dropped_unsaid():
    parsed = parse(paragraph(piece("<w:t>1</w:t><w:softHyphen/><w:t>2 tablets</w:t>")))
    assert "12 tablets" not in texts(parsed)[0]
    assert blocks(parsed)[0].remarks


def box(words: str) -> str:
    return f"<w:r><w:pict><v:shape><v:textbox>{BOX.format(paragraph(run(words)))}</v:textbox></v:shape></w:pict></w:r>"


def test_a_text_box_beside_text_does_not_join_it():
    assert texts(parse(paragraph(run("Day 1") + box("0 mg") + run(" end")))) == ["Day 1 end", "0 mg"]


def test_alternatives_are_read_once():
    shape = "<wps:wsp><wps:txbx>{}</wps:txbx></wps:wsp>".format(BOX.format(paragraph(run("Boxed."))))
    drawing = f"<w:drawing><wp:inline><a:graphic><a:graphicData>{shape}</a:graphicData></a:graphic></wp:inline></w:drawing>"
    both = (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps">{drawing}</mc:Choice>'
        f"<mc:Fallback><w:pict><v:shape><v:textbox>{BOX.format(paragraph(run('Boxed.')))}</v:textbox></v:shape></w:pict>"
        "</mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert texts(parse(paragraph(run("Beside.") + both))) == ["Beside.", "Boxed."]


NOTE = run("Known.") + '<w:r><w:footnoteReference w:id="2"/></w:r>'


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        (paragraph(run("Dose 1")) + paragraph(run("0 mg")), "Dose 1; 0 mg"),
        (paragraph(run("Not for:")) + item("children") + item("infants"), "Not for: children; infants"),
        (paragraph(run("Do:")) + item("wash", num_id=2) + item("dry", num_id=2), "Do: 1. wash; 2. dry"),
        (
            f"<w:tbl><w:tr><w:tc>{paragraph(run('1'))}</w:tc><w:tc>{paragraph(run('0 mg'))}</w:tc></w:tr></w:tbl>",
            "1; 0 mg",
        ),
        (paragraph(run("10") + run("8", RAISED)), "10⁸"),
        (paragraph(run("10") + run("\u22128", RAISED) + run(" per mL")), "10⁻⁸ per mL"),
        (item("10", num_id=2) + paragraph(run("2 x 10") + run("9", RAISED)), "1. 10; 2 x 10⁹"),
        (
            f"<w:tbl><w:tr><w:tc>{paragraph(run('Cells'))}</w:tc>"
            f"<w:tc>{paragraph(run('10') + run('6', RAISED))}</w:tc></w:tr></w:tbl>",
            "Cells; 10⁶",
        ),
        (paragraph(run("Xe") + run("n", RAISED)), "Xeⁿ"),
        (paragraph(run("Old.", "<w:strike/>") + run("New.")), "New."),
        (paragraph(piece(f"{T1}<w:br/>{T0}")), "Day 1 0 mg"),
    ],
)
@pytest.mark.parametrize("kind", ["footnote", "endnote"])
def test_every_word_of_a_note_arrives(kind, inner, expected):
    body = paragraph(NOTE.replace("footnote", kind))
    numbers = numbering({0: ("bullet", "•")}) + numbering({0: ("decimal", "%1.")}, 2)
    note = f'<w:{kind} w:id="2">{inner}</w:{kind}>'
    parsed = parse(body, numbering=numbers, **{f"{kind}s": note})
    assert parsed.footnotes == {f"{kind}-2": expected}
    if "Old." in inner:
        assert named(parsed) == ["Old."]


def sdt(inner: str, properties: str = "") -> str:
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{inner}</w:sdtContent></w:sdt>"


def form_field(data: str, kind: str) -> str:
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData>{data}</w:ffData></w:fldChar></w:r>'
        f'<w:r><w:instrText>{kind}</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def field(code: str, result: str) -> str:
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{code}</w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{result}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (sdt(run("Chosen"), "<w:dropDownList/>"), "Chosen"),
        (sdt(run("☒"), "<w14:checkbox/>") + run(" Yes"), "☒ Yes"),
        (field("PAGE", run("7")), "7"),
        (field("IF " + "1=1", run("yes")), "yes"),
        (field('HYPERLINK "https://example.org/a"', run("here")), '<a href="https://example.org/a">here</a>'),
        (field("OUTER", run("a ") + field("INNER", run("b"))), "a b"),
        ('<w:fldSimple w:instr="SEQ">' + run("3") + "</w:fldSimple>", "3"),
        (form_field("<w:checkBox><w:checked/></w:checkBox>", "FORMCHECKBOX") + run(" Yes"), "☑ Yes"),
        (form_field('<w:checkBox><w:default w:val="0"/></w:checkBox>', "FORMCHECKBOX") + run(" No"), "☐ No"),
        (
            form_field(
                '<w:ddList><w:result w:val="1"/><w:listEntry w:val="5 mg"/><w:listEntry w:val="50 mg"/></w:ddList>',
                "FORMDROPDOWN",
            ),
            "50 mg",
        ),
        (run("5 ") + form_field("", 'SYMBOL 109 \\f "Symbol"') + run("g"), "5 μg"),
        ("<w:smartTag>" + run("smart") + "</w:smartTag>", "smart"),
        ('<w:r><w:fldChar w:fldCharType="begin"/></w:r>' + run("never ended"), "never ended"),
        (
            "<w:r><w:ruby><w:rt>"
            + run("reading")
            + "</w:rt><w:rubyBase>"
            + run("base")
            + "</w:rubyBase></w:ruby></w:r>",
            "base (reading)",
        ),
        ('<w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r>' + run("5"), "≥5"),
        ("<w:dir>" + run("inside") + "</w:dir>", "inside"),
    ],
)
def test_controls_and_fields_show_what_they_show_in_word(body, expected):
    assert texts(parse(paragraph(body))) == [expected]


def test_the_prompt_of_an_empty_control_is_no_text():
    prompt = sdt(run("Click here."), "<w:showingPlcHdr/>")
    parsed = parse(paragraph(run("Seen.") + prompt) + sdt(paragraph(run("Or here.")), "<w:showingPlcHdr/>"))
    assert texts(parsed) == ["Seen."]
    assert named(parsed) == ["Click here.", "Or here."]


def test_words_that_word_turns_round_are_named():
    parsed = parse(paragraph(run("Take ") + f'<w:bdo w:val="rtl">{run("05")}</w:bdo>' + run(" mg")))
    assert "from right to left" in blocks(parsed)[0].remarks[0].message


def test_a_large_first_letter_belongs_to_its_word():
    cap = paragraph(run("T"), '<w:framePr w:dropCap="drop"/>')
    assert texts(parse(cap + paragraph(run("ake 5 mg.")))) == ["Take 5 mg."]


@pytest.mark.skipif(not CASES.exists(), reason="the cases are not beside the project")
@pytest.mark.parametrize(
    ("name", "expected", "gone"),
    [
        ("raised-by-style", ["Give 2 x 10<sup>8</sup> cells."], []),
        ("struck-double", ["Take 5 mg."], ["Take 50 mg."]),
        ("hidden-by-style", ["Seen."], ["Writer: check the dose."]),
        ("line-break", ["Day 1<br/>0 mg 5 mg"], []),
        ("footnote-list", ["It blocks a signal."], []),
        ("smartart", ["Seen."], ["SmartArt graphic"]),
        ("word-online", ["It blocks a signal."], []),
    ],
)
def test_the_given_word_files_are_read_as_expected(name, expected, gone):
    parsed = parse_word((CASES / f"{name}.docx").read_bytes(), f"{name}.docx")
    assert texts(parsed) == expected
    assert named(parsed) == gone
    if name == "footnote-list":
        assert parsed.footnotes == {"footnote-2": "Not for people; with liver disease; who are pregnant"}


def test_remarks_about_a_heading_are_at_its_text_and_about_the_name_at_the_file():
    head = paragraph(run("testumab (Testivo)") + run("old", "<w:strike/>")) + paragraph(
        run("How it works") + run("gone", "<w:vanish/>")
    )
    parsed = parse(paragraph(run("Well.")), head=head)
    assert [r.quote for r in blocks(parsed)[0].remarks] == ["gone"]
    assert [r.quote for r in parsed.remarks] == ["old"]
    assert HEAD
