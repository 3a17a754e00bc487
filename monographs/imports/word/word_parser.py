"""Parse a Word file about one medicine."""

import logging
import posixpath
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from monographs.imports.errors import ImportRefused
from monographs.imports.name_line import name_of_file
from monographs.imports.parsed_text import ParsedMonograph
from monographs.imports.parser import parse_units
from monographs.imports.remarks import Remark, RemarkKind
from monographs.imports.source_check import report_differences
from monographs.imports.word.field_codes import OpenFields
from monographs.imports.word.inline_text import FormattedRun, InlineText
from monographs.imports.word.list_numbers import WordNumbering
from monographs.imports.word.word_body import WordBodyReader, WordParagraph, WordPiece
from monographs.imports.word.word_objects import read_drawing, words_of
from monographs.imports.word.word_package import WordPackage, child_at, children_of
from monographs.imports.word.word_paragraphs import WordParagraphs
from monographs.imports.word.word_runs import PartReader, RunContext
from monographs.imports.word.word_styles import WordStyles
from monographs.imports.word.zip_package import read_parts
from monographs.imports.word_source import word_inventory

logger = logging.getLogger(__name__)
#: Footnotes of this type are lines that Word draws.
_DRAWN_NOTES = frozenset({"separator", "continuationSeparator", "continuationNotice"})
_LEFT_OUT = {
    "header": "This is in the header of the file’s pages; it was left out.",
    "footer": "This is in the footer of the file’s pages; it was left out.",
}
_COMMENT = "This is a comment in the file; it was left out."


def parse_word(data: bytes, file_name: str) -> ParsedMonograph:
    """Parse a Word file. Raises ``ImportRefused`` when it is not a valid one, or has no monograph."""
    parts = read_parts(data)
    try:
        parsed = _parsed(WordPackage(parts), file_name)
    except ImportRefused:
        raise
    except Exception as error:  # whatever an untrusted file does to the parser, the user gets a message
        logger.warning("a Word file could not be read", exc_info=True)
        raise ImportRefused(
            f"the Word document in this file cannot be read ({type(error).__name__}); "
            "open it in Word, save it again as .docx, then import that"
        ) from error
    report_differences(parsed, lambda: word_inventory(parts))
    return parsed


def _parsed(package: WordPackage, file_name: str) -> ParsedMonograph:
    document = _WordDocument(package)
    paragraphs = WordParagraphs(name_of_file(file_name))
    paragraphs.add(document.body())
    notes = dict(document.notes())
    parsed = parse_units(paragraphs.units, file_name)
    parsed.left_out += paragraphs.contents
    parsed.remarks += [*paragraphs.remarks, *document.remarks()]
    for name, note in notes.items():
        parsed.footnotes[name] = note.plain
        parsed.remarks += note.remarks()
    _keep_uncited(parsed)
    return parsed


def _keep_uncited(parsed: ParsedMonograph) -> None:
    """Move footnotes that no block of a section cites to the unplaced text, so that they are not lost."""
    placed = [*parsed.serious, *(block for blocks in parsed.sections.values() for block in blocks)]
    cited = {cite for block in placed for cite in block.cites}
    for name in [name for name in parsed.footnotes if name not in cited]:
        parsed.unplaced.append(parsed.footnotes.pop(name))


class _WordDocument:
    """The parts of a Word document that hold text."""

    def __init__(self, package: WordPackage) -> None:
        self.package = package
        self.sheet = WordStyles(self._root("styles"))
        self.numbering = WordNumbering(self._root("numbering"))
        comments = self._root("comments")
        self.comments = {
            comment.get("w:id", ""): words
            for comment in (comments if comments is not None else ())
            if (words := words_of(comment))
        }
        self._seen_comments: set[str] = set()

    def _root(self, kind: str) -> Element | None:
        name = next(self._parts(kind), None)
        return None if name is None else self.package.root(name)

    def _parts(self, kind: str) -> Iterator[str]:
        """Yield the parts of a kind; one with the usual name even without a relationship to it."""
        usual = posixpath.join(posixpath.dirname(self.package.main), f"{kind}.xml")
        found = dict.fromkeys(self.package.related(self.package.main, kind))
        yield from found or ([usual] if usual in self.package.parts else [])

    def _reader(self, name: str) -> WordBodyReader:
        fields = OpenFields.of(self.package.root(name))
        part = PartReader(self.package, name, self.sheet, fields, self.comments, self._seen_comments)
        return WordBodyReader(part, self.numbering)

    def body(self) -> list[WordPiece]:
        """Return the paragraphs and tables of the body."""
        root = self.package.root(self.package.main)
        reader = self._reader(self.package.main)
        background = child_at(root, "w:background")
        if background is not None and (colour := background.get("w:color", "auto").upper()) != "AUTO":
            reader.of_part.sheet.page = colour
        return [piece for body in children_of(root, "w:body") for piece in reader.pieces(body, RunContext())]

    def notes(self) -> Iterator[tuple[str, InlineText]]:
        """Yield footnotes and endnotes by the names that paragraphs cite, each as one text."""
        for kind in ("footnote", "endnote"):
            for part in self._parts(f"{kind}s"):
                reader = self._reader(part)
                for note in self.package.root(part):
                    if note.get("w:type") not in _DRAWN_NOTES:
                        pieces = reader.pieces(note, RunContext())
                        yield f"{kind}-{note.get('w:id', '')}", _note_text(pieces)

    def remarks(self) -> list[Remark]:
        """Return remarks about headers, footers, and comments that no paragraph shows."""
        found: list[Remark] = []
        for kind, message in _LEFT_OUT.items():
            texts: dict[str, None] = {}
            for name in self.package.related(self.package.main, kind):
                texts |= dict.fromkeys(_all_words(self.package, name))
            found += [Remark(RemarkKind.OMITTED, message, text) for text in texts if text]
        unseen = (words for key, words in self.comments.items() if key not in self._seen_comments)
        return [*found, *(Remark(RemarkKind.OMITTED, _COMMENT, words) for words in unseen)]


def _all_words(package: WordPackage, name: str) -> Iterator[str]:
    """Yield the words of a part, and those of the objects in it."""
    root = package.root(name)
    yield words_of(root)
    for element in root.iter():
        if element.tag in {"w:drawing", "w:pict", "w:object"}:
            yield from (unread.words for unread in read_drawing(element, package, name).unread)


def _note_text(pieces: list[WordPiece]) -> InlineText:
    """Return a note as one text: paragraphs, items and cells with separators between them."""
    whole = InlineText()
    for text in _texts(pieces):
        if whole.plain and text.plain:
            whole.all_runs.append(_separator(whole.plain))
        whole.all_runs += text.all_runs
        whole.notes += text.notes
    return whole


def _separator(before: str) -> FormattedRun:
    return FormattedRun(" " if before.endswith((".", ":", ";", "!", "?", ",")) else "; ")


def _texts(pieces: list[WordPiece]) -> Iterator[InlineText]:
    for piece in pieces:
        if isinstance(piece, WordParagraph):
            words = piece.label.text.strip() if piece.label and not piece.label.level.is_bullet else ""
            label = [FormattedRun(f"{words} ")] if words and piece.text.plain else []
            yield InlineText([*label, *piece.text.all_runs], piece.text.cites, piece.text.notes)
            yield from _texts(piece.boxes)
        else:
            for row in piece.rows:
                yield from (text for cell in row for text in _texts(cell.pieces))
            yield InlineText(notes=piece.remarks)
