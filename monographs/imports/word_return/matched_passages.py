"""Match the paragraphs of a returned file to the passages of the text it was made of."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from monographs.document.models import BaseDocument
from monographs.imports.word_return.returned_body import ReturnedParagraph
from monographs.imports.word_return.returned_file import CommentInFile, ReturnedFile
from monographs.imports.word_return.returned_runs import ReturnedRun, TrackedChange
from monographs.imports.word_return.unmarked_paragraphs import mark_by_words, written_paragraphs
from monographs.presentation.labels import in_words
from monographs.presentation.word_file.docx_paragraphs import label_of
from monographs.presentation.word_file.word_content import (
    PLACE_STYLE_NAME,
    PROPERTY_PLACES,
    TITLE_STYLE_NAME,
    keyed_lines,
    place_mark,
    place_words,
)
from monographs.redline import BREAK, LINE_BREAK, Form, Line, Op, SectionRedline
from monographs.redline.lines import compared_line
from monographs.redline.model import LineContext
from monographs.redline.tokens import Pieces
from monographs.redline.unit_lines import UnitLine

#: Paragraphs that a comment is about, at most.
_LONGEST_COMMENT = 50
_BLANKS = " \t\r\n"
#: What the lines that can turn into one another are drawn as.
_SHAPES = {
    "paragraph": "paragraph",
    "heading": "heading",
    **dict.fromkeys(("bullet", "number", "item"), "bullet"),
}
_LABEL_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class KeyedPassage:
    """A passage of the text: its key, its section and its line; ``stored``: its words, perhaps a code."""

    key: str
    section: SectionRedline
    line: Line
    stored: str

    @property
    def pieces(self) -> Pieces:
        """Its words, split where the form changes."""
        return tuple((run.text, run.form) for run in self.line.runs)

    @property
    def text(self) -> str:
        """Its words."""
        return self.line.text(Op.DELETED)


@dataclass(frozen=True, slots=True)
class ProposedChange:
    """A change that a returned file proposes.

    ``line`` is the passage in both versions; ``passage`` the one that it changes, or after which something
    new stands; None at the start. ``by``: who is named, nobody for a change that was not tracked.
    """

    line: Line
    passage: KeyedPassage | None
    by: tuple[TrackedChange, ...] = ()

    @property
    def old_text(self) -> str:
        """The words of the passage."""
        return self.line.text(Op.INSERTED)

    @property
    def new_text(self) -> str:
        """The words that are proposed."""
        return self.line.text(Op.DELETED)


@dataclass(frozen=True, slots=True)
class ReturnedComment:
    """A comment and the words it is about; ``passage`` is the one in which it begins.

    Neither is known of a comment in a part that is not read, or one that lost its place.
    """

    comment: CommentInFile
    quote: str
    passage: KeyedPassage | None


@dataclass(slots=True)
class ReturnedText:
    """What a returned file proposes, in the order of the text, and its comments.

    ``labels`` are words of our labels that were changed; they are no part of the text. ``objects`` were added
    and cannot be read, such as pictures. ``by_words``: the file had lost its bookmarks, so its passages were
    found by their words.
    """

    changes: list[ProposedChange] = field(default_factory=list)
    comments: list[ReturnedComment] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    objects: list[str] = field(default_factory=list)
    by_words: bool = False


@dataclass(slots=True)
class _Group:
    """Paragraphs that are one line once all changes are accepted, or one passage."""

    paragraphs: list[ReturnedParagraph]
    keys: list[str]
    pieces: list[tuple[str, Form]] = field(default_factory=list)


def match(document: BaseDocument, found: ReturnedFile) -> ReturnedText:
    """Return what ``found`` changes in ``document``, which it was made of."""
    return _Matcher(document, found).result()


class _Matcher:
    def __init__(self, document: BaseDocument, found: ReturnedFile) -> None:
        self.passages = {
            key: KeyedPassage(key, section, in_words(line), line.text(Op.DELETED))
            for key, section, line in keyed_lines(document)
        }
        self.order = {key: at for at, key in enumerate(self.passages)}
        self.found = found
        self.title = document.title
        self.seen: set[str] = set()
        self.text = ReturnedText()
        #: The passages at which the file's notes stand.
        self.noted: dict[str, KeyedPassage | None] = {}
        #: Paragraphs that name a place and are still there.
        self.places = 0
        #: The changes with the place in the text after which they stand.
        self.changes: list[tuple[int, ProposedChange]] = []

    def result(self) -> ReturnedText:
        """Match every paragraph, then name the passages that are gone."""
        self._without_any_bookmark()
        for part in self.found.parts:
            last: KeyedPassage | None = None
            places: dict[int, KeyedPassage | None] = {}
            for group in self._groups(part):
                last = self._read(group, self.noted.get(group.paragraphs[0].note, last))
                for paragraph in group.paragraphs:
                    places[id(paragraph)] = last
                    self.noted |= dict.fromkeys(paragraph.notes_here, last)
                    self.text.objects += paragraph.objects
            self._comments(part, places)
        self._comments_elsewhere()
        unseen = [p for key, p in self.passages.items() if key not in self.seen and p.text.strip()]
        for passage in self._without_bookmarks(unseen):
            self._propose(passage.pieces, (), passage.line.context, passage, [])
        self._count_places()
        self.text.changes = [change for _at, change in sorted(self.changes, key=lambda pair: pair[0])]
        return self.text

    def _without_any_bookmark(self) -> None:
        paragraphs = [paragraph for part in self.found.parts for paragraph in part]
        if not any(key in self.passages for paragraph in paragraphs for key in paragraph.keys):
            lines = [(each.key, each.section.anchor, each.line) for each in self.passages.values()]
            written = list(written_paragraphs(self.title, lines))
            self.text.by_words = mark_by_words(written, paragraphs)
            places = sum(each.is_own for each in written)
            self.found.properties[PROPERTY_PLACES] = str(places)

    def _count_places(self) -> None:
        written = self.found.properties.get(PROPERTY_PLACES, "")[:6]
        missing = int(written) - self.places if written.isdecimal() else 0
        if missing > 0:
            self.text.labels.append(f"{missing} removed, such as “Do not” above a list")

    def _check_place(self, paragraph: ReturnedParagraph) -> None:
        """Note a paragraph that names a place if it says something else now."""
        marks = [words for key in paragraph.keys if (words := place_words(key)) is not None]
        if not marks or paragraph.is_removed:
            return
        self.places += 1
        kept = "".join(run.text for run in paragraph.runs if run.is_label and run.shown)
        if place_words(place_mark(0, kept)) != marks[0]:
            self.text.labels.append(_plain(kept) or marks[0].replace("_", " "))

    def _without_bookmarks(self, missing: Iterable[KeyedPassage]) -> list[KeyedPassage]:
        """Return the passages whose words are nowhere. Others lost their bookmark, as programs drop some.

        Their words are no new ones then.
        """
        added: dict[Pieces, list[tuple[int, ProposedChange]]] = {}
        for entry in self.changes:
            if entry[1].line.op is Op.INSERTED:
                words = _normal([(run.text, run.form) for run in entry[1].line.runs])
                added.setdefault(words, []).append(entry)
        gone, kept = [], set()
        for passage in missing:
            if found := added.get(_normal(passage.pieces)):
                kept.add(id(found.pop(0)))
            else:
                gone.append(passage)
        self.changes = [entry for entry in self.changes if id(entry) not in kept]
        return gone

    def _groups(self, paragraphs: Sequence[ReturnedParagraph]) -> Iterable[_Group]:
        group: _Group | None = None
        joins = False
        for paragraph in paragraphs:
            keys = [key for key in paragraph.keys if key in self.passages]
            same = group is not None and paragraph.container == group.paragraphs[-1].container
            goes_on = group is not None and same and bool(set(keys) & set(group.keys))
            if group is not None and same and (joins or goes_on):
                group.pieces += [] if joins else [(BREAK, Form())]
                group.paragraphs.append(paragraph)
                group.keys += [key for key in keys if key not in group.keys]
            else:
                if group is not None:
                    yield group
                group = _Group([paragraph], [key for key in keys if key not in self.seen])
            self.seen.update(keys)
            group.pieces += [(run.text, run.form) for run in self._words(paragraph)]
            joins = paragraph.ended and not paragraph.is_removed
        if group is not None:
            yield group

    def _words(self, paragraph: ReturnedParagraph) -> list[ReturnedRun]:
        """The words of the text; a label is none, unless somebody else typed in its style."""
        return [
            replace(run, form=Form()) if run.is_label else run
            for run in paragraph.runs
            if run.shown and (not run.is_label or self._is_others(run.change))
        ]

    def _is_others(self, change: TrackedChange | None) -> bool:
        return change is not None and not self.found.is_own(change)

    def _read(self, group: _Group, last: KeyedPassage | None) -> KeyedPassage | None:
        """Propose what a group changes; return the last passage up to its end."""
        passages = [self.passages[key] for key in sorted(group.keys, key=self.order.__getitem__)]
        new = self._with_label(group, passages)
        # Files of earlier releases have codes as they are stored
        if len(passages) == 1 and _text(new) == passages[0].stored != passages[0].text:
            return passages[0]
        if passages:
            old = _joined(passage.pieces for passage in passages)
            context = passages[0].line.context
            shape = _shape(context, group.paragraphs[0])
            self._propose(old, new, context, passages[0], group.paragraphs, shape)
            return passages[-1]
        for paragraph in group.paragraphs:
            self._check_place(paragraph)
        if not self._is_ours(group.paragraphs[0], _text(new)):
            self._propose((), new, LineContext(), last, group.paragraphs)
        return last

    def _is_ours(self, paragraph: ReturnedParagraph, words: str) -> bool:
        """Whether a paragraph that is no passage is as it was: the title, or the numbers of endnotes."""
        if TITLE_STYLE_NAME in paragraph.style_names:
            return words == self.title
        # LibreOffice repeats a number of two digits
        return PLACE_STYLE_NAME in paragraph.style_names and not any(map(str.isalpha, words))

    def _with_label(self, group: _Group, passages: Sequence[KeyedPassage]) -> Pieces:
        """Return the words of a group, with what was typed at the end of its label; note a changed label."""
        expected = _plain(label_of(passages[0].line)) if passages else ""
        runs = [
            run
            for paragraph in group.paragraphs
            for run in paragraph.runs
            if run.is_label and not self._is_others(run.change)
        ]
        label = "".join(run.text for run in runs).lstrip()
        pieces = tuple(group.pieces)
        if group.pieces and passages and _plain(label) != expected:
            if label.startswith(expected):
                return ((label.removeprefix(expected), Form()), *pieces)
            self.text.labels.append(_plain(label) or expected)
        return pieces

    def _propose(
        self,
        old: Pieces,
        new: Pieces,
        context: LineContext,
        passage: KeyedPassage | None,
        paragraphs: Sequence[ReturnedParagraph],
        shape: LineContext | None = None,
    ) -> None:
        before, after, new_context = _normal(old), _normal(new), shape or context
        if before == after and (not after or new_context == context):
            return
        line = compared_line(
            UnitLine(context, before) if before else None, UnitLine(new_context, after) if after else None
        )
        at = self.order[passage.key] if passage else -1
        self.changes.append((at, ProposedChange(line, passage, tuple(self._authors(paragraphs)))))

    def _authors(self, paragraphs: Iterable[ReturnedParagraph]) -> Iterable[TrackedChange]:
        named: dict[TrackedChange, None] = {}
        for paragraph in paragraphs:
            changes = [*paragraph.changes, *(run.change for run in paragraph.runs)]
            named |= dict.fromkeys(change for change in changes if change and self._is_others(change))
        return named

    def _comments(
        self, paragraphs: Sequence[ReturnedParagraph], places: dict[int, KeyedPassage | None]
    ) -> None:
        for at, paragraph in enumerate(paragraphs):
            for number, start in paragraph.comment_starts.items():
                comment = self.found.comments.get(number)
                if comment is not None:
                    quote = _quote(paragraphs[at : at + _LONGEST_COMMENT], number, start)
                    self.text.comments.append(ReturnedComment(comment, quote, places[id(paragraph)]))

    def _comments_elsewhere(self) -> None:
        placed = {id(each.comment) for each in self.text.comments}
        self.text.comments += [
            ReturnedComment(comment, "", None)
            for comment in self.found.comments.values()
            if id(comment) not in placed
        ]


def _shape(context: LineContext, paragraph: ReturnedParagraph) -> LineContext:
    """Return the context of a passage as it came back: text, items and headings can turn into one another."""
    before = _SHAPES.get(context.kind)
    if before is None or before == paragraph.shape:
        return context
    level = {"heading": 3, "bullet": 1}.get(paragraph.shape, 0)
    return replace(context, kind=paragraph.shape, level=level)


def _quote(paragraphs: Sequence[ReturnedParagraph], number: str, start: int) -> str:
    """Return the words that a comment is about, which may be in more than one paragraph."""
    quoted: list[str] = []
    for at, paragraph in enumerate(paragraphs):
        end = paragraph.comment_ends.get(number, len(paragraph.runs))
        runs = paragraph.runs[start if at == 0 else 0 : end]
        quoted.append("".join(run.text for run in runs if run.shown and not run.is_label))
        if number in paragraph.comment_ends:
            break
    return " ".join(" ".join(quoted).split())


def _joined(texts: Iterable[Pieces]) -> Pieces:
    joined: list[tuple[str, Form]] = []
    for pieces in texts:
        joined += [(BREAK, Form())] if joined else []
        joined += pieces
    return tuple(joined)


def _text(pieces: Pieces) -> str:
    return "".join(text for text, _form in _normal(pieces))


def _plain(text: str) -> str:
    return _LABEL_SPACE.sub(" ", text).strip()


def _normal(pieces: Iterable[tuple[str, Form]]) -> Pieces:
    """Return words with one space for each run of white space, none at the ends of lines; no empty piece."""
    kept: list[tuple[str, Form]] = []
    for text, form in pieces:
        for character in text:
            last = kept[-1][0] if kept else BREAK
            if character in _BLANKS:
                if last not in (" ", BREAK, LINE_BREAK):
                    kept.append((" ", form))
                continue
            if character in (BREAK, LINE_BREAK) and last == " ":
                kept.pop()
            kept.append((character, Form() if character in (BREAK, LINE_BREAK) else form))
    while kept and kept[-1][0] in (" ", BREAK, LINE_BREAK):
        kept.pop()
    return _merged(kept)


def _merged(characters: Iterable[tuple[str, Form]]) -> Pieces:
    merged: list[tuple[str, Form]] = []
    for character, form in characters:
        if merged and merged[-1][1] == form:
            merged[-1] = (merged[-1][0] + character, form)
        else:
            merged.append((character, form))
    return tuple(merged)
