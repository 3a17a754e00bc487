"""Builders for Word files."""

# ruff: noqa: E501 - elements of XML are easier to read on one line

import re
from collections.abc import Callable
from functools import cache
from html import escape
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@cache
def _template() -> bytes:
    """python-docx's template without its table styles, which take a second to parse."""
    document = docx.Document()
    styles = document.styles
    for style in list(styles):
        if style.type == WD_STYLE_TYPE.TABLE and style.name != "Normal Table":
            style.delete()
    styles.element.remove(styles.element.find(qn("w:latentStyles")))
    return word_bytes(document)


def new_document() -> Any:
    """An empty Word document."""
    return docx.Document(BytesIO(_template()))


def word_bytes(document: Any) -> bytes:
    """A python-docx document as a file."""
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def bold(document: Any, words: str) -> None:
    """Add a bold paragraph, as in documents without heading styles."""
    document.add_paragraph().add_run(words).bold = True


def page_in_word(change: Callable[[Any], None] | None = None) -> bytes:
    """A page in Word, with headings by style; ``change`` adds to its last section."""
    document = new_document()
    document.add_heading("Testumab (Testivo)", 0)
    document.add_paragraph("Example antibodies")
    for heading, words in (
        ("How it is administered", "A nurse gives testumab through a drip."),
        ("How it works", "Testumab finds sick cells."),
        ("Common side effects", "Many people notice:"),
        ("Serious side effects", "Call 911 for a very high fever."),
        ("Who should take it", "Grown-ups with example disease."),
        ("Who should not take it", "People who cannot have testumab."),
        ("Commonly used with", "It goes along with samplomycin."),
        ("Commonly tested with", "It was tried with demozide."),
    ):
        document.add_heading(heading, 1)
        document.add_paragraph(words)
        if heading == "Common side effects":
            document.add_paragraph("Tiredness", style="List Bullet")
            document.add_paragraph("Cold hands", style="List Bullet")
    if change:
        change(document)
    return word_bytes(document)


def with_parts(data: bytes, **changed: str | bytes | None) -> bytes:
    """A Word file with parts replaced, added, or (None) left out; ``__`` in a name stands for ``/``."""
    names = {name.replace("__", "/"): content for name, content in changed.items()}
    out = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in names:
                new.writestr(name, old.read(name))
        for name, content in names.items():
            if content is not None:
                new.writestr(name, content)
    return out.getvalue()


def paragraph(inner: str, properties: str = "") -> str:
    """A paragraph in XML."""
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>" if properties else f"<w:p>{inner}</w:p>"


def run(words: str, properties: str = "") -> str:
    """A run in XML."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


def part(data: bytes, name: str = "word/document.xml") -> str:
    """A part as text."""
    with ZipFile(BytesIO(data)) as package:
        return package.read(name).decode()


def with_body(data: bytes, xml: str) -> bytes:
    """A Word file with ``xml`` at the end of its body."""
    document = part(data)
    body = re.sub(r"(<w:sectPr\b.*</w:sectPr>)?</w:body>", lambda m: xml + m[0], document, flags=re.DOTALL)
    return with_parts(data, **{"word__document.xml": body})


RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMESPACES = (
    f'xmlns:w="{W}" xmlns:r="{RELATIONS}" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
)
HEAD = paragraph(run("testumab (Testivo)")) + paragraph(run("How it works"))


def word_package(
    body: str,
    *,
    main: str = "word/document.xml",
    head: str = HEAD,
    parts: dict[str, tuple[str, str | bytes]] | None = None,
    **known: str,
) -> bytes:
    """A Word file made by hand: ``body`` is XML below the heading “How it works”.

    ``known`` are the contents of styles, numbering, footnotes, endnotes, comments, header and footer; ``parts``
    has other parts by name, with the last word of their relationship's type (their ids are rId100 and on).
    """
    out = BytesIO()
    folder, _, base = main.rpartition("/")
    relations = [
        (f"rId{n}", kind, f"{kind}.xml", _part(kind, xml)) for n, (kind, xml) in enumerate(known.items(), 1)
    ]
    for n, (name, (kind, content)) in enumerate((parts or {}).items(), 100):
        relations.append((f"rId{n}", kind, name, content))
    with ZipFile(out, "w", ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("_rels/.rels", _relations([("rId1", "officeDocument", f"/{main}", "")]))
        package.writestr(main, f"<w:document {NAMESPACES}><w:body>{head}{body}</w:body></w:document>")
        package.writestr(f"{folder}/_rels/{base}.rels", _relations(relations))
        for _, _, name, content in relations:
            package.writestr(f"{folder}/{name}", content)
    return out.getvalue()


def _relations(found: list[tuple[str, str, str, str | bytes]]) -> str:
    rows = "".join(
        f'<Relationship Id="{key}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for key, kind, target, _ in found
    )
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{rows}</Relationships>'


def _part(kind: str, xml: str) -> str:
    tag = {"header": "hdr", "footer": "ftr"}.get(kind, kind)
    return f"<w:{tag} {NAMESPACES}>{xml}</w:{tag}>"


def style(style_id: str, properties: str, *, kind: str = "character", base: str = "", extra: str = "") -> str:
    """A style in XML; ``extra`` comes before its properties of characters."""
    based = f'<w:basedOn w:val="{base}"/>' if base else ""
    return (
        f'<w:style w:type="{kind}" w:styleId="{style_id}"><w:name w:val="{style_id}"/>{based}{extra}'
        f"<w:rPr>{properties}</w:rPr></w:style>"
    )


def table(rows: list[list[str]], properties: str = "", header: bool = False) -> str:
    """A table in XML, of plain cells."""
    lines = "".join(
        f"<w:tr>{'<w:trPr><w:tblHeader/></w:trPr>' if header and n == 0 else ''}"
        + "".join(f"<w:tc>{paragraph(run(escape(words)))}</w:tc>" for words in cells)
        + "</w:tr>"
        for n, cells in enumerate(rows)
    )
    return f"<w:tbl><w:tblPr>{properties}</w:tblPr>{lines}</w:tbl>"


def numbering(levels: dict[int, tuple[str, str]], num_id: int = 1, extra: str = "") -> str:
    """A numbering: format and text of each level."""
    rows = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for n, (form, text) in levels.items()
    )
    return (
        f'<w:abstractNum w:abstractNumId="{num_id}">{rows}</w:abstractNum>'
        f'<w:num w:numId="{num_id}"><w:abstractNumId w:val="{num_id}"/>{extra}</w:num>'
    )


def item(words: str, level: int = 0, num_id: int = 1) -> str:
    """An item of a numbered or bulleted list."""
    number = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num_id}"/></w:numPr>'
    return paragraph(run(words), number)
