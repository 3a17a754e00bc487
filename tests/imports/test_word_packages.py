"""Packages of Word files: parts are found by their relationships; other formats are told what to do."""

# ruff: noqa: E501 - elements of XML are easier to read on one line

from io import BytesIO
from zipfile import ZipFile

import pytest

from monographs.document import SectionType
from monographs.imports.errors import ImportRefused
from monographs.imports.input_files import read_bytes
from tests.imports.word_files import W, paragraph, part, run, with_parts, word_package

BODY = paragraph(run("It works."))
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def text_of(data: bytes, name: str = "testumab.docx") -> str:
    [block] = read_bytes(data, name).sections[SectionType.HOW_IT_WORKS]
    return block.text


def zipped(**parts: bytes) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w") as new:
        for name, content in parts.items():
            new.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def renamed(data: bytes, change) -> bytes:
    out = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(change(name), old.read(name))
    return out.getvalue()


def strict(data: bytes) -> bytes:
    changed = {}
    for name in ("word/document.xml", "_rels/.rels", "word/_rels/document.xml.rels"):
        changed[name.replace("/", "__")] = (
            part(data, name)
            .replace(W, "http://purl.oclc.org/ooxml/wordprocessingml/main")
            .replace(
                "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
                "http://purl.oclc.org/ooxml/officeDocument/relationships",
            )
        )
    return with_parts(data, **changed)


READ = {
    "document2.xml": lambda: word_package(BODY, main="word/document2.xml"),
    "another folder": lambda: word_package(BODY, main="content/main.xml"),
    "at the top": lambda: renamed(
        with_parts(
            word_package(BODY),
            **{"_rels__.rels": part(word_package(BODY), "_rels/.rels").replace("/word/", "/")},
        ),
        lambda name: name.replace("word/", ""),
    ),
    "strict": lambda: strict(word_package(BODY)),
    "backslashes": lambda: renamed(word_package(BODY), lambda name: name.replace("/", "\\")),
    "capitals": lambda: renamed(word_package(BODY), str.upper),
    "relative target": lambda: with_parts(
        word_package(BODY),
        **{"_rels__.rels": part(word_package(BODY), "_rels/.rels").replace("/word/", "./x/../word/")},
    ),
    "no content types": lambda: with_parts(word_package(BODY), **{"[Content_Types].xml": None}),
}


@pytest.mark.parametrize("kind", sorted(READ))
def test_parts_are_found_whatever_their_names(kind):
    assert text_of(READ[kind]()) == "It works."


def test_styles_notes_and_numbering_are_found_by_relationship_too():
    data = word_package(
        paragraph(run("10") + run("8", '<w:rStyle w:val="Up"/>')),
        parts={"odd/name7.xml": ("styles", f'<w:styles xmlns:w="{W}"><w:style w:styleId="Up"><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style></w:styles>')},
    )  # fmt: skip
    assert text_of(data) == "10<sup>8</sup>"


def test_every_body_of_a_file_is_read():
    data = word_package(BODY)
    twice = part(data).replace("</w:document>", f"<w:body>{paragraph(run('More.'))}</w:body></w:document>")
    parsed = read_bytes(with_parts(data, **{"word__document.xml": twice}), "testumab.docx")
    assert [b.text for b in parsed.sections[SectionType.HOW_IT_WORKS]] == ["It works.", "More."]


def test_a_template_and_a_file_with_the_name_of_an_old_one_are_read():
    assert text_of(word_package(BODY), "testumab.dotx") == "It works."
    assert text_of(word_package(BODY), "testumab.doc") == "It works."
    assert text_of(word_package(BODY), "testumab.rtf") == "It works."


ODT = {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<a/>"}
OTHERS = {
    "odt": ("a.odt", lambda: zipped(**ODT), "OpenDocument"),
    "odt named docx": ("a.docx", lambda: zipped(**ODT), "OpenDocument"),
    "pages": (
        "a.pages",
        lambda: zipped(Index__Document=b"", **{"Index/Document.iwa": b"x"}),
        "export it to Word",
    ),
    "pages named docx": ("a.docx", lambda: zipped(**{"Index/Document.iwa": b"x"}), "a Pages file"),
    "epub": ("a.epub", lambda: zipped(**{"META-INF/container.xml": b"x"}), "an e-book"),
    "spreadsheet": ("a.xlsx", lambda: zipped(**{"xl/workbook.xml": b"<a/>"}), "a spreadsheet"),
    "presentation named docx": (
        "a.docx",
        lambda: zipped(**{"ppt/presentation.xml": b"<a/>"}),
        "a presentation",
    ),
    "zip of files": ("a.zip", lambda: zipped(**{"a.docx": b"x"}), "unpack it"),
    "rtf": ("a.rtf", lambda: b"{\\rtf1 words}", "an RTF file"),
    "rtf named doc": ("a.doc", lambda: b"{\\rtf1 words}", "an RTF file"),
    "rtf named txt": ("a.txt", lambda: b"{\\rtf1 words}", "an RTF file"),
    "html named doc": ("a.doc", lambda: b"<html><body>words</body></html>", "a web page"),
    "html with a mark named doc": ("a.doc", lambda: b"\xef\xbb\xbf<!DOCTYPE html><p>w", "a web page"),
    "mht named doc": ("a.doc", lambda: b"MIME-Version: 1.0\nContent-Type: multipart/related", "a web page"),
    "pdf": ("a.pdf", lambda: b"%PDF-1.7", "ask for the Word document"),
    "pdf named docx": ("a.docx", lambda: b"\n%PDF-1.7", "a PDF"),
    "pdf named txt": ("a.txt", lambda: b"%PDF-1.7", "a PDF"),
    "old Word": ("a.doc", lambda: OLE + "WordDocument".encode("utf-16-le"), "old Word file"),
    "old Word named docx": (
        "a.docx",
        lambda: OLE + "WordDocument".encode("utf-16-le"),
        "old Word file (.doc)",
    ),
    "old Excel": ("a.doc", lambda: OLE + "Workbook".encode("utf-16-le"), "a spreadsheet"),
    "locked": ("a.docx", lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
    "text named docx": ("a.docx", lambda: b"How it works\n\nWell.", "save it as plain text (.txt)"),
    "text named doc": ("a.doc", lambda: b"How it works\n\nWell.", "old Word file"),
    "Word XML": ("a.docx", lambda: b'<?xml version="1.0"?><pkg:package/>', "an XML file"),
    "picture": ("a.docx", lambda: b"\x89PNG\r\n", "a picture"),
    "Word named txt": ("a.txt", lambda: word_package(BODY), "give its name the ending .docx"),
    "docm": ("a.docm", lambda: word_package(BODY), "may hold macros"),
    "dotm": ("a.dotm", lambda: word_package(BODY), "may hold macros"),
    "macros": ("a.docx", lambda: with_parts(word_package(BODY), **{"word__vbaProject.bin": b"x"}), "macros"),
}


@pytest.mark.parametrize("kind", sorted(OTHERS))
def test_another_format_is_refused_with_what_it_is_and_what_to_do(kind):
    name, make, words = OTHERS[kind]
    with pytest.raises(ImportRefused) as refusal:
        read_bytes(make(), name)
    assert words in str(refusal.value)
    assert any(verb in str(refusal.value) for verb in ("save", "import", "copy", "ask", "export", "give"))
