"""Finding texts and reading them, so that nothing that is not a text gets any further."""

import codecs
import re
from pathlib import Path

from monographs.importing.refusal import ImportRefused

SUFFIXES = {".txt", ".md"}
#: A whole page of the customer's is about 5 kB; a thousand of them is no monograph.
MAX_BYTES = 5_000_000
#: The longest paragraph of a page is about 1 kB; a hundred of them on one line is not prose.
MAX_LINE = 100_000
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_SCRIPT = re.compile(r"<\s*/?\s*script", re.IGNORECASE)


def texts_in(path: Path) -> list[Path]:
    """The file at ``path``, or the texts directly in the folder at ``path`` in the order of their names."""
    if not path.is_dir():
        return [path]
    try:
        found = sorted(p for p in path.iterdir() if _is_text(p))
    except OSError as error:
        raise ImportRefused(f"the folder cannot be read: {error.strerror}") from error
    if not found:
        raise ImportRefused("there is no .txt or .md file in this folder")
    return found


def _is_text(path: Path) -> bool:
    return path.is_file() and path.suffix.lower() in SUFFIXES and not path.name.startswith(".")


def read_text(path: Path) -> str:
    """The words of a file. Raises ``ImportRefused`` with the reason when it is no text we can use."""
    text = _decoded(_bytes_of(path))
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
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise ImportRefused(
                f"the file has {size:,} bytes, more than {MAX_BYTES:,}; give one page per file"
            )
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
