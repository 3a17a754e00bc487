"""Read the runs of a paragraph with who changed them, the passages they are in and the comments on them."""

from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element

from monographs.imports.word.inline_text import FormattedRun
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
_NOTE_MARKS = frozenset({"w:endnoteReference", "w:footnoteReference", "w:commentReference"})
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
    _href: str = ""

    def _read_element(self, element: Element, context: RunContext) -> None:
        tag = str(element.tag)
        if tag == "w:bookmarkStart":
            self.open_bookmark(element)
        elif tag == "w:bookmarkEnd":
            self.bookmarks.pop(element.get("w:id", ""), None)
        elif tag == "w:commentRangeStart":
            self.comment_starts[element.get("w:id", "")] = len(self.runs)
        elif tag == "w:commentRangeEnd":
            self.comment_ends[element.get("w:id", "")] = len(self.runs)
        elif tag in _CHANGES:
            before, self.change = self.change, TrackedChange.of(element)
            RunReader._read_element(self, element, context)
            self.change = before
        elif tag == "w:hyperlink":
            self._read_address(element, context)
        elif tag == "w:r":
            self._read_marked_run(element, context)
        else:
            RunReader._read_element(self, element, context)

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
        if _NOTE_STYLES & set(names) or any(child.tag in _NOTE_MARKS for child in run):
            return
        changed = child_at(properties, "w:rPrChange") if properties is not None else None
        change = self.change or (TrackedChange.of(changed) if changed is not None else None)
        before = len(self.text.all_runs)
        RunReader._read_element(self, run, context)
        for read in self.text.all_runs[before:]:
            own = replace(read, marks=()) if LABEL_STYLE_NAME in names else read
            found = _returned(own, self._href, change)
            self.runs.append(replace(found, is_label=LABEL_STYLE_NAME in names))


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
