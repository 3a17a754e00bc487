"""Read the runs of a paragraph with who changed them, the passages they are in and the comments on them."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element

from monographs.imports.word.inline_text import FormattedRun, RunStatus
from monographs.imports.word.word_objects import UnreadObject
from monographs.imports.word.word_package import child_at
from monographs.imports.word.word_runs import RunContext, RunReader
from monographs.imports.word.word_styles import run_properties
from monographs.presentation.word_file.word_content import LABEL_STYLE_NAME, PAGE_FRAGMENT, PAGE_URN
from monographs.redline import LINE_BREAK, Form

_CHANGES = frozenset({"w:ins", "w:del", "w:moveFrom", "w:moveTo"})
_MARKS = {"b": "strong", "i": "em", "sub": "sub", "sup": "sup"}
#: Styles of the marks of notes; programs put those of our endnotes into their text.
_NOTE_STYLES = frozenset(
    {"endnote reference", "endnote characters", "footnote reference", "annotation reference"}
)
_NOTE_MARKS = {"w:endnoteReference": "endnote", "w:footnoteReference": "footnote"}
_COMMENT_MARK = "w:commentReference"
_MARKS_OF_NOTES = frozenset({*_NOTE_MARKS, _COMMENT_MARK})
#: Passages that are open at one place. In a file of Word's there is one, in a damaged one none may ever end.
MOST_OPEN = 20
#: Characters of the key of a page, at the end of an address.
_KEY_LENGTH = 36


@dataclass(frozen=True, slots=True)
class TrackedChange:
    """Who changed something in Word, and when, both as the file says it."""

    author: str
    at: str = ""

    @classmethod
    def of(cls, element: Element) -> "TrackedChange":
        """Return who is named by a tracked change or a comment."""
        return cls(" ".join(element.get("w:author", "").split()), element.get("w:date", ""))

    @property
    def minute(self) -> str:
        """The moment to the minute: Word drops the seconds."""
        return self.at[:16]


@dataclass(frozen=True, slots=True)
class ReturnedRun:
    """Words of a paragraph. ``shown``: whether they are in the text once all changes are accepted."""

    text: str
    form: Form
    shown: bool
    change: TrackedChange | None = None
    is_label: bool = False


@dataclass(slots=True)
class MarkedRunReader(RunReader):
    """Reader of one paragraph. ``bookmarks`` are the open ones, names by id; they outlast paragraphs."""

    bookmarks: dict[str, str] = field(default_factory=dict)
    change: TrackedChange | None = None
    runs: list[ReturnedRun] = field(default_factory=list)
    keys: dict[str, None] = field(default_factory=dict)
    #: Comments by id: how many runs are before their first and after their last word.
    comment_starts: dict[str, int] = field(default_factory=dict)
    comment_ends: dict[str, int] = field(default_factory=dict)
    #: The same of the marks of comments: programs write no more where nothing was selected.
    comment_points: dict[str, int] = field(default_factory=dict)
    #: Notes of the file that are referred to here, as ``note_name`` calls them.
    notes_here: list[str] = field(default_factory=list)
    #: What was added and cannot be read: pictures and other objects.
    objects: list[str] = field(default_factory=list)
    _href: str = ""

    def _read_element(self, element: Element, context: RunContext) -> None:
        tag = str(element.tag)
        if reader := _READERS.get(tag):
            reader(self, element, context)
        elif tag in _CHANGES:
            before, self.change = self.change, TrackedChange.of(element)
            RunReader._read_element(self, element, context)
            self.change = before
        else:
            RunReader._read_element(self, element, context)

    def _begin_passage(self, mark: Element, _context: RunContext) -> None:
        self.open_bookmark(mark)

    def _end_passage(self, mark: Element, _context: RunContext) -> None:
        self.bookmarks.pop(mark.get("w:id", ""), None)

    def _begin_comment(self, mark: Element, _context: RunContext) -> None:
        self.comment_starts[mark.get("w:id", "")] = len(self.runs)

    def _end_comment(self, mark: Element, _context: RunContext) -> None:
        self.comment_ends[mark.get("w:id", "")] = len(self.runs)

    def _read_unmarked(self, element: Element, context: RunContext) -> None:
        before = len(self.text.all_runs)
        RunReader._read_element(self, element, context)
        self.runs += [_returned(read, self._href, self.change) for read in self.text.all_runs[before:]]

    def unread(self, found: UnreadObject, context: RunContext) -> None:
        """Note an object that cannot be read if it was added; pictures of ours are in the file as well."""
        RunReader.unread(self, found, context)
        if context.status is RunStatus.INSERTED:
            self.objects.append(found.label)

    def open_bookmark(self, element: Element) -> None:
        """Note that a passage begins here."""
        name = element.get("w:name", "")
        if len(self.bookmarks) >= MOST_OPEN:
            self.bookmarks.clear()
        self.bookmarks[element.get("w:id", "")] = name
        self.keys[name] = None

    def _read_address(self, element: Element, context: RunContext) -> None:
        relation = self.of_part.package.relations(self.of_part.part).get(element.get("r:id", ""))
        before, self._href = self._href, relation.target if relation and relation.external else ""
        self.read(element, context)
        self._href = before

    def _read_marked_run(self, run: Element, context: RunContext) -> None:
        properties = child_at(run, "w:rPr")
        names = self.of_part.sheet.names(run_properties(properties).get("rStyle", ""))
        for child in run:
            if child.tag == _COMMENT_MARK:
                self.comment_points[child.get("w:id", "")] = len(self.runs)
            elif child.tag in _NOTE_MARKS:
                self.notes_here.append(note_name(_NOTE_MARKS[child.tag], child))
        if _NOTE_STYLES & set(names) or any(child.tag in _MARKS_OF_NOTES for child in run):
            return
        changed = child_at(properties, "w:rPrChange") if properties is not None else None
        change = self.change or (TrackedChange.of(changed) if changed is not None else None)
        before = len(self.text.all_runs)
        RunReader._read_element(self, run, context)
        for read in self.text.all_runs[before:]:
            own = replace(read, marks=()) if LABEL_STYLE_NAME in names else read
            found = _returned(own, self._href, change)
            self.runs.append(replace(found, is_label=LABEL_STYLE_NAME in names))


_READERS: dict[str, Callable[[MarkedRunReader, Element, RunContext], None]] = {
    "w:bookmarkStart": MarkedRunReader._begin_passage,
    "w:bookmarkEnd": MarkedRunReader._end_passage,
    "w:commentRangeStart": MarkedRunReader._begin_comment,
    "w:commentRangeEnd": MarkedRunReader._end_comment,
    "w:hyperlink": MarkedRunReader._read_address,
    "w:r": MarkedRunReader._read_marked_run,
    "m:oMath": MarkedRunReader._read_unmarked,
    "m:oMathPara": MarkedRunReader._read_unmarked,
}


def note_name(kind: str, element: Element) -> str:
    """Return what an endnote or a footnote is called within its file."""
    return f"{kind} {element.get('w:id', '')}"


def _returned(run: FormattedRun, href: str, change: TrackedChange | None) -> ReturnedRun:
    marks = {_MARKS[mark] for mark in run.marks if mark in _MARKS}
    address = page_address(href or run.href)
    form = Form(tuple(sorted(marks | ({"a"} if address else set()))), address)
    return ReturnedRun(LINE_BREAK if run.ends_line else run.words, form, run.status.is_shown, change)


def page_address(address: str) -> str:
    """Return the address of a link as a document has it: another page of the site by its key."""
    for before in (PAGE_URN, f"#{PAGE_FRAGMENT}"):
        key = address.rpartition(before)[2] if before in address else ""
        if len(key) == _KEY_LENGTH:
            return f"page:{key}"
    return address
