"""Check and unpack a Word file: a zip of XML from an untrusted source.

Only parts that may hold text are unpacked, within limits; pictures are never opened. Nothing is parsed before
it is checked.
"""

import re
import zlib
from contextlib import suppress
from io import BytesIO
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile, ZipInfo

from monographs.imports.errors import ImportRefused

#: Enough for a page with a dozen photographs; its text is a hundredth of that.
MAX_WORD_BYTES = 20_000_000
#: Limit for the unpacked text. A page of 3,000 words has about 300 kB, with much formatting 1 MB.
MAX_XML_BYTES = 5_000_000
#: XML elements in it; a page of 3,000 words has about 10,000.
MAX_ELEMENTS = 100_000
#: Nesting of elements; tables in text boxes in tables need about 50.
MAX_DEPTH = 100
#: What tells the user how to get a file that can be imported.
SAVE_AGAIN = "open it in Word, save it as a Word document (.docx), then import that"
_DAMAGED = f"the file is damaged or cut short; {SAVE_AGAIN}"
_FAULTS = (BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)
#: Parts of a Word file without text that is shown: properties, colours, fonts, bound data.
_WITHOUT_TEXT = re.compile(
    r"docprops/|customxml/|(?:.*/)?(?:theme/|fonttable\.xml|websettings\.xml|vbadata\.xml|stylesWithEffects\.xml)",
    re.IGNORECASE,
)
_EMBEDDED = (".docx", ".dotx", ".xlsx", ".pptx", ".docm", ".xlsm")
_CHUNKS = (".htm", ".html", ".xhtml", ".mht", ".txt", ".rtf")
#: Bytes. Larger embedded texts are named without their words.
_MAX_CHUNK = 200_000
#: Between the name of an embedded package and that of a part in it.
INSIDE = "!/"

Parts = dict[str, bytes]


def read_parts(data: bytes, *, also: frozenset[str] = frozenset()) -> Parts:
    """Return the parts of a Word file that may hold text, by name in lower case, and those named in ``also``.

    The parts of an embedded package have its name before theirs. Raises ``ImportRefused``, with what to do,
    for anything that is not a sound package.
    """
    try:
        with ZipFile(BytesIO(data)) as package:
            if any(name.rsplit("/", 1)[-1].lower() == "vbaproject.bin" for name in package.namelist()):
                raise ImportRefused(f"this file holds macros; {SAVE_AGAIN}, without macros")
            parts = {_name(entry): package.read(entry) for entry in _text_entries(package, also)}
            embedded = _embedded_parts(package)
    except _FAULTS as error:
        raise ImportRefused(_DAMAGED) from error
    elements = 0
    for name, content in parts.items():
        if not name.endswith(_CHUNKS):
            elements += _count_elements(content, MAX_ELEMENTS - elements)
    if b"macroEnabled" in parts.get("[content_types].xml", b""):
        raise ImportRefused(f"this file may hold macros; {SAVE_AGAIN}, without macros")
    return {**parts, **embedded}


def _name(entry: ZipInfo) -> str:
    return entry.filename.replace("\\", "/").lstrip("/").lower()


def _text_entries(package: ZipFile, also: frozenset[str] = frozenset()) -> list[ZipInfo]:
    """Return the entries to unpack. Their declared sizes can be trusted: ``ZipFile`` reads no more."""
    last = {_name(entry): entry for entry in package.infolist()}
    entries = [entry for name, entry in sorted(last.items()) if name in also or _may_hold_text(name, entry)]
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise ImportRefused("this file is protected by a password; save it without one, then import it")
    size = sum(entry.file_size for entry in entries)
    if size > MAX_XML_BYTES:
        raise ImportRefused(
            f"its text unpacks to {size:,} bytes, more than {MAX_XML_BYTES:,}; give one page per file"
        )
    return entries


def _may_hold_text(name: str, entry: ZipInfo) -> bool:
    if _WITHOUT_TEXT.match(name):
        return False
    return name.endswith((".xml", ".rels")) or (name.endswith(_CHUNKS) and entry.file_size <= _MAX_CHUNK)


def _embedded_parts(package: ZipFile) -> Parts:
    """Return the parts of embedded packages; one that is damaged or too large is named without its words."""
    found: Parts = {}
    room = MAX_XML_BYTES
    for entry in package.infolist():
        name = _name(entry)
        if not name.endswith(_EMBEDDED) or entry.file_size > room:
            continue
        with suppress(ImportRefused, *_FAULTS), ZipFile(BytesIO(package.read(entry))) as inner:
            parts = {_name(e): inner.read(e) for e in _text_entries(inner) if _name(e).endswith("xml")}
            for content in parts.values():
                _count_elements(content, MAX_ELEMENTS)
            room -= sum(map(len, parts.values())) + entry.file_size
            if room > 0:
                found |= {f"{name}{INSIDE}{inside}": content for inside, content in parts.items()}
    return found


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
            raise ImportRefused(f"its XML is nested deeper than {MAX_DEPTH} levels; {SAVE_AGAIN}")

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    def doctype(*_: object) -> None:
        raise ImportRefused(f"it has an XML document type, which Word never writes; {SAVE_AGAIN}")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise ImportRefused(_DAMAGED) from error
    return count
