"""Find and read files, and refuse those that are not texts."""

import re
from pathlib import Path

from monographs.imports.errors import ImportRefused
from monographs.imports.file_kinds import is_word_package, refuse_other_kinds
from monographs.imports.parsed_text import ParsedMonograph
from monographs.imports.parser import parse
from monographs.imports.source_check import report_differences
from monographs.imports.text_decoding import damage_in, decode_text
from monographs.imports.text_inventory import text_inventory
from monographs.imports.word import parse_word
from monographs.imports.word.zip_package import MAX_WORD_BYTES, SAVE_AGAIN

WORD = ".docx"
#: A template holds a document like any other.
TEMPLATE = ".dotx"
_TEXTS = {".txt", ".md", ".markdown"}
SUFFIXES = {*_TEXTS, WORD, TEMPLATE}
_MACROS = {".docm", ".dotm"}
#: A page of the customer is about 5 kB; two hundred times as much is not a monograph.
MAX_BYTES = 1_000_000
#: Characters. The longest paragraph of a page is about 1 kB; a hundred times as much is not prose.
MAX_LINE = 100_000
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_SCRIPT = re.compile(r"<\s*/?\s*script", re.IGNORECASE)


def import_files_in(path: Path) -> list[Path]:
    """Return the file at ``path``, or the texts directly in the folder at ``path``, sorted by name."""
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
    # Word keeps a lock file, “~$name.docx”, beside each open file
    return path.is_file() and path.suffix.lower() in SUFFIXES and not path.name.startswith((".", "~$"))


def read_file(path: Path) -> ParsedMonograph:
    """Parse the file at ``path``; see ``read_bytes``."""
    return read_bytes(_bytes_of(path), path.name)


def read_bytes(data: bytes, file_name: str) -> ParsedMonograph:
    """Parse a file. Raises ``ImportRefused``, with what to do, when it cannot be used."""
    check_size(len(data), file_name)
    suffix = suffix_of(file_name)
    if is_word_package(data):
        if suffix in _TEXTS:
            raise ImportRefused(
                "this is not a text file; if it is a Word document, give its name the ending .docx"
            )
        if suffix not in _MACROS:
            return parse_word(data, file_name)
    refuse_other_kinds(data, suffix)
    if suffix in {WORD, TEMPLATE}:
        raise ImportRefused(f"this is not a Word document; {SAVE_AGAIN}, or save it as plain text (.txt)")
    decoded = decode_text(data)
    parsed = parse_text(decoded.text, file_name)
    parsed.remarks[:0] = decoded.remarks
    return parsed


def parse_text(text: str, file_name: str) -> ParsedMonograph:
    """Parse a text, and compare the result with it word by word. Raises ``ImportRefused``; see ``parse``."""
    parsed = parse(checked_text(text), file_name)
    report_differences(parsed, lambda: text_inventory(text, parsed.markup))
    return parsed


def suffix_of(file_name: str) -> str:
    """Return the suffix of a file's name in lower case, with its dot."""
    return Path(file_name).suffix.lower()


def check_size(size: int, file_name: str) -> None:
    """Refuse a file that is too large for one page, before it is read."""
    limit = MAX_BYTES if suffix_of(file_name) in _TEXTS else MAX_WORD_BYTES
    if size > limit:
        raise ImportRefused(f"the file has {size:,} bytes, more than {limit:,}; give one page per file")


def checked_text(text: str) -> str:
    """Return ``text``. Raises ``ImportRefused`` when it cannot be used."""
    if control := _CONTROL.search(text):
        line = text.count("\n", 0, control.start()) + 1
        raise ImportRefused(f"this is not a text file (line {line} holds binary data); save it as plain text")
    if damage := damage_in(text):
        raise ImportRefused(damage)
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
        raise ImportRefused(
            f"line {line} holds a <script> tag, which does not belong in a text; check the file"
        )
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
