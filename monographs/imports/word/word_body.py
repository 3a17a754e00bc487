"""Read the body of a Word file, or a note: paragraphs and tables with their places in lists and styles."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element

from monographs.imports.remarks import Remark, RemarkKind
from monographs.imports.word.inline_text import InlineText, RunStatus
from monographs.imports.word.list_numbers import ListLabel, WordNumbering, left_indent
from monographs.imports.word.word_objects import UnreadObject, chosen_branch, part_words, words_of
from monographs.imports.word.word_package import child_at
from monographs.imports.word.word_runs import TRACKED, PartReader, RunContext, RunReader
from monographs.imports.word.word_styles import UNKNOWN_GROUND, is_on, run_properties

_HEADING = re.compile(r"heading (\d)$")
_CONTENTS = re.compile(r"toc \d$|table of contents$")
_OUTLINE_LEVELS = 9
_DEEPEST_HEADING = 6
_LEFT_OUT_ROW = "This row of a table is a tracked deletion or hidden in Word; it was left out."
_JOINED = (
    "The end of this paragraph is a tracked deletion in Word, which would join it to the next one; "
    "they were kept apart."
)


@dataclass(slots=True)
class WordParagraph:
    """A paragraph. ``level`` is that of a heading, 0 for text; ``boxes`` is what its text boxes hold."""

    text: InlineText
    style_names: list[str] = field(default_factory=list)
    level: int = 0
    label: ListLabel | None = None
    depth: int = 0
    numbering: str = ""
    indent: int | None = None
    drop_cap: bool = False
    in_contents: bool = False
    boxes: list["WordPiece"] = field(default_factory=list)

    @property
    def is_caption(self) -> bool:
        """Whether it has the style of captions."""
        return "caption" in self.style_names


@dataclass(slots=True)
class WordCell:
    """A cell: its contents, the columns it covers, and whether it continues the cell above."""

    pieces: list["WordPiece"] = field(default_factory=list)
    columns: int = 1
    continues: bool = False


@dataclass(slots=True)
class WordTable:
    """A table as it is in the file. ``skipped`` are the empty columns before each row."""

    rows: list[list[WordCell]] = field(default_factory=list)
    header_row: bool = False
    row_headers: bool = False
    remarks: list[Remark] = field(default_factory=list)


WordPiece = WordParagraph | WordTable


@dataclass(slots=True)
class WordBodyReader:
    """Reader of the contents of a part."""

    of_part: PartReader
    numbering: WordNumbering

    def pieces(self, parent: Iterable[Element], context: RunContext) -> list[WordPiece]:
        """Return the paragraphs and tables in ``parent``, in order."""
        return [piece for child in parent for piece in self._read(child, context)]

    def _read(self, element: Element, context: RunContext) -> Iterator[WordPiece]:
        tag = str(element.tag)
        if tag == "w:p":
            yield self._paragraph(element, context)
        elif tag == "w:tbl":
            yield self._table(element, context)
        elif tag == "w:sdt":
            yield from self._control(element, context)
        elif tag == "mc:AlternateContent":
            yield from self.pieces(chosen_branch(element), context)
        elif tag in TRACKED:
            yield from self.pieces(element, context.within_change(TRACKED[tag]))
        else:
            yield from self._read_other(element, tag, context)

    def _read_other(self, element: Element, tag: str, context: RunContext) -> Iterator[WordPiece]:
        if tag in {"w:altChunk", "w:subDoc"}:
            yield self._embedded(element)
        elif any(child.tag in {"w:p", "w:tbl"} for child in element.iter() if child is not element):
            yield from self.pieces(element, context)
        elif tag not in {"w:sectPr", "w:tblPr", "w:tcPr", "w:tblGrid", "w:sdtPr"}:
            yield from self._loose(element, context)

    def _loose(self, element: Element, context: RunContext) -> Iterator[WordPiece]:
        """Runs and equations that are not in a paragraph."""
        holder = Element("w:p")
        holder.append(element)
        paragraph = self._paragraph(holder, context)
        if paragraph.text.all_runs or paragraph.text.notes:
            yield paragraph

    def _control(self, element: Element, context: RunContext) -> Iterator[WordPiece]:
        content = child_at(element, "w:sdtContent")
        if content is None:
            return
        if child_at(element, "w:sdtPr/w:showingPlcHdr") is not None:
            holder = Element("w:p")
            holder.append(element)
            yield self._paragraph(holder, context)
            return
        gallery = child_at(element, "w:sdtPr/w:docPartObj/w:docPartGallery")
        contents = gallery is not None and gallery.get("w:val", "").lower() == "table of contents"
        for piece in self.pieces(content, context):
            if contents and isinstance(piece, WordParagraph):
                piece.in_contents = True
            yield piece

    def _embedded(self, element: Element) -> WordParagraph:
        package, part = self.of_part.package, self.of_part.part
        relation = package.relations(part).get(element.get("r:id", ""))
        words = part_words(package, relation.target) if relation and not relation.external else ""
        return WordParagraph(InlineText(notes=[UnreadObject("an embedded document", words).remark()]))

    def _paragraph(self, element: Element, context: RunContext) -> WordParagraph:
        sheet, properties = self.of_part.sheet, child_at(element, "w:pPr")
        named = child_at(properties, "w:pStyle") if properties is not None else None
        style = sheet.default_id("paragraph") if named is None else named.get("w:val", "")
        reader = RunReader(self.of_part)
        ground = sheet.ground_of(properties, style) or context.ground
        reader.read(element, replace(context, paragraph_style=style, ground=ground))
        reader.text.finish()
        found = WordParagraph(reader.text, sheet.names(style))
        found.boxes = self.pieces(
            [child for box in reader.boxes for child in box], RunContext(status=context.status)
        )
        self._place(found, properties, style)
        # Only paragraphs that are seen are counted
        if found.text.plain and found.numbering:
            found.label = self.numbering.next_label(found.numbering, found.depth)
            if found.label is not None and found.label.level.is_unmarked:
                found.label = None
        return found

    def _place(self, found: WordParagraph, properties: Element | None, style: str) -> None:
        """Set level, numbering and indent, from the paragraph itself or the nearest style that has them."""
        elements = [
            p for p in (properties, *(s.paragraph for s in self.of_part.sheet.chain(style))) if p is not None
        ]
        found.in_contents = any(_CONTENTS.match(name) for name in found.style_names)
        found.level = _heading_level(found.style_names, elements)
        numbered = next((e for p in elements if (e := child_at(p, "w:numPr")) is not None), None)
        if numbered is not None:
            self._set_numbering(found, elements, style)
        indents = (left_indent(child_at(p, "w:ind")) for p in elements[: 1 if numbered is not None else None])
        found.indent = next((indent for indent in indents if indent is not None), None)
        level = self.numbering.level(found.numbering, found.depth) if found.numbering else None
        if found.indent is None and level is not None:
            found.indent = level.indent
        frame = child_at(properties, "w:framePr") if properties is not None else None
        found.drop_cap = frame is not None and frame.get("w:dropCap", "none") != "none"
        mark = run_properties(child_at(properties, "w:rPr")) if properties is not None else {}
        if "del" in mark and found.text.plain:
            found.text.notes.append(
                Remark(RemarkKind.UNSURE, _JOINED, found.text.plain, result=found.text.plain)
            )

    def _set_numbering(self, found: WordParagraph, elements: list[Element], style: str) -> None:
        ids = (e.get("w:val", "") for p in elements if (e := child_at(p, "w:numPr/w:numId")) is not None)
        found.numbering = next(ids, "")
        levels = (e.get("w:val", "") for p in elements if (e := child_at(p, "w:numPr/w:ilvl")) is not None)
        depth = next(levels, "")
        linked = self.numbering.level_of_style(found.numbering, style)
        found.depth = int(depth) if depth.isdecimal() else linked or 0
        if self.numbering.level(found.numbering, found.depth) is None:
            found.numbering = ""

    def _table(self, element: Element, context: RunContext) -> WordTable:
        properties = child_at(element, "w:tblPr")
        named = child_at(properties, "w:tblStyle") if properties is not None else None
        sheet = self.of_part.sheet
        style = sheet.default_id("table") if named is None else named.get("w:val", "")
        look = child_at(properties, "w:tblLook") if properties is not None else None
        places = [place for s in sheet.chain(style) for place in s.places]
        first_row = _has_look(look, "firstRow", 0x20) and "firstRow" in places
        first_column = _has_look(look, "firstColumn", 0x80) and "firstCol" in places
        table = WordTable(header_row=first_row, row_headers=first_column)
        rows = list(_rows_of(element))
        for n, row in enumerate(rows):
            if _is_left_out(row):
                if words := words_of(row):
                    table.remarks.append(Remark(RemarkKind.OMITTED, _LEFT_OUT_ROW, words))
                continue
            if n == 0 and child_at(row, "w:trPr/w:tblHeader") is not None:
                table.header_row = True
            cells = list(self._cells(row, style, n == 0 and first_row, first_column, context))
            table.rows.append(cells)
        return table

    def _cells(
        self, row: Element, style: str, is_first: bool, first_column: bool, context: RunContext
    ) -> Iterator[WordCell]:
        before = _number(child_at(row, "w:trPr/w:gridBefore"))
        if before:
            yield WordCell(columns=before)
        last: WordCell | None = None
        for n, cell in enumerate(_cells_of(row)):
            places = (
                *(("firstCol",) if first_column and n == 0 else ()),
                *(("firstRow",) if is_first else ()),
            )
            table = self.of_part.sheet.table_run(style, places)
            properties = child_at(cell, "w:tcPr")
            merged = _merge(properties, "w:hMerge")
            deleted = properties is not None and child_at(properties, "w:cellDel") is not None
            within = replace(
                context,
                table=table,
                ground=UNKNOWN_GROUND,
                status=RunStatus.DELETED if deleted else context.status,
            )
            pieces = self.pieces(cell, within)
            if merged == "continue" and last is not None:
                last.columns += 1
                last.pieces += pieces
                continue
            columns = _number(child_at(properties, "w:gridSpan")) if properties is not None else 1
            last = WordCell(pieces, max(1, columns), _merge(properties, "w:vMerge") == "continue")
            yield last


def _heading_level(names: list[str], elements: list[Element]) -> int:
    if "title" in names:
        return 1
    for name in names:
        if match := _HEADING.match(name):
            return min(int(match[1]), _DEEPEST_HEADING)
    for properties in elements:
        outline = child_at(properties, "w:outlineLvl")
        if outline is not None:
            level = _number(outline) + 1
            return min(level, _DEEPEST_HEADING) if level <= _OUTLINE_LEVELS else 0
    return 0


def _has_look(look: Element | None, name: str, bit: int) -> bool:
    if look is None:
        return False
    if (value := look.get(f"w:{name}")) is not None:
        return is_on(value)
    try:
        return bool(int(look.get("w:val", "0"), 16) & bit)
    except ValueError:
        return False


def _rows_of(parent: Element) -> Iterator[Element]:
    for child in parent:
        if child.tag == "w:tr":
            yield child
        elif child.tag == "mc:AlternateContent":
            yield from (row for branch in chosen_branch(child) for row in [branch] if branch.tag == "w:tr")
        elif child.tag not in {"w:tblPr", "w:tblGrid"}:
            yield from _rows_of(child)


def _cells_of(parent: Element) -> Iterator[Element]:
    for child in parent:
        if child.tag == "w:tc":
            yield child
        elif child.tag not in {"w:trPr", "w:tblPrEx"}:
            yield from _cells_of(child)


def _is_left_out(row: Element) -> bool:
    properties = child_at(row, "w:trPr")
    if properties is None:
        return False
    hidden = child_at(properties, "w:hidden")
    return child_at(properties, "w:del") is not None or (
        hidden is not None and is_on(hidden.get("w:val", "1"))
    )


def _merge(properties: Element | None, name: str) -> str:
    found = child_at(properties, name) if properties is not None else None
    return "" if found is None else found.get("w:val", "continue")


def _number(element: Element | None) -> int:
    value = "" if element is None else element.get("w:val", "")
    return min(int(value), 100) if value.isdecimal() else 0
