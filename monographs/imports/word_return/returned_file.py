"""Read a returned Word file: which text it was made of, its paragraphs and its comments."""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from monographs.imports.errors import ImportRefused
from monographs.imports.file_kinds import is_word_package, refuse_other_kinds
from monographs.imports.input_files import WORD, check_size
from monographs.imports.word.field_codes import OpenFields
from monographs.imports.word.word_package import WordPackage, children_of
from monographs.imports.word.word_runs import PartReader
from monographs.imports.word.word_styles import WordStyles
from monographs.imports.word.zip_package import SAVE_AGAIN, Parts, read_parts
from monographs.imports.word_return.returned_body import (
    ParagraphContext,
    ReturnedBodyReader,
    ReturnedParagraph,
)
from monographs.imports.word_return.returned_runs import TrackedChange
from monographs.presentation.word_file.word_content import PROPERTY_AT, PROPERTY_AUTHOR, PROPERTY_SHA256

logger = logging.getLogger(__name__)
_PROPERTIES, _CORE = "docprops/custom.xml", "docprops/core.xml"
ALSO = frozenset({_PROPERTIES, _CORE})
#: Characters, deleted ones too. A long page has 60,000.
MAX_LENGTH = 200_000
_HASH = re.compile(r"SHA-256 ([0-9a-f]{64})")
#: Endnotes of this type are lines that Word draws.
_DRAWN = frozenset({"separator", "continuationSeparator", "continuationNotice"})


@dataclass(frozen=True, slots=True)
class CommentInFile:
    """A comment: who wrote it when, and its words."""

    by: TrackedChange
    text: str


@dataclass(slots=True)
class ReturnedFile:
    """What a returned file holds. ``properties`` say which text it was made of (``word_content``).

    ``saved_by``: who saved it last. ``parts`` are the body, the endnotes and the footnotes, which others add.
    """

    properties: dict[str, str] = field(default_factory=dict)
    saved_by: str = ""
    parts: list[list[ReturnedParagraph]] = field(default_factory=list)
    comments: dict[str, CommentInFile] = field(default_factory=dict)

    def is_own(self, change: TrackedChange) -> bool:
        """Whether a tracked change was in the file when it was made."""
        own = TrackedChange(self.properties.get(PROPERTY_AUTHOR, ""), self.properties.get(PROPERTY_AT, ""))
        return (change.author, change.minute) == (own.author, own.minute)


def parts_of(data: bytes) -> Parts:
    """Return the parts of a file that are read. Raises ``ImportRefused`` unless it is a sound Word file."""
    check_size(len(data), f"file{WORD}")
    if not is_word_package(data):
        refuse_other_kinds(data, WORD)
        raise ImportRefused(f"this is not a Word document; {SAVE_AGAIN}")
    return read_parts(data, also=ALSO)


def read_returned(parts: Parts) -> ReturnedFile:
    """Read a file of which ``parts_of`` has returned the parts. Raises ``ImportRefused``."""
    try:
        return _read(parts)
    except ImportRefused:
        raise
    except Exception as error:  # whatever an untrusted file does to the reader, the user gets a message
        logger.warning("a returned Word file could not be read", exc_info=True)
        raise ImportRefused(
            f"the Word document in this file cannot be read ({type(error).__name__}); {SAVE_AGAIN}"
        ) from error


def _read(parts: Parts) -> ReturnedFile:
    package = WordPackage(parts)
    sheet = WordStyles(_related(package, "styles"))
    found = ReturnedFile(
        dict(_properties(package)) if _PROPERTIES in parts else {},
        _saved_by(package) if _CORE in parts else "",
    )
    if PROPERTY_SHA256 not in found.properties and (stated := _hash_in_footer(package)):
        found.properties[PROPERTY_SHA256] = stated
    body = package.root(package.main)
    found.parts.append(_paragraphs(package, package.main, sheet, children_of(body, "w:body")))
    for name in [n for kind in ("endnotes", "footnotes") for n in package.related(package.main, kind)]:
        notes = [note for note in package.root(name) if note.get("w:type") not in _DRAWN]
        found.parts.append(_paragraphs(package, name, sheet, notes))
    _check_length(found)
    comments = _related(package, "comments")
    for comment in children_of(comments, "w:comment") if comments is not None else ():
        found.comments[comment.get("w:id", "")] = CommentInFile(TrackedChange.of(comment), _text(comment))
    return found


def _check_length(found: ReturnedFile) -> None:
    runs = (run for part in found.parts for paragraph in part for run in paragraph.runs)
    length = sum(len(run.text) for run in runs)
    if length > MAX_LENGTH:
        raise ImportRefused(
            f"its text has {length:,} characters, more than {MAX_LENGTH:,}; give the file of one page"
        )


def _related(package: WordPackage, kind: str) -> Element | None:
    name = next(package.related(package.main, kind), None)
    return None if name is None else package.root(name)


def _paragraphs(
    package: WordPackage, name: str, sheet: WordStyles, roots: list[Element]
) -> list[ReturnedParagraph]:
    reader = ReturnedBodyReader(PartReader(package, name, sheet, OpenFields.of(package.root(name))))
    reader.read(roots, ParagraphContext())
    return reader.paragraphs


def _properties(package: WordPackage) -> Iterator[tuple[str, str]]:
    for row in package.root(_PROPERTIES):
        yield row.get("name", ""), "".join(row.itertext())


def _hash_in_footer(package: WordPackage) -> str:
    """Return the hash that our footer states: programs drop the properties of a file, never its footer."""
    for name in package.related(package.main, "footer"):
        if hashes := _HASH.findall("".join(package.root(name).itertext())):
            return str(hashes[-1])
    return ""


def _saved_by(package: WordPackage) -> str:
    for row in package.root(_CORE):
        if str(row.tag).endswith("lastModifiedBy"):
            return " ".join((row.text or "").split())
    return ""


def _text(comment: Element) -> str:
    paragraphs = ("".join(_words(each)) for each in comment.iter("w:p"))
    return "\n".join(paragraphs).strip()


def _words(paragraph: Element) -> Iterator[str]:
    for piece in paragraph.iter():
        if piece.tag == "w:t":
            yield piece.text or ""
        elif piece.tag in ("w:br", "w:cr"):
            yield "\n"
        elif piece.tag == "w:tab":
            yield "\t"
