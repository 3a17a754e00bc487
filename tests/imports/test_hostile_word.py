"""Broken and malicious files are refused with a message that says what to do, and nothing is saved."""

import zlib
from collections.abc import Callable
from functools import cache
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from monographs.imports.errors import ImportRefused
from monographs.imports.input_files import MAX_BYTES, read_bytes
from monographs.imports.word import zip_package
from monographs.imports.word.word_numbering import WordNumbering
from tests.imports.conftest import count_everything
from tests.imports.word_files import W, page_in_word, with_body, with_parts

DOCUMENT = f'<w:document xmlns:w="{W}"><w:body>{{}}</w:body></w:document>'


def document(body: str, prolog: str = "") -> bytes:
    """A Word file whose document is ``body``."""
    return with_parts(page(), **{"word__document.xml": prolog + DOCUMENT.format(body)})


def zipped(**parts: bytes) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def locked() -> bytes:
    """A page whose entries say that they are encrypted."""
    data = bytearray(page())
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + flags] |= 1
            at = data.find(mark, at + 1)
    return bytes(data)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
LAUGHS = (
    '<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
XXE = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"


@cache
def page() -> bytes:
    """A valid page."""
    return page_in_word()


def changed(name: str, content: str | bytes | None) -> bytes:
    """A page with one part replaced."""
    return with_parts(page(), **{name.replace("/", "__"): content})


#: Name of the file, its bytes, and the words of the refusal.
HOSTILE: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "empty": ("a.docx", bytes, "not a Word document"),
    "text": ("a.docx", lambda: b"How it works\nWell.", "save it as plain text (.txt)"),
    "truncated": ("a.docx", lambda: page()[: len(page()) // 2], "damaged or cut short"),
    "overwritten": ("a.docx", lambda: page()[:200] + bytes(3000) + page()[3200:], "damaged or cut short"),
    "zip bomb": ("a.docx", lambda: document(" " * (zip_package.MAX_XML_BYTES + 1)), "unpacks to 5,"),
    "many pieces": ("a.docx", lambda: document("<w:p/>" * 100_001), "more than 100,000 XML elements"),
    "deep": ("a.docx", lambda: document("<w:sdt>" * 101 + "</w:sdt>" * 101), "nested deeper than 100"),
    "laughs": (
        "a.docx",
        lambda: document("<w:p>&c;</w:p>", LAUGHS),
        "an XML document type",
    ),
    "entity": (
        "a.docx",
        lambda: document("<w:p>&x;</w:p>", XXE),
        "an XML document type",
    ),
    "entity in utf-16": (
        "a.docx",
        lambda: changed("word/document.xml", (XXE + DOCUMENT.format("")).encode("utf-16")),
        "an XML document type",
    ),
    "entity in styles": ("a.docx", lambda: changed("word/styles.xml", XXE + "<a/>"), "an XML document type"),
    "broken xml": ("a.docx", lambda: changed("word/document.xml", "<w:document"), "damaged"),
    "no page in it": ("a.docx", lambda: changed("word/document.xml", None), "no Word document"),
    "macros": ("a.docx", lambda: changed("word/vbaProject.bin", b"x"), "holds macros"),
    "macro type": (
        "a.docx",
        lambda: changed("[Content_Types].xml", f"<Types><!--{MACROS}--></Types>"),
        "may hold macros",
    ),
    "docm": ("a.docm", page, "may hold macros; open it in Word and save it as a Word document (.docx)"),
    "old Word, renamed": ("a.docx", lambda: OLE, "an old Word file (.doc); open it in Word, save it"),
    "old Word": ("a.doc", lambda: OLE, "an old Word file; open it in Word and save it"),
    "password": ("a.docx", lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
    "encrypted zip": ("a.docx", locked, "protected by a password"),
    "spreadsheet": ("a.docx", lambda: zipped(xl__workbook=b"<a/>"), "a spreadsheet"),
    "other zip": ("a.docx", lambda: zipped(a=b"b"), "no Word document in this file"),
    "pdf renamed": ("a.docx", lambda: b"%PDF-1.7", "this is a PDF"),
    "rtf renamed": ("a.docx", lambda: b"{\\rtf1}", "this is an RTF file"),
    "pdf": ("a.pdf", lambda: b"%PDF-1.7", "ask for the Word document"),
    "Word as text": ("a.txt", page, "give its name the ending .docx"),
    "too big": ("a.docx", lambda: bytes(zip_package.MAX_WORD_BYTES + 1), "the file has 20,000,001 bytes"),
    "big text": ("a.txt", lambda: b"a\n" * MAX_BYTES, "give one page per file"),
    "no heading": ("a.docx", lambda: document("<w:p/>"), "no heading of a medicine's page"),
}


@pytest.mark.parametrize("kind", sorted(HOSTILE))
def test_a_hostile_or_broken_file_is_refused_with_what_to_do(kind):
    name, make, words = HOSTILE[kind]
    with pytest.raises(ImportRefused, match=r".") as refusal:
        read_bytes(make(), name)
    assert words in str(refusal.value)


def test_a_file_at_which_the_reader_fails_is_refused(monkeypatch):
    """Whatever an untrusted file does to the reader, the user gets a message."""
    monkeypatch.setattr(WordNumbering, "next_label", None)
    data = with_body(page(), "<w:p><w:r><w:t>One.</w:t></w:r></w:p>")
    with pytest.raises(ImportRefused, match="cannot be read"):
        read_bytes(data, "a.docx")


def test_a_bomb_among_the_pictures_is_never_opened():
    data = with_parts(page(), **{"word__media__image1.png": bytes(50_000_000)})
    assert len(data) < 1_000_000
    assert read_bytes(data, "testumab.docx").missing == []


def test_false_sizes_in_the_zip_directory_do_not_help():
    """The size of an entry is made smaller in the directory: no more than that is unpacked."""
    data = bytearray(document(" " * (zip_package.MAX_XML_BYTES + 10)))
    at = data.find(b"word/document.xml", data.rfind(b"PK\x01\x02", 0, data.rfind(b"word/document.xml")))
    directory = data.rfind(b"PK\x01\x02", 0, at)
    data[directory + 24 : directory + 28] = (1000).to_bytes(4, "little")
    with pytest.raises(ImportRefused, match="damaged or cut short"):
        read_bytes(bytes(data), "a.docx")


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_file_is_read_or_refused_without_other_errors(seed):
    data = bytearray(page())
    for n in range(8):
        at = zlib.crc32(f"{seed}-{n}".encode()) % len(data)
        data[at] ^= 1 + n
    try:
        read_bytes(bytes(data), "a.docx")
    except ImportRefused as refusal:
        message = str(refusal)
    else:
        return
    assert len(message) > 20


@pytest.mark.django_db
def test_the_command_prints_a_line_and_saves_nothing(run, text_file):
    before = count_everything()
    ran = run(text_file(OLE, "old.docx"))
    assert not ran.ok
    assert ran.line.startswith("old.docx: not imported: this is an old Word file (.doc)")
    assert count_everything() == before
