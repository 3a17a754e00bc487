"""Read the paragraphs of a returned file, in the body and in its notes, with the passages they are."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element

from monographs.imports.word.inline_text import RunStatus
from monographs.imports.word.word_objects import chosen_branch
from monographs.imports.word.word_package import child_at
from monographs.imports.word.word_runs import TRACKED, PartReader, RunContext
from monographs.imports.word_return.returned_runs import (
    MarkedRunReader,
    ReturnedRun,
    TrackedChange,
    note_name,
)

#: Changes of a row are in its properties, those of a cell in its own.
_OF_ROW = {"w:ins": RunStatus.INSERTED, "w:del": RunStatus.DELETED}
_OF_CELL = {"w:cellIns": RunStatus.INSERTED, "w:cellDel": RunStatus.DELETED}
_PROPERTIES = frozenset({"w:tblPr", "w:tblGrid", "w:trPr", "w:tcPr", "w:sectPr", "w:sdtPr", "w:sdtEndPr"})


_HEADING = "heading "
_NOTES = {"w:endnote": "endnote", "w:footnote": "footnote"}


@dataclass(frozen=True, slots=True)
class ParagraphContext:
    """The cell, row or note that a paragraph is in (0 for none), and tracked changes of all of it.

    ``note`` is what the note is called (``note_name``).
    """

    container: int = 0
    row: int = 0
    note: str = ""
    context: RunContext = field(default_factory=RunContext)
    change: TrackedChange | None = None


@dataclass(slots=True)
class ReturnedParagraph:
    """A paragraph. ``keys`` are the passages in it; ``ended``: its end is a tracked deletion.

    ``changes`` are those of its end, its form, and what it is in. Paragraphs join only within a container.
    ``note`` is the note it is in, ``notes_here`` are those that it refers to, and ``objects`` what was added
    and cannot be read.
    """

    runs: list[ReturnedRun]
    keys: list[str]
    container: int
    row: int
    style_names: list[str]
    is_item: bool = False
    ended: bool = False
    changes: list[TrackedChange] = field(default_factory=list)
    comment_starts: dict[str, int] = field(default_factory=dict)
    comment_ends: dict[str, int] = field(default_factory=dict)
    note: str = ""
    notes_here: list[str] = field(default_factory=list)
    objects: list[str] = field(default_factory=list)

    @property
    def shape(self) -> str:
        """The kind of line that it is drawn as: bullet, heading or paragraph."""
        if any(name.startswith(_HEADING) for name in self.style_names):
            return "heading"
        return "bullet" if self.is_item else "paragraph"

    @property
    def shown(self) -> list[ReturnedRun]:
        """The words of the text once all changes are accepted."""
        return [run for run in self.runs if run.shown and not run.is_label]

    @property
    def is_removed(self) -> bool:
        """Whether all of its words and its end are deleted."""
        return self.ended and not any(run.text.strip() for run in self.shown)


@dataclass(slots=True)
class ReturnedBodyReader:
    """Reader of the paragraphs of one part."""

    of_part: PartReader
    paragraphs: list[ReturnedParagraph] = field(default_factory=list)
    _open: dict[str, str] = field(default_factory=dict)
    _pending: list[Element] = field(default_factory=list)
    #: Comments whose range begins with the next paragraph, and all whose range has begun.
    _next_comments: list[str] = field(default_factory=list)
    _commented: set[str] = field(default_factory=set)
    _last: int = 0

    def read(self, parent: Iterable[Element], around: ParagraphContext) -> None:
        """Read the paragraphs in ``parent``."""
        for child in parent:
            tag = str(child.tag)
            if tag == "w:p":
                self._paragraph(child, around)
            elif mark := _BETWEEN.get(tag):
                mark(self, child)
            elif tag == "mc:AlternateContent":
                self.read(chosen_branch(child), around)
            elif tag in TRACKED:
                self.read(child, _within(around, child, TRACKED[tag]))
            elif tag not in _PROPERTIES:
                self.read(child, self._around(child, tag, around))

    def _begin_passage(self, mark: Element) -> None:
        self._pending.append(mark)

    def _end_passage(self, mark: Element) -> None:
        self._open.pop(mark.get("w:id", ""), None)

    def _begin_comment(self, mark: Element) -> None:
        self._next_comments.append(mark.get("w:id", ""))

    def _end_comment(self, mark: Element) -> None:
        """Note that the range of a comment ends with the last paragraph."""
        number = mark.get("w:id", "")
        if number in self._next_comments:
            self._next_comments.remove(number)  # of no words
        elif self.paragraphs:
            self.paragraphs[-1].comment_ends[number] = len(self.paragraphs[-1].runs)

    def _around(self, element: Element, tag: str, around: ParagraphContext) -> ParagraphContext:
        if tag == "w:tr":
            self._last += 1
            return replace(_with_changes(around, child_at(element, "w:trPr"), _OF_ROW), row=self._last)
        if tag == "w:tc":
            self._last += 1
            inside = _with_changes(around, child_at(element, "w:tcPr"), _OF_CELL)
            return replace(inside, container=self._last)
        if tag in _NOTES:
            self._last += 1
            return replace(around, container=self._last, note=note_name(_NOTES[tag], element))
        return around

    def _paragraph(self, element: Element, around: ParagraphContext) -> None:
        properties = child_at(element, "w:pPr")
        named = child_at(properties, "w:pStyle") if properties is not None else None
        sheet = self.of_part.sheet
        style = sheet.default_id("paragraph") if named is None else named.get("w:val", "")
        reader = MarkedRunReader(self.of_part, bookmarks=self._open, change=around.change)
        reader.keys = dict.fromkeys(self._open.values())
        for start in self._pending:
            reader.open_bookmark(start)
        self._pending = []
        reader.comment_starts = dict.fromkeys(self._next_comments, 0)
        self._next_comments = []
        reader.read(element, replace(around.context, paragraph_style=style))
        self._commented.update(reader.comment_starts)
        points = {at: n for at, n in reader.comment_points.items() if at not in self._commented}
        found = ReturnedParagraph(
            reader.runs,
            list(reader.keys),
            around.container,
            around.row,
            sheet.names(style),
            _is_item([properties, *(each.paragraph for each in sheet.chain(style))]),
            comment_starts=reader.comment_starts | points,
            comment_ends=reader.comment_ends | points,
            note=around.note,
            notes_here=reader.notes_here,
            objects=reader.objects,
        )
        found.changes += [change for change in _changes_of(properties) if change.author]
        if around.change:
            found.changes.append(around.change)
        found.ended = around.context.status is RunStatus.DELETED or (
            properties is not None and child_at(properties, "w:rPr/w:del") is not None
        )
        self.paragraphs.append(found)
        for box in reader.boxes:
            self.read(box, around)


#: Marks that may stand between paragraphs.
_BETWEEN: dict[str, Callable[[ReturnedBodyReader, Element], None]] = {
    "w:bookmarkStart": ReturnedBodyReader._begin_passage,
    "w:bookmarkEnd": ReturnedBodyReader._end_passage,
    "w:commentRangeStart": ReturnedBodyReader._begin_comment,
    "w:commentRangeEnd": ReturnedBodyReader._end_comment,
}


def _is_item(properties: Iterable[Element | None]) -> bool:
    """Whether the first properties that say something about a list put the paragraph into one."""
    for each in properties:
        number = child_at(each, "w:numPr/w:numId") if each is not None else None
        if number is not None:
            return number.get("w:val") != "0"
    return False


def _within(around: ParagraphContext, element: Element, status: RunStatus) -> ParagraphContext:
    return replace(around, context=around.context.within_change(status), change=TrackedChange.of(element))


def _with_changes(
    around: ParagraphContext, properties: Element | None, statuses: dict[str, RunStatus]
) -> ParagraphContext:
    for child in properties if properties is not None else ():
        if status := statuses.get(str(child.tag)):
            around = _within(around, child, status)
    return around


def _changes_of(properties: Element | None) -> Iterator[TrackedChange]:
    """Yield the changes of the end and of the form of a paragraph."""
    if properties is None:
        return
    for path in ("w:rPr/w:ins", "w:rPr/w:del", "w:pPrChange"):
        found = child_at(properties, path)
        if found is not None:
            yield TrackedChange.of(found)
