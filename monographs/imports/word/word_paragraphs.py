"""Turn what a Word file holds into paragraphs, in which headings are recognised like those of a text."""

from dataclasses import dataclass, field, replace

from monographs.imports.boilerplate import is_short
from monographs.imports.headings import HEADING_MESSAGE, looks_like_heading, recognise
from monographs.imports.list_depth import DEEPEST
from monographs.imports.paragraphs import SourceParagraph
from monographs.imports.parsed_text import ListItem, ParsedList, ParsedParagraph, Subheading
from monographs.imports.remarks import Remark, RemarkKind
from monographs.imports.word.inline_text import InlineText
from monographs.imports.word.item_numbers import ItemCounter, ItemDepths
from monographs.imports.word.tab_columns import with_tab_tables
from monographs.imports.word.table_grid import TableGrid
from monographs.imports.word.typed_markers import TypedMarker, numbered_run, typed_bullet
from monographs.imports.word.word_body import WordParagraph, WordPiece, WordTable

_BOX_HEADING = "A table with headings in it was read cell by cell; check the order."


@dataclass(slots=True)
class WordParagraphs:
    """The paragraphs of a file in reading order, and what is not imported.

    ``name`` is the medicine's name according to the file's name, for headings such as “How testumab works”.
    ``remarks`` are about words that have no paragraph to stand beside.
    """

    name: str
    units: list[SourceParagraph] = field(default_factory=list)
    contents: list[str] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    _levels: ItemDepths = field(default_factory=ItemDepths)
    _counter: ItemCounter = field(default_factory=ItemCounter)
    _in_typed_list: bool = False
    #: Numbers of the typed list that is being read.
    _numbers: list[TypedMarker] = field(default_factory=list)

    def add(self, pieces: list[WordPiece]) -> None:
        """Add paragraphs and tables."""
        pieces = with_tab_tables(_with_drop_caps(pieces))
        n = 0
        while n < len(pieces):
            piece = pieces[n]
            if isinstance(piece, WordTable):
                self._end_list()
                n = self._add_table(pieces, n)
            elif self._is_caption_of_next(pieces, n):
                n += 1  # read with its table
            else:
                n = self._add_paragraph(piece, pieces, n)

    def _add_paragraph(self, piece: WordParagraph, pieces: list[WordPiece], n: int) -> int:
        if piece.in_contents:
            if piece.text.plain:
                self.contents.append(piece.text.plain)
            self.remarks += piece.text.remarks()
        elif not piece.text.plain:
            self._attach(piece.text.remarks())
        elif piece.level:
            self._end_list()
            self._add_heading(f"{'#' * piece.level} {piece.text.plain}", piece.text)
        elif piece.label is not None:
            self._add_item(piece, pieces, n)
        elif self._continues_item(pieces, n):
            self._extend_item(piece.text)
        else:
            self._add_text(piece, _texts_from(pieces, n))
        if piece.boxes:
            self._end_list()
            self.add(piece.boxes)
        return n + 1

    def _attach(self, remarks: list[Remark]) -> None:
        """Put remarks about a paragraph without text to the paragraph before it."""
        if self.units:
            self.units[-1].block.remarks.extend(remarks)
        else:
            self.remarks += remarks

    def _end_list(self) -> None:
        self._levels.end()
        self._counter.end()
        self._in_typed_list = False

    def _add_heading(self, line: str, text: InlineText) -> None:
        block = Subheading(text.html(bold=False), list(text.cites), text.remarks(bold=False))
        self.units.append(SourceParagraph(line, block))

    def _add_item(self, piece: WordParagraph, pieces: list[WordPiece], n: int) -> None:
        label, text = piece.label, piece.text
        if label is None:
            return
        ordered = not label.level.is_bullet
        alone = ordered and not self._levels.is_open and not _is_item(pieces, n + 1)
        if alone and self._is_heading(text.plain):
            self._add_heading(f"{label.text} {text.plain}" if label.text else text.plain, text)
            return
        joins = self._levels.is_open and not self._in_typed_list
        if self._in_typed_list:
            self._end_list()
        depth, html = self._levels.depth_of(piece.indent, piece.depth), text.html()
        if ordered and (words := self._counter.words_of(label)):
            html, ordered = f"{words} {html}", False
        remarks = text.remarks()
        if ordered and (remark := self._counter.count(label, depth)):
            remarks.append(remark)
        item = ListItem(html, ordered, min(depth, DEEPEST))
        block = ParsedList([item], cites=list(text.cites), remarks=remarks)
        self.units.append(SourceParagraph(f"• {text.plain}", block, joins=joins))

    def _continues_item(self, pieces: list[WordPiece], n: int) -> bool:
        """Whether a paragraph without a number belongs to the item above it in a list that goes on."""
        piece = pieces[n]
        if not isinstance(piece, WordParagraph) or not self._levels.is_open or self._in_typed_list:
            return False
        if any(name.startswith("list continue") for name in piece.style_names):
            return True
        if not piece.indent or piece.text.is_bold or self._is_heading(piece.text.plain):
            return False
        before = next((p for p in reversed(pieces[:n]) if isinstance(p, WordParagraph) and p.label), None)
        after = pieces[n + 1] if n + 1 < len(pieces) else None
        if before is None or not isinstance(after, WordParagraph) or after.label is None:
            return False
        return piece.indent >= (before.indent or 0) and after.numbering == before.numbering

    def _extend_item(self, text: InlineText) -> None:
        block = self.units[-1].block
        if isinstance(block, ParsedList):
            added = f"<br/>{text.html()}"
            block.items[-1].text += added
            block.cites += text.cites
            block.remarks[:] = [
                remark if remark.undone is None else replace(remark, undone=remark.undone + added)
                for remark in block.remarks
            ]
            block.remarks += [replace(remark, undone=None) for remark in text.remarks()]

    def _add_text(self, piece: WordParagraph, following: list[str]) -> None:
        """Add a paragraph or an item of a typed list; ``following`` are its text and those after it."""
        text = piece.text
        lines = [line for line in text.lines() if line.plain]
        if len(lines) > 1 and any(self._is_heading(line.plain) for line in lines):
            for line in lines:
                self._add_text(replace(piece, text=line, boxes=[]), [])
            return
        marker = typed_bullet(text.typed, following[1] if len(following) > 1 else "")
        if marker is None and not self._numbers and not self._has_heading(following):
            self._numbers = numbered_run(following)
            if self._numbers:
                self._end_list()
        if marker is None and self._numbers:
            marker = self._numbers.pop(0)
        if marker is not None:
            self._add_typed_item(piece, marker)
            return
        self._end_list()
        self._numbers = []
        if text.is_bold and is_short(text.plain.rstrip(":?")):
            self._add_heading(f"**{text.plain}**", text)
        else:
            self._add_paragraph_of(text)

    def _add_paragraph_of(self, text: InlineText) -> None:
        block = ParsedParagraph(text.html(), list(text.cites), text.remarks())
        if looks_like_heading(text.plain) and not self._is_heading(text.plain):
            block.remarks.append(Remark(RemarkKind.UNSURE, HEADING_MESSAGE, text.plain))
        self.units.append(SourceParagraph(text.plain, block))

    def _has_heading(self, texts: list[str]) -> bool:
        return any(self._is_heading(" ".join(text.split())) for text in texts[:2])

    def _add_typed_item(self, piece: WordParagraph, marker: TypedMarker) -> None:
        text = piece.text.without_start(marker.length)
        text.notes = [note for note in text.notes if note.result != marker.glyph or note.quote == note.result]
        joins = self._in_typed_list and self._levels.is_open
        if not joins:
            self._end_list()
        depth = self._levels.depth_of(piece.indent or 0, 0)
        item = ListItem(text.html(), marker.is_number, min(depth, DEEPEST))
        block = ParsedList([item], cites=list(text.cites), remarks=text.remarks())
        self.units.append(SourceParagraph(f"• {text.plain}", block, joins=joins))
        self._in_typed_list = True

    def _is_heading(self, line: str) -> bool:
        return recognise(line, self.name) is not None

    def _is_caption_of_next(self, pieces: list[WordPiece], n: int) -> bool:
        piece, after = pieces[n], pieces[n + 1] if n + 1 < len(pieces) else None
        return isinstance(piece, WordParagraph) and piece.is_caption and isinstance(after, WordTable)

    def _add_table(self, pieces: list[WordPiece], n: int) -> int:
        table, before = pieces[n], pieces[n - 1] if n else None
        after = pieces[n + 1] if n + 1 < len(pieces) else None
        if not isinstance(table, WordTable):
            return n + 1
        captions = [p for p in (before, after) if isinstance(p, WordParagraph) and p.is_caption][:1]
        caption = captions[0] if captions else None
        if caption is not None and caption is after and self._is_caption_of_next(pieces, n + 1):
            caption = None
        grid = TableGrid.of(table, self._cell_units)
        if grid.is_frame(lambda unit: self._is_heading(unit.line)):
            if caption is not None and caption is before:
                self._add_text(caption, [])
            if grid.width > 1:
                message = Remark(RemarkKind.UNSURE, _BOX_HEADING, grid.words, result=grid.words)
                self.remarks.append(message)
            self.units += [unit for cell in grid.cells for unit in cell]
            self._attach(table.remarks)
            return n + 1
        rows = grid.as_rows(caption.text if caption is not None else None)
        if rows:
            rows[0].block.remarks.extend(table.remarks)
        else:
            self._attach(table.remarks)
        self.units += rows
        return n + 2 if caption is not None and caption is after and rows else n + 1

    def _cell_units(self, pieces: list[WordPiece]) -> list[SourceParagraph]:
        inner = WordParagraphs(self.name)
        inner.add(pieces)
        self.contents += inner.contents
        self.remarks += inner.remarks
        return inner.units


def _is_item(pieces: list[WordPiece], n: int) -> bool:
    piece = pieces[n] if n < len(pieces) else None
    return isinstance(piece, WordParagraph) and piece.label is not None and not piece.level


def _texts_from(pieces: list[WordPiece], n: int) -> list[str]:
    """Return the texts of the paragraphs from ``n`` on, up to anything that is not plain text."""
    texts: list[str] = []
    for piece in pieces[n : n + 50]:
        if not isinstance(piece, WordParagraph) or piece.level or piece.label or piece.in_contents:
            break
        if piece.text.plain:
            texts.append(piece.text.typed)
    return texts


def _with_drop_caps(pieces: list[WordPiece]) -> list[WordPiece]:
    """Put each large first letter, which is a paragraph of its own in Word, to the text it begins."""
    joined: list[WordPiece] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        if isinstance(piece, WordParagraph) and isinstance(last, WordParagraph) and last.drop_cap:
            piece.text.all_runs[:0] = [replace(run, position=0) for run in last.text.all_runs]
            piece.text.notes[:0] = last.text.notes
            piece.text.cites[:0] = last.text.cites
            joined[-1] = piece
        else:
            joined.append(piece)
    return joined
