"""The body of a Word file: the sections of a redline in their order, and the notes on them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from monographs.document.parts import Figure
from monographs.presentation.word_file.docx_markup import element, words
from monographs.presentation.word_file.docx_paragraphs import ParagraphWriter, label_of
from monographs.presentation.word_file.docx_pictures import SUFFIXES, picture_markup
from monographs.presentation.word_file.docx_runs import CommentMarks, PackageState, RunWriter
from monographs.presentation.word_file.docx_sources import STYLE, Endnotes
from monographs.presentation.word_file.docx_tables import table_markup
from monographs.presentation.word_file.word_content import PLACE_STYLE, TITLE_STYLE, WordComment, is_passage
from monographs.redline import Line, Op, Redline, SectionRedline

_SOURCES = "sources"
#: Paragraphs about the sources, which are in endnotes: those of which no mark is in the text, and comments.
ABOUT_SOURCES = _REST, _NOTED = "Sources that no section names: ", "Notes on the sources"
#: Between two tables: without it Word joins them.
_APART = element("p", element("pPr", element("spacing", after=0)))


@dataclass(slots=True)
class BodyWriter:
    """Writer of the body. ``comments`` are those written, each with its number."""

    state: PackageState
    figures: Mapping[str, tuple[Figure, bytes]]
    comments: list[tuple[int, WordComment]] = field(default_factory=list)
    pictures: dict[str, str] = field(default_factory=dict)
    endnotes: Endnotes = field(default_factory=Endnotes)
    endnotes_part: bytes | None = None

    def body(self, redline: Redline, comments: Sequence[WordComment]) -> str:
        """Return the content of the body, below the title; the sources are written as endnotes."""
        sources = next((s for s in redline.sections if s.anchor == _SOURCES), None)
        if sources is not None:
            self.endnotes = Endnotes.of([line for line in sources.lines if line.kind != "form"])
        written = [
            self._section(section, [c for c in comments if c.section == section.anchor])
            for section in redline.sections
            if section is not sources
        ]
        if sources is not None:
            writer = self._writer(sources, [])
            writer.style_of_all = STYLE
            self.endnotes_part = self.endnotes.part(writer)
            if rest := self.endnotes.rest():
                written.append(
                    writer.own_paragraph(_REST, writer.runs.label(", ").join(rest) + writer.runs.label("."))
                )
        written += self._on_sources([c for c in comments if c.section == _SOURCES])
        return self._title() + "".join(written)

    def _on_sources(self, comments: Sequence[WordComment]) -> Iterator[str]:
        """Yield a paragraph with the comments on sources, as Word allows none in endnotes."""
        marks = CommentMarks()
        for comment in comments:
            marks.add(replace(comment, start=0, end=0), self._numbered(comment), 0)
        if comments:
            style = element("pPr", element("pStyle", val=PLACE_STYLE))
            label = RunWriter(self.state, marks).label(_NOTED)
            yield element("p", style, label, marks.line_end(0))

    def _numbered(self, comment: WordComment) -> int:
        """Return the id of a comment. LibreOffice loses endnotes that have the ids of comments."""
        number = len(self.endnotes.notes) + len(self.comments) + 1
        self.comments.append((number, comment))
        return number

    def _title(self) -> str:
        run = element("r", f"<w:t>{words(self.state.cover.title)}</w:t>")
        return element("p", element("pPr", element("pStyle", val=TITLE_STYLE)), run)

    def _writer(self, section: SectionRedline, comments: Sequence[WordComment]) -> ParagraphWriter:
        marks = CommentMarks()
        first = next(filter(is_passage, section.lines), None)
        for comment in comments:
            marks.add(comment, self._numbered(comment), len(first.text(Op.DELETED)) if first else 0)
        return ParagraphWriter(section.anchor, RunWriter(self.state, marks))

    def _section(self, section: SectionRedline, comments: Sequence[WordComment]) -> str:
        writer = self._writer(section, comments)
        written = []
        for table, lines in groupby(section.lines, key=lambda line: line.cell.table if line.cell else 0):
            if table:
                written += [table_markup(list(lines), writer), _APART]
            else:
                written += [self._line(line, writer) for line in lines]
        return "".join(written)

    def _line(self, line: Line, writer: ParagraphWriter) -> str:
        if line.kind == "form":
            # A difference that is not in the words: nothing that a reader of the file could change
            return writer.own_paragraph(f"{label_of(line)}{line.text(Op.INSERTED)} → {line.text(Op.DELETED)}")
        if line.kind == "cited":
            # The mark stands after the words, in the same paragraph
            return writer.paragraphs(line, after=self.endnotes.mark(line))
        if line.kind == "figure" and (picture := self._picture(line)):
            return writer.own_paragraph("", picture) + writer.line(line)
        return writer.line(line)

    def _picture(self, line: Line) -> str:
        name = line.text(Op.INSERTED if line.op is Op.DELETED else Op.DELETED)
        if name not in self.figures or not name.endswith(SUFFIXES):
            return ""
        figure = self.figures[name][0]
        relation = self.pictures.setdefault(name, f"picture{len(self.pictures) + 1}")
        markup = picture_markup(relation, self.state.next_id(), (figure.width, figure.height), figure.alt)
        return self.state.tracked(line.op, markup) if line.op in (Op.DELETED, Op.INSERTED) else markup
