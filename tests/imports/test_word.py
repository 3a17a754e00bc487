"""Parsing of Word files, and the notes on what is not imported."""

import re

import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from monographs.document import SectionType
from monographs.imports.parsed_text import ListItem, ParsedList, ParsedParagraph, ParsedTable, Subheading
from monographs.imports.remarks import Remark, RemarkKind
from monographs.imports.section_values import section_values
from monographs.imports.word import parse_word
from tests.imports.word_files import (
    W,
    bold,
    new_document,
    page_in_word,
    paragraph,
    part,
    run,
    with_body,
    with_parts,
    word_bytes,
)

S = SectionType
LAST = S.COMMONLY_TESTED_WITH


def last_section(change=None, xml=""):
    """What ``change`` or ``xml`` adds to the last section, and the parsed page."""
    data = page_in_word(change)
    parsed = parse_word(with_body(data, xml) if xml else data, "testumab.docx")
    return parsed.sections[LAST][1:], parsed


def said(parsed) -> list[tuple[RemarkKind, str]]:
    """What the importer is told about a page: kinds and quotes, block by block, then the rest."""
    blocks = [*(block for group in parsed.sections.values() for block in group), *parsed.serious]
    remarks = [*(remark for block in blocks for remark in block.remarks), *parsed.remarks]
    return [(remark.kind, remark.quote) for remark in remarks]


def test_a_page_with_headings_by_style_is_read_completely():
    parsed = parse_word(page_in_word(), "page.docx")
    assert (parsed.name, parsed.brands, parsed.class_line) == ("testumab", ["Testivo"], "Example antibodies")
    assert parsed.missing == parsed.unplaced == parsed.left_out == said(parsed) == []
    assert parsed.sections[S.COMMON_SIDE_EFFECTS] == [
        ParsedParagraph("Many people notice:"),
        ParsedList([ListItem("Tiredness"), ListItem("Cold hands")]),
    ]
    assert parsed.serious == [ParsedParagraph("Call 911 for a very high fever.")]


def test_bold_paragraphs_are_headings():
    document = new_document()
    bold(document, "TESTUMAB (Testivo)")
    bold(document, "How it works:")
    document.add_paragraph("It works.")
    bold(document, "In the body")
    document.add_paragraph("It stays.")
    bold(document, "Never stop it by yourself.")
    bold(document, "Side Effects")
    document.add_paragraph("Rash.")
    parsed = parse_word(word_bytes(document), "a.docx")
    assert parsed.name == "testumab"
    assert parsed.sections[S.HOW_IT_WORKS] == [
        ParsedParagraph("It works."),
        Subheading("In the body"),
        ParsedParagraph("It stays."),
        ParsedParagraph("<b>Never stop it by yourself.</b>"),
    ]
    assert parsed.sections[S.COMMON_SIDE_EFFECTS] == [ParsedParagraph("Rash.")]


def test_a_numbered_heading_and_one_on_the_line_above_its_text_are_known():
    document = new_document()
    document.add_paragraph("How it works", style="List Number")
    document.add_paragraph("It works.")
    document.add_paragraph("Who should take it\nYou should.")
    parsed = parse_word(word_bytes(document), "testumab.docx")
    assert parsed.sections == {
        S.HOW_IT_WORKS: [ParsedParagraph("It works.")],
        S.WHO_SHOULD_TAKE_IT: [ParsedParagraph("You should.")],
    }


def test_formatting_is_kept_and_nothing_else_is_markup():
    def change(document):
        p = document.add_paragraph("Take ")
        p.add_run("two").bold = True
        p.add_run(" or ")
        p.add_run("three").italic = True
        p.add_run(" at 5 × 10")
        p.add_run("9").font.superscript = True
        p.add_run(" H")
        p.add_run("2").font.subscript = True
        p.add_run("O <b>&amp; *so* [on](x)\nnext line")

    [block], _ = last_section(change)
    assert block.text == (
        "Take <b>two</b> or <i>three</i> at 5 × 10<sup>9</sup> H<sub>2</sub>"
        "O &lt;b&gt;&amp;amp; *so* [on](x)<br/>next line"
    )


def test_an_item_with_a_superscript_does_not_become_the_name_of_a_side_effect():
    document = new_document()
    document.add_paragraph("Side effects")
    item = document.add_paragraph("Fewer than 10", style="List Bullet")
    item.add_run("9").font.superscript = True
    parsed = parse_word(word_bytes(document), "testumab.docx")
    value = section_values(parsed)[S.COMMON_SIDE_EFFECTS]
    assert value["common_effects"] == []
    assert "10<sup>9</sup>" in value["content"][0]["value"]


@pytest.mark.parametrize(
    ("href", "kept"),
    [
        ("https://example.org/a?b=1&amp;c=2", True),
        ("javascript:alert(1)", False),
        ("file:///etc/passwd", False),
    ],
)
def test_links_are_kept_or_become_text(href, kept):
    relation = (
        f'<Relationship Id="rId900" TargetMode="External" Target="{href}" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"/></Relationships>'
    )
    data = with_body(page_in_word(), paragraph(f'<w:hyperlink r:id="rId900">{run("here")}</w:hyperlink>'))
    rels = part(data, "word/_rels/document.xml.rels").replace("</Relationships>", relation)
    parsed = parse_word(with_parts(data, **{"word___rels__document.xml.rels": rels}), "a.docx")
    text = parsed.sections[LAST][1].text
    assert text == (f'<a href="{href}">here</a>' if kept else "here")


def test_nested_lists_and_typed_bullets():
    document = new_document()
    document.add_paragraph("How it works")
    for words in ("• first", "• second", "- third"):
        document.add_paragraph(words)
    document.add_paragraph("Text. - not a bullet")
    parsed = parse_word(word_bytes(document), "testumab.docx")
    assert parsed.sections[S.HOW_IT_WORKS] == [
        ParsedList([ListItem("first"), ListItem("second"), ListItem("third")]),
        ParsedParagraph("Text. - not a bullet"),
    ]


def test_lists_within_lists():
    levels = "".join(
        f'<w:lvl w:ilvl="{n}"><w:numFmt w:val="{kind}"/></w:lvl>'
        for n, kind in enumerate(("bullet", "decimal"))
    )
    numbering = (
        f'<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="9">{levels}</w:abstractNum>'
        '<w:num w:numId="9"><w:abstractNumId w:val="9"/></w:num></w:numbering>'
    )
    xml = "".join(
        paragraph(
            f'<w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="9"/></w:numPr></w:pPr>{run(words)}'
        )
        for words, level in (("outer", 0), ("inner", 1), ("inner too", 1), ("last", 0))
    )
    data = with_parts(with_body(page_in_word(), xml), **{"word__numbering.xml": numbering})
    assert parse_word(data, "a.docx").sections[LAST][1:] == [
        ParsedList(
            [ListItem("outer"), ListItem("inner", True, 1), ListItem("inner too", True, 1), ListItem("last")]
        )
    ]


def test_cells_of_a_table_are_kept_apart():
    def change(document):
        table = document.add_table(3, 2)
        for n, words in enumerate(("Weight", "Dose", "1", "0 mg", "", "2 mg")):
            table.cell(n // 2, n % 2).text = words

    [table], parsed = last_section(change)
    assert table == ParsedTable([["Weight", "Dose"], ["1", "0 mg"], ["", "2 mg"]], header_row=True)
    assert said(parsed) == []


def test_a_cell_that_spans_rows_is_repeated_in_each():
    def change(document):
        table = document.add_table(2, 2)
        table.cell(0, 0).merge(table.cell(1, 0)).text = "Adults"
        table.cell(0, 1).text, table.cell(1, 1).text = "1 mg", "2 mg"

    [table], _ = last_section(change)
    assert table.rows == [["Adults", "1 mg"], ["Adults", "2 mg"]]
    assert "Merged cells were repeated" in table.remarks[0].message


def test_a_page_laid_out_in_a_table_is_read_cell_by_cell():
    document = new_document()
    table = document.add_table(2, 2)
    for n, words in enumerate(("How it works", "It works.", "Side effects", "Rash.")):
        table.cell(n // 2, n % 2).text = words
    parsed = parse_word(word_bytes(document), "testumab.docx")
    assert parsed.sections == {
        S.HOW_IT_WORKS: [ParsedParagraph("It works.")],
        S.COMMON_SIDE_EFFECTS: [ParsedParagraph("Rash.")],
    }
    assert "cell by cell" in parsed.remarks[0].message


def test_labels_in_a_table_before_the_headings_are_read():
    document = new_document()
    table = document.add_table(2, 2)
    for n, words in enumerate(("Generic name", "Testumab", "Administration", "Oral")):
        table.cell(n // 2, n % 2).text = words
    document.add_paragraph("How it works")
    document.add_paragraph("It works.")
    parsed = parse_word(word_bytes(document), "page.docx")
    assert (parsed.name, parsed.administration) == ("testumab", ["Administration: Oral"])


def test_deleted_text_is_left_out_and_reported():
    xml = paragraph(
        run("Take ")
        + '<w:del w:id="1" w:author="A"><w:r><w:delText>five</w:delText></w:r></w:del>'
        + f'<w:ins w:id="2" w:author="A">{run("two")}</w:ins>'
    )
    [block], _ = last_section(xml=xml)
    assert block.text == "Take two"
    assert [(r.kind, r.quote, r.undone) for r in block.remarks] == [
        (RemarkKind.OMITTED, "five", "Take fivetwo"),
        (RemarkKind.UNSURE, "two", "Take"),
    ]


def test_hidden_text_is_left_out_and_named():
    [block], _ = last_section(xml=paragraph(run("Seen.") + run(" Unseen.", "<w:vanish/>")))
    assert block.text == "Seen."
    assert [(r.kind, r.quote, r.undone) for r in block.remarks] == [
        (RemarkKind.OMITTED, "Unseen.", "Seen. Unseen.")
    ]


def test_fields_and_text_boxes_are_text():
    box = (
        '<w:r><w:pict xmlns:v="urn:schemas-microsoft-com:vml"><v:shape><v:textbox><w:txbxContent>'
        f"{paragraph(run('In a box.'))}</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    )
    xml = paragraph(run("Table ") + f'<w:fldSimple w:instr="SEQ">{run("7")}</w:fldSimple>') + paragraph(
        run("Beside.") + box
    )
    blocks, parsed = last_section(xml=xml)
    assert blocks == [ParsedParagraph("Table 7"), ParsedParagraph("Beside."), ParsedParagraph("In a box.")]
    assert said(parsed) == []


def test_a_drawing_whose_older_form_is_empty_gives_its_words():
    xml = paragraph(
        '<w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f'<mc:Choice Requires="x"><w:txbxContent>{paragraph(run("New form."))}</w:txbxContent></mc:Choice>'
        "<mc:Fallback/></mc:AlternateContent></w:r>"
    )
    blocks, parsed = last_section(xml=xml)
    assert "New form." in [block.text for block in blocks]
    assert said(parsed) == []


@pytest.mark.parametrize("char", ["m", "&#xF06D;"])
def test_micro_in_a_symbol_typeface_never_becomes_milli(char):
    fonts = '<w:rFonts w:ascii="Symbol" w:hAnsi="Symbol"/>'
    [block], _ = last_section(xml=paragraph(run("5 ") + run(char, fonts) + run("g")))
    assert block.text == "5 μg"
    assert [(r.kind, r.result) for r in block.remarks] == [(RemarkKind.CHANGED, "μ")]


def test_an_unknown_symbol_is_reported():
    xml = paragraph(run("a") + '<w:r><w:sym w:font="Odd" w:char="F041"/></w:r>')
    [block], _ = last_section(xml=xml)
    assert [r.message for r in block.remarks] == [
        "The symbol F041 of the font Odd could not be read; type what it shows."
    ]


def test_struck_out_words_are_left_out_and_named():
    [block], _ = last_section(xml=paragraph(run("Take ") + run("five", "<w:strike/>")))
    assert block.text == "Take"
    assert [(r.kind, r.quote, r.undone) for r in block.remarks] == [(RemarkKind.OMITTED, "five", "Take five")]


def test_headers_footers_and_comments_are_left_out_and_reported():
    def change(document):
        document.sections[0].header.paragraphs[0].text = "Draft 3"
        document.sections[0].footer.paragraphs[0].text = "Confidential"
        document.add_comment(document.paragraphs[-1].runs, text="Is this so?", author="A")

    blocks, parsed = last_section(change)
    assert blocks == []
    assert {quote for _, quote in said(parsed)} == {"Draft 3", "Confidential", "Is this so?"}


FOOTNOTES = (
    '<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    '<w:footnote w:id="2"><w:p><w:r><w:t>Label of 2024, https://example.org/label.</w:t></w:r></w:p></w:footnote>'
    "</w:footnotes>"
)


def test_footnotes_go_with_the_paragraph_that_cites_them():
    data = with_body(
        page_in_word(), paragraph(run("Well known.") + '<w:r><w:footnoteReference w:id="2"/></w:r>')
    )
    parsed = parse_word(with_parts(data, **{"word__footnotes.xml": FOOTNOTES}), "testumab.docx")
    assert parsed.sections[LAST][1:] == [ParsedParagraph("Well known.", ["footnote-2"])]
    assert parsed.footnotes == {"footnote-2": "Label of 2024, https://example.org/label."}


def test_a_footnote_that_no_section_cites_is_not_lost():
    document = new_document()
    p = document.add_paragraph("A word before")
    reference = OxmlElement("w:footnoteReference")
    reference.set(qn("w:id"), "2")
    p.add_run()._r.append(reference)
    document.add_paragraph("How it works")
    document.add_paragraph("It works.")
    data = with_parts(word_bytes(document), **{"word__footnotes.xml": FOOTNOTES})
    parsed = parse_word(data, "testumab.docx")
    assert "Label of 2024, https://example.org/label." in parsed.unplaced
    assert parsed.footnotes == {}


def test_pictures_are_not_opened_and_their_alternative_texts_are_reported():
    drawing = (
        '<w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
        '<wp:docPr id="1" name="p" descr="A pump on a stand"/>'
        '<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData>'
        '<pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:blipFill>'
        '<a:blip r:link="rId901"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline>'
        "</w:drawing></w:r>"
    )
    relation = (
        '<Relationship Id="rId901" TargetMode="External" Target="http://192.0.2.1/x.png" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"/></Relationships>'
    )
    data = with_body(page_in_word(), paragraph(run("See:") + drawing))
    rels = part(data, "word/_rels/document.xml.rels").replace("</Relationships>", relation)
    parsed = parse_word(with_parts(data, **{"word___rels__document.xml.rels": rels}), "a.docx")
    [block] = parsed.sections[LAST][1:]
    assert block.text == "See:"
    assert block.remarks == [
        Remark(RemarkKind.OMITTED, "A picture was not imported; add it in the editor.", "A pump on a stand")
    ]


def test_a_table_of_contents_is_left_out_and_listed():
    data = page_in_word()
    styles = part(data, "word/styles.xml").replace(
        "</w:styles>",
        '<w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/></w:style></w:styles>',
    )
    toc = paragraph('<w:pPr><w:pStyle w:val="TOC1"/></w:pPr>' + run("How it works 3"))
    document = re.sub(r"<w:body>", lambda m: m[0] + toc, part(data))
    parsed = parse_word(
        with_parts(data, **{"word__document.xml": document, "word__styles.xml": styles}), "a.docx"
    )
    assert parsed.left_out == ["How it works 3"]
    assert parsed.missing == []
