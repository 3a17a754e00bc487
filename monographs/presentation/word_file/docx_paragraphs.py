"""Lines of a redline as paragraphs of a Word file, each with the bookmark of its passage."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from monographs.presentation.labels import in_words, translated
from monographs.presentation.word_file.docx_markup import element
from monographs.presentation.word_file.docx_runs import RunWriter
from monographs.presentation.word_file.docx_styles import BULLETS
from monographs.presentation.word_file.word_content import PLACE_STYLE, is_passage, passage_key, place_mark
from monographs.redline import BREAK, ONLY_FOR, Line, LineContext, LinePlace, Op

_STYLES = {
    "section": "Heading1",
    "bullet": "ListParagraph",
    "number": "ListParagraph",
    "item": "ListParagraph",
    "advice": "MonographAdvice",
    "condition": "Heading2",
    "table": "Caption",
    "column": "MonographCell",
    "row": "MonographCell",
    "cell": "MonographCell",
    "effect": "MonographEffect",
    "companion": "MonographEffect",
    "detail": "MonographDetail",
    "form": PLACE_STYLE,
    **dict.fromkeys(("figure", "field", "mark", "cited"), "MonographFact"),
}
_LISTS = frozenset({"bullet", "number", "item"})
#: Kinds whose style says what they are.
_UNLABELLED = frozenset({"section", "table"})
#: Places that no line of their own names.
_NAMED_PLACES = frozenset({"Do", "Do not", "Serious side effects", "Common side effects"})


@dataclass(slots=True)
class ParagraphWriter:
    """Writer of the lines of one section; ``number`` is that of the next passage."""

    anchor: str
    runs: RunWriter
    style_of_all: str = ""
    number: int = 0
    _places: tuple[LinePlace, ...] = ()
    _list: int = 0

    def line(self, line: Line, before: str = "") -> str:
        """Return a line with what names its place; ``before`` is put at the start of its first paragraph."""
        return self._place(line) + self.paragraphs(line, before)

    def _place(self, line: Line) -> str:
        places = named_places(line)
        if places == self._places or line.cell:
            return ""
        self._places = places
        label = label_of_places(places)
        return self.own_paragraph(label) if label else ""

    def own_paragraph(self, words: str, content: str = "") -> str:
        """Return a paragraph that is not of the text."""
        style = element("pPr", element("pStyle", val=PLACE_STYLE), element("keepNext"))
        return element("p", style, self._marked(words), content)

    def _marked(self, words: str) -> str:
        """Return a label with a bookmark, so that a change of it is noticed."""
        if not words:
            return ""
        state = self.runs.state
        state.places += 1
        number = state.next_id()
        start = element("bookmarkStart", id=number, name=place_mark(number, words))
        return start + self.runs.label(words) + element("bookmarkEnd", id=number)

    def paragraphs(self, line: Line, before: str = "", after: str = "") -> str:
        """Return the paragraphs of a line: one, or more where a line was split or two were joined."""
        self._number_list(line)
        segments = self._segments(line)
        label = self.runs.label(label_of(line), line.op)
        written = []
        for position, (content, mark) in enumerate(segments):
            first, last = position == 0, position == len(segments) - 1
            properties = self._properties(line, mark)
            written.append(
                element("p", properties, before + label if first else "", content, after if last else "")
            )
        return "".join(written)

    def _number_list(self, line: Line) -> None:
        if line.kind not in _LISTS:
            self._list = 0
        elif line.kind == "number" and not self._list:
            self.runs.state.ordered_lists += 1
            self._list = BULLETS + self.runs.state.ordered_lists

    def _segments(self, line: Line) -> list[tuple[str, Op | None]]:
        """Return the content of each paragraph and the operation on its end."""
        keyed = is_passage(line)
        segments: list[tuple[str, Op | None]] = []
        content = self._bookmark() if keyed else ""
        for run in in_words(line).runs:
            first, *rest = run.text.split(BREAK)
            content += self.runs.words(run, first)
            for words in rest:
                kept = keyed and run.op is not Op.DELETED
                if kept:
                    content += self._line_end()
                segments.append((content, run.op if run.op is not Op.SAME else None))
                content = (self._bookmark() if kept else "") + self.runs.words(run, words)
        if keyed:
            content += self._line_end()
        segments.append((content, line.op if line.op in (Op.INSERTED, Op.DELETED) else None))
        return segments

    def _bookmark(self) -> str:
        """Begin the next passage. Its end has the same number."""
        self._open = self.runs.state.next_id()
        start = element("bookmarkStart", id=self._open, name=passage_key(self.anchor, self.number))
        self.number += 1
        return start

    def _line_end(self) -> str:
        marks = self.runs.comments.line_end(self.runs.offset)
        self.runs.offset += 1
        return marks + element("bookmarkEnd", id=self._open)

    _open: int = field(default=0)

    def _properties(self, line: Line, mark: Op | None) -> str:
        context = line.context
        own = [*self._context_properties(context)]
        if mark is not None:
            own.append(element("rPr", self.runs.state.tracked(mark)))
        if line.old_context is not None:
            old = list(self._context_properties(replace(line.old_context)))
            new = list(self._context_properties(context))
            if old != new:
                own.append(self.runs.state.changed("pPrChange", element("pPr", *old)))
        return element("pPr", *own) if own else ""

    def _context_properties(self, context: LineContext) -> Iterator[str]:
        style = self.style_of_all or style_of(context)
        if style:
            yield element("pStyle", val=style)
        if context.kind in _LISTS:
            yield element(
                "numPr",
                element("ilvl", val=max(context.level - 1, 0)),
                element("numId", val=self._list if context.kind == "number" and self._list else BULLETS),
            )
        if _boxed(context.places):
            side = element("left", val="single", sz=12, space=8, color="9C0006")
            yield element("pBdr", side)


def named_places(line: Line) -> tuple[LinePlace, ...]:
    """Return the places of a line that a paragraph of their own names."""
    return tuple(place for place in line.places if place.label in _NAMED_PLACES)


def label_of_places(places: Iterable[LinePlace]) -> str:
    """Return the words of the paragraph that names places."""
    return ", ".join(str(translated(place.label)) for place in places)


def label_of(line: Line) -> str:
    """Return the label before a line; empty where its style says what it is."""
    return f"{translated(line.label)}: " if line.label and line.kind not in _UNLABELLED else ""


def style_of(context: LineContext) -> str:
    """Return the id of the style of a line's paragraph; empty for ordinary text."""
    if context.kind == "heading":
        return "Heading2" if context.level <= 3 else "Heading3"  # noqa: PLR2004  # HTML's h3
    return _STYLES.get(context.kind, "")


def _boxed(places: Iterable[LinePlace]) -> bool:
    """Whether a line is in a box of advice or for one condition, whose first line names it."""
    return any(not place.label or place.label == ONLY_FOR for place in places)
