"""Finding files and opening them, so that nothing that is not a text gets any further."""

import codecs
import re
from pathlib import Path

from monographs.imports.errors import ImportRefused
from monographs.imports.parsed_text import ParsedMonograph
from monographs.imports.parser import parse
from monographs.imports.word import parse_word
from monographs.imports.word.zip_package import MAX_WORD_BYTES

WORD = ".docx"
SUFFIXES = {".txt", ".md", WORD}
#: What people also write in, and what to do with it.
_OTHERS = {
    ".doc": "this is an old Word file; open it in Word and save it as a Word document (.docx)",
    ".docm": "this file may hold macros; open it in Word and save it as a Word document (.docx)",
    ".dotm": "this file may hold macros; open it in Word and save it as a Word document (.docx)",
    ".odt": "this is an OpenDocument file; save it as a Word document (.docx)",
    ".rtf": "this is an RTF file; open it in Word and save it as a Word document (.docx)",
    ".pdf": "a PDF has no paragraphs to import; ask for the Word document it was made from",
    ".html": "a web page cannot be imported; copy its text and paste it",
}
#: A whole page of the customer's is about 5 kB; two hundred of them is no monograph.
MAX_BYTES = 1_000_000
#: The longest paragraph of a page is about 1 kB; a hundred of them on one line is not prose.
MAX_LINE = 100_000
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_SCRIPT = re.compile(r"<\s*/?\s*script", re.IGNORECASE)


def import_files_in(path: Path) -> list[Path]:
    """The file at ``path``, or the texts directly in the folder at ``path`` in the order of their names."""
    if not path.is_dir():
        return [path]
    try:
        found = sorted(p for p in path.iterdir() if _is_text(p))
    except OSError as error:
        raise ImportRefused(f"the folder cannot be read: {error.strerror}") from error
    if not found:
        raise ImportRefused("there is no .docx, .txt or .md file in this folder")
    return found


def _is_text(path: Path) -> bool:
    # Word keeps a file of its own, “~$name.docx”, beside each that is open
    return path.is_file() and path.suffix.lower() in SUFFIXES and not path.name.startswith((".", "~$"))


def read_file(path: Path) -> ParsedMonograph:
    """What the file at ``path`` says; see ``read_bytes``."""
    return read_bytes(_bytes_of(path), path.name)


def read_bytes(data: bytes, file_name: str) -> ParsedMonograph:
    """What a file says. Raises ``ImportRefused``, with what to do, when it is nothing we can use."""
    check_size(len(data), file_name)
    suffix = suffix_of(file_name)
    if suffix == WORD:
        return parse_word(data, file_name)
    if suffix in _OTHERS:
        raise ImportRefused(_OTHERS[suffix])
    if data.startswith(b"PK\x03\x04"):
        raise ImportRefused("this is not a text file; if Word wrote it, give its name the ending .docx")
    return parse(checked_text(_decoded(data)), file_name)


def suffix_of(file_name: str) -> str:
    """The ending of a file's name in small letters, with its dot."""
    return Path(file_name).suffix.lower()


def check_size(size: int, file_name: str) -> None:
    """Refuse what is larger than a page of its kind can be, before any of it is read."""
    limit = MAX_WORD_BYTES if suffix_of(file_name) == WORD else MAX_BYTES
    if size > limit:
        raise ImportRefused(f"the file has {size:,} bytes, more than {limit:,}; give one page per file")


def checked_text(text: str) -> str:
    """The words of a text. Raises ``ImportRefused`` when it is no text we can use."""
    if control := _CONTROL.search(text):
        line = text.count("\n", 0, control.start()) + 1
        raise ImportRefused(f"this is not a text file (line {line} holds binary data); save it as plain text")
    if not text.strip():
        raise ImportRefused("the file is empty")
    for number, line_text in enumerate(text.splitlines(), start=1):
        if len(line_text) > MAX_LINE:
            raise ImportRefused(
                f"line {number} has {len(line_text):,} characters, more than {MAX_LINE:,}; "
                "break the text into paragraphs"
            )
    if script := _SCRIPT.search(text):
        line = text.count("\n", 0, script.start()) + 1
        raise ImportRefused(f"line {line} holds a <script> tag, which no medicine's text has; check the file")
    return text


def _bytes_of(path: Path) -> bytes:
    try:
        if not path.exists():
            raise ImportRefused("there is no such file or folder")
        if not path.is_file():
            raise ImportRefused("this is neither a file nor a folder")
        check_size(path.stat().st_size, path.name)
        return path.read_bytes()
    except OSError as error:
        raise ImportRefused(f"the file cannot be read: {error.strerror}") from error


def _decoded(data: bytes) -> str:
    if data.startswith(_UTF16_MARKS):
        encoding, name = "utf-16", "UTF-16"
    else:
        encoding, name = "utf-8-sig", "UTF-8"
        if b"\x00" in data:
            raise ImportRefused("this is not a text file (it holds binary data); save it as plain text")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ImportRefused(
            f"byte {error.start + 1:,} is not {name} (wrong encoding?); save it as UTF-8"
        ) from error
