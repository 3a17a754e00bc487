"""Words of a line as runs of a Word file: their form, links, tracked changes and comments."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from monographs.presentation.word_file.docx_markup import attribute, element, words
from monographs.presentation.word_file.word_content import (
    LABEL_STYLE,
    PAGE_FRAGMENT,
    PAGE_URN,
    WordComment,
    WordCover,
)
from monographs.redline import LINE_BREAK, Form, Op, Run

_PAGE = "page:"
_MARKS = {"strong": element("b"), "em": element("i")}
_SCRIPTS = {"sub": "subscript", "sup": "superscript"}
_BREAKS = re.compile(rf"([\t{LINE_BREAK}])")
_TRACKED = {Op.INSERTED: "ins", Op.DELETED: "del"}


@dataclass(slots=True)
class PackageState:
    """What the parts of a file share: addresses of links, and numbers of changes, bookmarks and lists."""

    cover: WordCover
    links: Mapping[str, str]
    site_address: str = ""
    addresses: dict[str, str] = field(default_factory=dict)
    ordered_lists: int = 0
    places: int = 0
    _last_id: int = 0

    def next_id(self) -> int:
        """Return a number that no change, bookmark or comment of the file has."""
        self._last_id += 1
        return self._last_id

    def relation_of(self, address: str) -> str:
        """Return the id of the relationship to the address of a link."""
        return self.addresses.setdefault(address, f"link{len(self.addresses) + 1}")

    def tracked(self, op: Op, content: str = "") -> str:
        """Return a tracked change around ``content``, or for a mark or row without one."""
        return self.changed(_TRACKED[op], content)

    def changed(self, tag: str, content: str = "") -> str:
        """Return an element that says who changed something, and when."""
        cover = self.cover
        return element(tag, content, id=self.next_id(), author=cover.author, date=cover.moment)

    def address_of(self, address: str) -> str:
        """Return the address of a link in the file; those of other pages hold their keys."""
        if not address.startswith(_PAGE):
            return address
        key = address.removeprefix(_PAGE).split()[0]
        path = self.links.get(key)
        return f"{self.site_address}{path}#{PAGE_FRAGMENT}{key}" if path else f"{PAGE_URN}{key}"


@dataclass(frozen=True, slots=True)
class CommentRange:
    """Where a comment begins and ends in the new text of its section; ``number`` is its id in the file."""

    start: int
    end: int
    number: int


@dataclass(slots=True)
class CommentMarks:
    """The comments of one section whose marks are still to be written."""

    to_open: list[CommentRange] = field(default_factory=list)
    to_close: list[CommentRange] = field(default_factory=list)

    def add(self, comment: WordComment, number: int, first_line: int) -> None:
        """Place a comment; one on the whole section is at its first line, of ``first_line`` characters."""
        if comment.start is None or comment.end is None:
            self.to_open.append(CommentRange(0, first_line, number))
        else:
            self.to_open.append(CommentRange(comment.start, comment.end, number))

    def before(self, at: int) -> str:
        """Return the marks that stand before the character ``at``."""
        return self._closed(at) + self._opened([each for each in self.to_open if each.start <= at])

    def line_end(self, at: int) -> str:
        """Return the marks at the end of a line that ends at ``at``; an empty line may hold a comment."""
        return self._opened([each for each in self.to_open if each.end <= at]) + self._closed(at)

    def cuts(self, start: int, end: int) -> list[int]:
        """Return the places between ``start`` and ``end`` at which a comment begins or ends, sorted."""
        places = {at for each in (*self.to_open, *self.to_close) for at in (each.start, each.end)}
        return sorted(at for at in places if start < at < end)

    def _opened(self, due: list[CommentRange]) -> str:
        self.to_open = [each for each in self.to_open if each not in due]
        self.to_close += due
        return "".join(element("commentRangeStart", id=each.number) for each in due)

    def _closed(self, at: int) -> str:
        due = [each for each in self.to_close if each.end <= at]
        self.to_close = [each for each in self.to_close if each not in due]
        return "".join(_comment_end(each.number) for each in due)


def _comment_end(number: int) -> str:
    reference = element(
        "r", element("rPr", element("rStyle", val="CommentReference")), element("commentReference", id=number)
    )
    return element("commentRangeEnd", id=number) + reference


@dataclass(slots=True)
class RunWriter:
    """Writer of the words of one section. ``offset``: the length of the new text written so far."""

    state: PackageState
    comments: CommentMarks
    offset: int = 0

    def label(self, text: str, op: Op = Op.SAME) -> str:
        """Return words of this program, which are not read when the file comes back; nothing for no words."""
        if not text:
            return ""
        words_of_it = _text(text, "delText" if op is Op.DELETED else "t")
        run = element("r", element("rPr", element("rStyle", val=LABEL_STYLE)), words_of_it)
        return self.state.tracked(op, run) if op in _TRACKED else run

    def words(self, run: Run, text: str) -> str:
        """Return ``text``, a stretch of ``run`` within one paragraph, with the comments in it."""
        if run.op is Op.DELETED:
            return self._formed(run, text)
        start, end = self.offset, self.offset + len(text)
        edges = [start, *self.comments.cuts(start, end), end]
        pieces = []
        for before, after in pairwise(edges):
            pieces += [self.comments.before(before), self._formed(run, text[before - start : after - start])]
        self.offset = end
        return "".join(pieces)

    def _formed(self, run: Run, text: str) -> str:
        if not text:
            return ""
        old = run.old_form
        if run.op is Op.SAME and old is not None and old.address != run.form.address:
            return self._run(text, old, Op.DELETED) + self._run(text, run.form, Op.INSERTED)
        return self._run(text, run.form, run.op, old if run.op is Op.SAME else None)

    def _run(self, text: str, form: Form, op: Op, old: Form | None = None) -> str:
        change = self.state.changed("rPrChange", element("rPr", *_look(old))) if old is not None else ""
        properties = "".join((*_look(form), change))
        look = element("rPr", properties) if properties else ""
        content = element("r", look, _text(text, "delText" if op is Op.DELETED else "t"))
        if op is not Op.SAME:
            content = self.state.tracked(op, content)
        if not form.address:
            return content
        relation = self.state.relation_of(self.state.address_of(form.address))
        return f'<w:hyperlink r:id="{attribute(relation)}" w:history="1">{content}</w:hyperlink>'


def _look(form: Form) -> Iterator[str]:
    if form.address:
        yield element("rStyle", val="Hyperlink")
    yield from (xml for mark, xml in _MARKS.items() if mark in form.marks)
    yield from (element("vertAlign", val=name) for mark, name in _SCRIPTS.items() if mark in form.marks)


def _text(text: str, tag: str) -> str:
    """Return words with their tabs and line breaks, in order."""
    pieces = []
    for piece in _BREAKS.split(text):
        if piece in ("\t", LINE_BREAK):
            pieces.append(element("tab" if piece == "\t" else "br"))
        elif piece:
            pieces.append(f'<w:{tag} xml:space="preserve">{words(piece)}</w:{tag}>')
    return "".join(pieces)
