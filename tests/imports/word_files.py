"""Builders for Word files."""

import re
from collections.abc import Callable
from functools import cache
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
