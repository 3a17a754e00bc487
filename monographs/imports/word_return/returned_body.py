"""Read the paragraphs of a returned file, in the body and in endnotes, with the passages they are."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element

from monographs.imports.word.inline_text import RunStatus
from monographs.imports.word.word_objects import chosen_branch
from monographs.imports.word.word_package import child_at
from monographs.imports.word.word_runs import TRACKED, PartReader, RunContext
from monographs.imports.word_return.returned_runs import MarkedRunReader, ReturnedRun, TrackedChange

#: Changes of a row are in its properties, those of a cell in its own.
_OF_ROW = {"w:ins": RunStatus.INSERTED, "w:del": RunStatus.DELETED}
_OF_CELL = {"w:cellIns": RunStatus.INSERTED, "w:cellDel": RunStatus.DELETED}
_PROPERTIES = frozenset({"w:tblPr", "w:tblGrid", "w:trPr", "w:tcPr", "w:sectPr", "w:sdtPr", "w:sdtEndPr"})


_HEADING = "heading "


@dataclass(frozen=True, slots=True)
class ParagraphContext:
    """The cell, row or endnote that a paragraph is in (0 for none), and tracked changes of all of it."""

    container: int = 0
    row: int = 0
    context: RunContext = field(default_factory=RunContext)
    change: TrackedChange | None = None


@dataclass(slots=True)
class ReturnedParagraph:
    """A paragraph. ``keys`` are the passages in it; ``ended``: its end is a tracked deletion.

    ``changes`` are those of its end, its form, and what it is in. Paragraphs join only within a container.
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
    _last: int = 0

    def read(self, parent: Iterable[Element], around: ParagraphContext) -> None:
        """Read the paragraphs in ``parent``."""
        for child in parent:
            tag = str(child.tag)
            if tag == "w:p":
                self._paragraph(child, around)
            elif tag == "w:bookmarkStart":
                self._pending.append(child)
            elif tag == "w:bookmarkEnd":
                self._open.pop(child.get("w:id", ""), None)
            elif tag == "mc:AlternateContent":
                self.read(chosen_branch(child), around)
            elif tag in TRACKED:
                self.read(child, _within(around, child, TRACKED[tag]))
            elif tag not in _PROPERTIES:
                self.read(child, self._around(child, tag, around))

    def _around(self, element: Element, tag: str, around: ParagraphContext) -> ParagraphContext:
        if tag == "w:tr":
            self._last += 1
            return replace(_with_changes(around, child_at(element, "w:trPr"), _OF_ROW), row=self._last)
        if tag in ("w:tc", "w:endnote"):
            self._last += 1
            inside = _with_changes(around, child_at(element, "w:tcPr"), _OF_CELL)
            return replace(inside, container=self._last)
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
        reader.read(element, replace(around.context, paragraph_style=style))
        found = ReturnedParagraph(
            reader.runs,
            list(reader.keys),
            around.container,
            around.row,
            sheet.names(style),
            _is_item([properties, *(each.paragraph for each in sheet.chain(style))]),
            comment_starts=reader.comment_starts,
            comment_ends=reader.comment_ends,
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
