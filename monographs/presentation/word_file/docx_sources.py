"""The sources of a text as endnotes that keep the numbers which patients see."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from monographs.presentation.word_file.docx_markup import element, part, words
from monographs.presentation.word_file.docx_paragraphs import ParagraphWriter
from monographs.presentation.word_file.word_content import CITE_STYLE
from monographs.redline import Line, Op

_NUMBER = re.compile(r"\d+")
#: Ids of the two lines that Word draws above endnotes.
_DRAWN = ((-1, "separator"), (0, "continuationSeparator"))
STYLE = "EndnoteText"


@dataclass(frozen=True, slots=True)
class Endnote:
    """A source: its first line and those below it, its id in the file and its number in the text."""

    id: int
    number: str
    lines: tuple[Line, ...]

    @property
    def op(self) -> Op:
        """The operation on the whole source."""
        return self.lines[0].op


@dataclass(slots=True)
class Endnotes:
    """The sources of a text. ``cited`` are the ids of those that have a mark in the text."""

    notes: tuple[Endnote, ...] = ()
    cited: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, lines: Sequence[Line]) -> "Endnotes":
        """Group the lines of the section with the sources."""
        groups: list[list[Line]] = []
        for line in lines:
            if line.kind == "source" or not groups:
                groups.append([])
            groups[-1].append(line)
        return cls(
            tuple(Endnote(at, number_in(group[0]), tuple(group)) for at, group in enumerate(groups, 1))
        )

    def mark(self, line: Line) -> str:
        """Return the mark of the endnote for a line that cites a source, at the first of them."""
        if line.op is Op.DELETED:
            return ""
        number = number_in(line)
        for note in self.notes:
            if note.number == number and note.op is not Op.DELETED and note.id not in self.cited:
                self.cited.add(note.id)
                return _mark(note)
        return ""

    def rest(self) -> list[str]:
        """Return the marks of the other sources. They are not tracked: LibreOffice would lose the notes."""
        return [_mark(note) for note in self.notes if note.id not in self.cited]

    def part(self, writer: ParagraphWriter) -> bytes:
        """Return the part with the endnotes."""
        drawn = (
            element("endnote", element("p", element("r", element(kind))), type=kind, id=at)
            for at, kind in _DRAWN
        )
        notes = (
            element("endnote", "".join(writer.paragraphs(line) for line in note.lines), id=note.id)
            for note in self.notes
        )
        return part("endnotes", "".join((*drawn, *notes)))


def number_in(line: Line) -> str:
    """Return the number at the start of a source or of a line that cites it: the new one, if there is one."""
    text = line.text(Op.INSERTED if line.op is Op.DELETED else Op.DELETED)
    match = _NUMBER.match(text)
    return match[0] if match else "*"


def _mark(note: Endnote) -> str:
    reference = element("endnoteReference", customMarkFollows=1, id=note.id)
    return element(
        "r",
        element("rPr", element("rStyle", val=CITE_STYLE)),
        reference,
        f"<w:t>{words(note.number)}</w:t>",
    )
