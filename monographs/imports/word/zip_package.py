"""Check and unpack a Word file: a zip of XML from an untrusted source.

Only the parts that hold text are unpacked, within limits; pictures and embedded files are never opened.
Nothing is parsed before it is checked.
"""

import zlib
from io import BytesIO
from xml.parsers import expat
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from monographs.imports.errors import ImportRefused

#: Enough for a page with a dozen photographs; its text is a hundredth of that.
MAX_WORD_BYTES = 20_000_000
#: Limit for the unpacked text. A page of 3,000 words has about 300 kB, with much formatting 1 MB.
MAX_XML_BYTES = 5_000_000
#: XML elements in it; a page of 3,000 words has about 10,000.
MAX_ELEMENTS = 100_000
#: Nesting of elements; tables in text boxes in tables need about 50.
MAX_DEPTH = 100
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAVE_AGAIN = "open it in Word, save it as a Word document (.docx), then import that"
_DAMAGED = f"the file is damaged or cut short; {_SAVE_AGAIN}"
_FAULTS = (BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)
#: Other types of files that are sometimes named .docx, by their first bytes.
_OTHERS = {
    b"%PDF": "a PDF",
    b"{\\rtf": "an RTF file",
    b"<!DOC": "a web page",
    b"<html": "a web page",
    b"<?xml": "an XML file",
}
_PACKAGES = {"xl/": "a spreadsheet", "ppt/": "a presentation", "content.xml": "an OpenDocument file"}

Parts = dict[str, bytes]


def read_parts(data: bytes) -> Parts:
    """Return the parts of a Word file that hold its text, by name.

    Raises ``ImportRefused``, with what to do, for anything that is not a valid Word document.
    """
    _check_kind(data)
    try:
        with ZipFile(BytesIO(data)) as package:
            _check_contents(package)
            parts = {entry.filename: package.read(entry) for entry in _text_entries(package)}
    except _FAULTS as error:
        raise ImportRefused(_DAMAGED) from error
    elements = 0
    for content in parts.values():
        elements += _count_elements(content, MAX_ELEMENTS - elements)
    if b"macroEnabled" in parts["[Content_Types].xml"]:
        raise ImportRefused(f"this file may hold macros; {_SAVE_AGAIN}, without macros")
    return parts


def pack_parts(parts: Parts) -> BytesIO:
    """Pack parts into a zip again, which holds nothing that was not checked."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_STORED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out


def _check_kind(data: bytes) -> None:
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise ImportRefused("this file is protected by a password; save it without one, then import it")
        raise ImportRefused(f"this is an old Word file (.doc); {_SAVE_AGAIN}")
    for start, kind in _OTHERS.items():
        if data.lstrip()[: len(start)].lower() == start.lower():
            raise ImportRefused(f"this is {kind}, not a Word document; {_SAVE_AGAIN}")
    if not data.startswith(b"PK"):
        raise ImportRefused(f"this is not a Word document; {_SAVE_AGAIN}, or save it as plain text (.txt)")


def _check_contents(package: ZipFile) -> None:
    names = package.namelist()
    if any(name.rsplit("/", 1)[-1].lower() == "vbaproject.bin" for name in names):
        raise ImportRefused(f"this file holds macros; {_SAVE_AGAIN}, without macros")
    if {"[Content_Types].xml", "_rels/.rels", "word/document.xml"} <= set(names):
        return
    for start, kind in _PACKAGES.items():
        if any(name.startswith(start) for name in names):
            raise ImportRefused(f"this is {kind}, not a Word document; {_SAVE_AGAIN}")
    raise ImportRefused(f"there is no Word document in this file; {_SAVE_AGAIN}")


def _text_entries(package: ZipFile) -> list[ZipInfo]:
    """Return the entries to unpack. Their declared sizes can be trusted: ``ZipFile`` reads no more."""
    names = sorted({entry.filename for entry in package.infolist() if _holds_text(entry.filename)})
    entries = [package.getinfo(name) for name in names]
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise ImportRefused("this file is protected by a password; save it without one, then import it")
    size = sum(entry.file_size for entry in entries)
    if size > MAX_XML_BYTES:
        raise ImportRefused(
            f"its text unpacks to {size:,} bytes, more than {MAX_XML_BYTES:,}; give one page per file"
        )
    return entries


def _holds_text(name: str) -> bool:
    folder, _, file = name.rpartition("/")
    return (
        name == "[Content_Types].xml"
        or (folder in {"_rels", "word/_rels"} and file.endswith(".rels"))
        or (folder == "word" and file.endswith(".xml"))
    )


def _count_elements(content: bytes, limit: int) -> int:
    """Count the elements of XML without storing it, and refuse what could harm a parser.

    Word writes no document type. Document types define entities, which can refer to files and addresses.
    """
    parser = expat.ParserCreate()
    count = depth = 0

    def start(_name: str, _attributes: dict[str, str]) -> None:
        nonlocal count, depth
        count, depth = count + 1, depth + 1
        if count > limit:
            raise ImportRefused(f"it has more than {MAX_ELEMENTS:,} XML elements; give one page per file")
        if depth > MAX_DEPTH:
            raise ImportRefused(f"its XML is nested deeper than {MAX_DEPTH} levels; {_SAVE_AGAIN}")

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    def doctype(*_: object) -> None:
        raise ImportRefused(f"it has an XML document type, which Word never writes; {_SAVE_AGAIN}")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise ImportRefused(_DAMAGED) from error
    return count
