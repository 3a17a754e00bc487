"""What the import of Word files does not read is named with its words."""

# ruff: noqa: E501 - elements of XML are easier to read on one line

from io import BytesIO
from zipfile import ZipFile

import pytest

from monographs.imports.parsed_text import all_remarks
from monographs.imports.placement import placed_blocks
from monographs.imports.remark_choices import can_choose
from tests.imports.word_files import HEAD, paragraph, run, word_package
from tests.imports.word_results import named, parse, texts


def graphic(uri: str, inner: str, alternative: str = "") -> str:
    return (
        f'<w:r><w:drawing><wp:inline><wp:docPr id="1" name="x" descr="{alternative}"/><a:graphic>'
        f'<a:graphicData uri="http://x/{uri}">{inner}</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>'
    )


DIAGRAM = (
    '<dgm:dataModel xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><dgm:ptLst><dgm:pt><dgm:t><a:p><a:r>'
    "<a:t>Wash</a:t></a:r></a:p></dgm:t></dgm:pt><dgm:pt><dgm:t><a:p><a:r><a:t>Dry</a:t></a:r></a:p></dgm:t>"
    "</dgm:pt></dgm:ptLst></dgm:dataModel>"
)
CHART = (
    '<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><c:chart><c:title><a:p><a:r><a:t>Doses</a:t>'
    "</a:r></a:p></c:title><c:ser><c:cat><c:pt><c:v>Day 1</c:v></c:pt></c:cat><c:val><c:pt><c:v>50</c:v></c:pt>"
    "</c:val></c:ser></c:chart></c:chartSpace>"
)
UNREAD = {
    "SmartArt": (graphic("diagram", '<dgm:relIds r:dm="rId100"/>'), {"data1.xml": ("diagramData", DIAGRAM)}, "Wash Dry"),
    "SmartArt without its part": (graphic("diagram", ""), {}, "SmartArt graphic"),
    "chart": (graphic("chart", '<c:chart r:id="rId100"/>'), {"chart1.xml": ("chart", CHART)}, "Doses Day 1 50"),
    "WordArt": ('<w:r><w:pict><v:shape><v:textpath string="Take care"/></v:shape></w:pict></w:r>', {}, "Take care"),
    "picture": (graphic("picture", "<pic:pic/>", "A pump"), {}, "A pump"),
    "picture without words": (graphic("picture", "<pic:pic/>"), {}, "picture"),
    "old picture": ('<w:r><w:pict><v:shape alt="A drip"><v:imagedata/></v:shape></w:pict></w:r>', {}, "A drip"),
    "ink": ('<w:r><w14:contentPart r:id="rId9"/></w:r>', {}, "ink drawing"),
    "other document": ('<w:altChunk r:id="rId100"/>', {"a.html": ("aFChunk", "<p>Dose</p><p>5 mg</p>")}, "Dose 5 mg"),
    "sub-document": ('<w:subDoc r:id="rId100"/>', {}, "embedded document"),
    "equation field": (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>EQ \\f(1,2)</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>', {}, "EQ \\f(1,2)",
    ),
    "comment": ('<w:r><w:commentReference w:id="1"/></w:r>', {}, "Is this so?"),
    "drawn text": (graphic("lockedCanvas", "<a:sp><a:txBody><a:p><a:r><a:t>In a shape</a:t></a:r></a:p></a:txBody></a:sp>"),
                   {}, "In a shape"),
}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(UNREAD))
def test_what_is_not_read_is_named_with_its_words(kind):
    xml, parts, words = UNREAD[kind]
    comments = '<w:comment w:id="1"><w:p><w:r><w:t>Is this so?</w:t></w:r></w:p></w:comment>'
    body = paragraph(run("Seen.")) + (xml if xml.startswith(("<w:alt", "<w:sub")) else paragraph(xml))
    parsed = parse(body, parts=parts, comments=comments if kind == "comment" else "")
    assert texts(parsed) == ["Seen."]
    assert named(parsed) == [words]


@pytest.mark.parametrize(("kind", "offered"), [("SmartArt", True), ("SmartArt without its part", False)])
def test_only_words_of_the_file_are_offered_to_be_taken_in(kind, offered):
    xml, parts, _words = UNREAD[kind]
    parsed = parse(paragraph(run("Seen.") + xml), parts=parts)
    assert [can_choose(remark) for remark in all_remarks(parsed)] == [offered]


@pytest.mark.parametrize(("kind", "words"), [
    ("sub-document", []), ("picture without words", []), ("picture", ["A pump"]), ("other document", ["Dose 5 mg"]),
])  # fmt: skip
def test_only_words_of_the_file_are_offered_as_a_block(kind, words):
    """Of what stands before the first paragraph, the remark is about no block."""
    xml, parts, _words = UNREAD[kind]
    before = xml if xml.startswith(("<w:alt", "<w:sub")) else paragraph(xml)
    parsed = parse(before + HEAD + paragraph(run("Seen.")), parts=parts, head="")
    assert len(parsed.remarks) == 1
    assert [placed.block.text for placed in placed_blocks(parsed) if placed.remark] == words


def embedded(path: str) -> bytes:
    strings = '<sst xmlns="{0}"><si><t>Dose</t></si><si><t>50 mg</t></si></sst>'
    sheet = '<worksheet xmlns="{0}"><sheetData><row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c><v>7</v></c></row></sheetData></worksheet>'
    if path.endswith("docx"):
        return word_package(paragraph(run("Inner words.")), head="")
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    out = BytesIO()
    with ZipFile(out, "w") as package:
        package.writestr("xl/sharedStrings.xml", strings.format(namespace))
        package.writestr("xl/worksheets/sheet1.xml", sheet.format(namespace))
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "program", "words"),
    [
        ("e.xlsx", "Excel.Sheet.12", "Dose; 50 mg; 7"),
        ("e.docx", "Word.Document.12", "Inner words."),
        ("e.bin", "", "embedded object"),
    ],
)
def test_an_embedded_file_is_named_with_its_words(name, program, words):
    xml = f'<w:r><w:object><o:OLEObject ProgID="{program}" r:id="rId100"/></w:object></w:r>'
    content = embedded(name) if not name.endswith("bin") else b"\x00"
    parsed = parse(paragraph(run("Seen.") + xml), parts={name: ("package", content)})
    assert named(parsed) == [words]


def test_headers_footers_and_watermarks_are_named():
    mark = '<w:p><w:r><w:pict><v:shape><v:textpath string="DRAFT"/></v:shape></w:pict></w:r></w:p>'
    parsed = parse(
        paragraph(run("Seen.")), header=paragraph(run("Version 3")) + mark, footer=paragraph(run("Page 1"))
    )
    assert named(parsed) == ["Version 3", "DRAFT", "Page 1"]
