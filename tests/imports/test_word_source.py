"""The inventory of a Word file catches a converter with any fault: each is seeded, and each is found."""

# ruff: noqa: E501 - elements of XML are easier to read on one line

from collections.abc import Callable
from dataclasses import replace

import pytest

from monographs.document import SectionType
from monographs.imports.draft_inventory import inventory_of
from monographs.imports.inventory import differences
from monographs.imports.parsed_text import ParsedList, ParsedMonograph, ParsedTable
from monographs.imports.remarks import RemarkKind
from monographs.imports.word import parse_word, word_parser
from monographs.imports.word.zip_package import read_parts
from monographs.imports.word_source import word_inventory
from tests.imports.word_files import item, numbering, paragraph, run, style, table, word_package

RAISED = '<w:vertAlign w:val="superscript"/>'
BOX = (
    "<w:r><w:pict><v:shape><v:textbox><w:txbxContent>{}</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
)
DIAGRAM = (
    '<d:dataModel xmlns:d="http://schemas.openxmlformats.org/drawingml/2006/diagram" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:p><a:r><a:t>Graphic words</a:t></a:r></a:p>'
    "</d:dataModel>"
)
GRAPHIC = (
    '<w:r><w:drawing><a:graphic><a:graphicData uri="http://x/diagram"><dgm:relIds r:dm="rId100"/></a:graphicData>'
    "</a:graphic></w:drawing></w:r>"
)
MATH = "<m:oMath><m:sSup><m:e><m:r><m:t>7</m:t></m:r></m:e><m:sup><m:r><m:t>3</m:t></m:r></m:sup></m:sSup></m:oMath>"
BODY = "".join(
    (
        paragraph(run("Give 2 × 10") + run("8", '<w:rStyle w:val="Up"/>') + run(" cells.")),
        paragraph(run("Take 50 mg. ", "<w:dstrike/>") + run("Take 5 mg.")),
        paragraph(run("Shown.") + run(" Secret dose.", '<w:rStyle w:val="Hide"/>')),
        paragraph('<w:r><w:t>Day 1</w:t><w:cr/><w:t>0 ml</w:t></w:r>'),
        paragraph(run("Beside the box.") + BOX.format(paragraph(run("Inside the box.")))),
        paragraph(run("Cited.") + '<w:r><w:footnoteReference w:id="2"/></w:r>'),
        paragraph(run("Drawn.") + GRAPHIC),
        paragraph(run("Give 1") + "<w:r><w:noBreakHyphen/></w:r>" + run("2 tablets or ½, &lt; 4.")),
        paragraph(run("Old") + '<w:del w:id="1"><w:r><w:delText> deleted</w:delText></w:r></w:del>'
                  + f'<w:ins w:id="2">{run(" inserted")}</w:ins>'),
        paragraph(run("Power ") + MATH),
        paragraph('<w:r><w:sym w:font="Symbol" w:char="F06D"/></w:r>' + run("g")),
        item("wash"), item("dry"), item("inner", 1),
        table([["Dose", "0.5 mg"], ["1", "0 mg"], ["Night", "25 mg"]]),
        paragraph(run("Asked.") + '<w:r><w:commentReference w:id="1"/></w:r>'),
    )
)  # fmt: skip


@pytest.fixture(scope="module")
def data() -> bytes:
    """A page with everything in it."""
    note = paragraph(run("Not for:")) + item("liver disease", num_id=2) + item("pregnancy", num_id=2)
    return word_package(
        BODY,
        styles=style("Up", RAISED) + style("Hide", "<w:vanish/>"),
        numbering=numbering({0: ("decimal", "%1."), 1: ("lowerLetter", "%2)")})
        + numbering({0: ("bullet", "•")}, 2),
        footnotes=f'<w:footnote w:id="2">{note}</w:footnote>',
        comments=f'<w:comment w:id="1">{paragraph(run("Query of a colleague"))}</w:comment>',
        header=paragraph(run("Header words")),
        parts={"data1.xml": ("diagramData", DIAGRAM)},
    )


def parsed(data: bytes) -> ParsedMonograph:
    return parse_word(data, "testumab.docx")


def found_in(data: bytes, draft: ParsedMonograph) -> list[str]:
    return [
        f"{d.kind}: {d.quote}" for d in differences(word_inventory(read_parts(data)), inventory_of(draft))
    ]


def blocks_of(draft: ParsedMonograph) -> list:
    return draft.sections[SectionType.HOW_IT_WORKS]


def test_a_faultless_converter_has_no_differences(data):
    assert found_in(data, parsed(data)) == []


def replaced(old: str, new: str) -> Callable[[ParsedMonograph], None]:
    """A fault that reads ``old`` as ``new``."""

    def change(draft: ParsedMonograph) -> None:
        hits = 0
        for block in blocks_of(draft):
            if isinstance(block, ParsedList):
                for one in block.items:
                    hits += old in one.text
                    one.text = one.text.replace(old, new)
            elif isinstance(block, ParsedTable):
                hits += any(old in text for cells in block.rows for text in cells)
                block.rows = [[text.replace(old, new) for text in cells] for cells in block.rows]
            else:
                hits += old in block.text
                block.text = block.text.replace(old, new)
        for name, words in draft.footnotes.items():
            hits += old in words
            draft.footnotes[name] = words.replace(old, new)
        assert hits, old

    return change


def unsaid(kind: RemarkKind, words: str) -> Callable[[ParsedMonograph], None]:
    """A fault that does not name ``words``."""

    def change(draft: ParsedMonograph) -> None:
        groups = [draft.remarks, *(block.remarks for block in blocks_of(draft))]
        hits = [(group, r) for group in groups for r in group if r.kind is kind and words in r.quote]
        assert hits
        for group, remark in hits:
            group.remove(remark)

    return change


def joined_cells(draft: ParsedMonograph) -> None:
    for n, block in enumerate(blocks_of(draft)):
        if isinstance(block, ParsedTable):
            blocks_of(draft)[n] = replace(block, rows=[["".join(cells)] for cells in block.rows])


def without_numbers(draft: ParsedMonograph) -> None:
    for block in blocks_of(draft):
        if isinstance(block, ParsedList):
            for one in block.items:
                one.ordered = False


FAULTS: dict[str, Callable[[ParsedMonograph], None]] = {
    "drops the raised look": replaced("<sup>8</sup>", "8"),
    "drops a power of an equation": replaced("<sup>3</sup>", "3"),
    "lowers what was raised": replaced("<sup>8</sup>", "<sub>8</sub>"),
    "joins cells": joined_cells,
    "drops a cell": replaced("25 mg", ""),
    "swaps two cells": replaced("25 mg", "0.5 mg"),
    "keeps struck words": replaced("Take 5 mg.", "Take 50 mg. Take 5 mg."),
    "leaves struck words out unsaid": unsaid(RemarkKind.OMITTED, "Take 50 mg."),
    "keeps hidden words": replaced("Shown.", "Shown. Secret dose."),
    "leaves hidden words out unsaid": unsaid(RemarkKind.OMITTED, "Secret dose."),
    "joins numbers at a line break": replaced("1<br/>0", "10"),
    "drops a text box": replaced("Inside the box.", ""),
    "reads a text box twice": replaced("Inside the box.", "Inside the box. Inside the box."),
    "drops a list in a footnote": replaced(" liver disease; pregnancy", ""),
    "joins paragraphs of a footnote": replaced("disease; pregnancy", "diseasepregnancy"),
    "drops a graphic": unsaid(RemarkKind.OMITTED, "Graphic words"),
    "drops a comment": unsaid(RemarkKind.OMITTED, "Query of a colleague"),
    "drops a header": unsaid(RemarkKind.OMITTED, "Header words"),
    "drops a hyphen": replaced("1-2 tablets", "12 tablets"),
    "drops a sign": replaced("&lt;", ""),
    "drops a half": replaced("½", ""),
    "keeps a tracked deletion": replaced("Old inserted", "Old deleted inserted"),
    "leaves a deletion out unsaid": unsaid(RemarkKind.OMITTED, "deleted"),
    "drops a tracked insertion": replaced("Old inserted", "Old"),
    "reads micro as milli": replaced("μg", "mg"),
    "drops an item": replaced("dry", ""),
    "drops the numbers of a list": without_numbers,
    "drops a decimal point": replaced("0.5", "05"),
    "changes a dose": replaced("Take 5 mg.", "Take 6 mg."),
    "loses a paragraph": lambda draft: blocks_of(draft).pop(0),
    "repeats a paragraph": lambda draft: blocks_of(draft).append(blocks_of(draft)[1]),
}


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_a_converter_with_a_fault_is_caught(fault, data):
    draft = parsed(data)
    FAULTS[fault](draft)
    assert found_in(data, draft) != []


def test_a_difference_is_told_to_the_importer(data, monkeypatch):
    """The comparison runs after every import: a converter that loses a paragraph does not do so unsaid."""
    real = word_parser.parse_units
    monkeypatch.setattr(word_parser, "parse_units", lambda units, name: real(units[:2] + units[3:], name))
    told = [remark.quote for remark in parsed(data).remarks]
    assert "Give 2 × 10⁸ cells" in told


def test_a_comparison_that_fails_stops_no_import_and_is_told(data, monkeypatch):
    monkeypatch.setattr(word_parser, "word_inventory", None)
    draft = parsed(data)
    assert "could not be compared" in draft.remarks[-1].message
    assert blocks_of(draft)
