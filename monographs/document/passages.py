"""The passages of a document: the smallest stretches of it that mean the same by themselves.

A passage never crosses a box, a list, a side effect, a row or the part for one condition, and carries what
its words depend on: section, headings, urgency, condition, *Do* or *Do not*, and the sentence that introduces
a list. What is shown or sent of a document outside its page is made of these.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from monographs.document.models import BaseDocument, LocatedPart
from monographs.document.parts import (
    Advice,
    Companions,
    DoDont,
    Effects,
    Figure,
    Part,
    Table,
    Text,
    Urgency,
)
from monographs.document.table_text import cell_text, table_texts

#: What a sentence ends with, or a line that introduces others.
_ENDS = (".", "?", "!", ":")
_PIECE = re.compile(r"<(/?)(p|li|h3|h4|ul|ol)>")


@dataclass(frozen=True, slots=True)
class PassageLine:
    """A paragraph (``level`` 0), or an item of a list of this level, as plain text."""

    text: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class PassageGroup:
    """Paragraphs, or the items of one list, that follow one another."""

    is_list: bool
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DocumentPassage:
    """A passage and what its words depend on."""

    lines: tuple[PassageLine, ...]
    #: The section's anchor and heading; empty in a document without sections.
    anchor: str = ""
    section: str = ""
    #: Headings between the section's and the passage: of a group of effects, a question, a table.
    headings: tuple[str, ...] = ()
    #: The name of the condition that it is only for.
    condition: str = ""
    #: The name of the side effect or companion that it is about.
    name: str = ""
    urgency: Urgency | None = None
    urgency_label: str = ""
    #: How often a side effect is seen, as patients read it.
    frequency: str = ""
    #: Whether it is something to do, or not to do; None elsewhere.
    is_advised: bool | None = None
    #: Whether it is a serious side effect.
    is_serious: bool = False

    @property
    def introduction(self) -> str:
        """The sentence that introduces the list of this passage; empty without one."""
        first = self.lines[0] if len(self.lines) > 1 else None
        return first.text if first and not first.level and self.lines[1].level else ""

    @property
    def groups(self) -> Sequence["PassageGroup"]:
        """The lines, grouped into paragraphs and lists in their order."""
        grouped = groupby(self.lines, key=lambda line: line.level > 0)
        return [PassageGroup(is_list, tuple(line.text for line in lines)) for is_list, lines in grouped]

    @property
    def words(self) -> str:
        """All words by which it can be found, without its section's heading."""
        return " ".join(filter(None, (*self.headings, self.name, *(line.text for line in self.lines))))


def passages(document: BaseDocument) -> Iterator[DocumentPassage]:
    """Yield the passages of a document in reading order, without its title and summary."""
    for located in document.walk():
        yield from part_passages(located)


def part_passages(located: LocatedPart) -> Iterator[DocumentPassage]:
    """Yield the passages of one part of a document."""
    section, condition = located.section, located.condition
    for passage in _passages_of(located.part):
        yield replace(
            passage,
            anchor=section.anchor if section else "",
            section=section.heading if section else "",
            condition=condition.condition_name if condition else "",
        )


def as_text(passage: DocumentPassage, *, do: str = "Do", dont: str = "Do not") -> str:
    """Return a passage as one text that means the same without its page: its urgency comes first.

    ``do`` and ``dont`` are the words for the two lists of a *Do and do not*, in the language of the reader.
    """
    advised = {True: do, False: dont, None: ""}[passage.is_advised]
    scope = (passage.urgency_label, passage.condition, *passage.headings, passage.name, advised)
    text = ""
    for words in filter(None, (*scope, lines_text(passage.lines))):
        text += heading_joint(text) + words
    return text


def heading_joint(before: str) -> str:
    """Return what keeps words apart from the heading ``before`` them."""
    return "" if not before else " " if before.endswith(_ENDS) else ": "


def lines_text(lines: Iterable[PassageLine]) -> str:
    """Return lines as one text in which the items of a list stay apart."""
    text = ""
    for line in lines:
        text += joint(text, is_item=bool(line.level)) + line.text
    return text


def joint(before: str, *, is_item: bool) -> str:
    """Return what keeps a line apart from the text ``before`` it."""
    if not before or before.endswith(_ENDS):
        return " " if before else ""
    return "; " if is_item else ". "


def _passages_of(part: Part) -> Iterator[DocumentPassage]:
    match part:
        case Text():
            yield from _text_passages(part.html)
        case Advice():
            lines = tuple(html_lines(part.html))
            yield DocumentPassage(lines, urgency=part.urgency, urgency_label=part.urgency_label)
        case DoDont():
            yield from (DocumentPassage((PassageLine(line),), is_advised=True) for line in part.do)
            yield from (DocumentPassage((PassageLine(line),), is_advised=False) for line in part.dont)
        case Table():
            yield from _table_passages(part)
        case Figure():
            yield DocumentPassage(_lines_of(part.alt, part.caption))
        case Effects():
            yield from _effects_passages(part)
        case Companions():
            yield from (DocumentPassage(_lines_of(item.why), name=item.name) for item in part.items)


def _lines_of(*texts: str) -> tuple[PassageLine, ...]:
    return tuple(PassageLine(text) for text in texts if text)


def _table_passages(part: Table) -> Iterator[DocumentPassage]:
    caption, *rows = table_texts(part)
    headings = (caption,) if caption else ()
    yield from (DocumentPassage((PassageLine(row),), headings=headings) for row in rows if row)


def _effects_passages(part: Effects) -> Iterator[DocumentPassage]:
    headings = (part.heading,) if part.heading else ()
    is_serious = part.group == "serious"
    for passage in _text_passages(part.html):
        yield replace(passage, headings=(*headings, *passage.headings), is_serious=is_serious)
    for effect in part.items:
        yield DocumentPassage(
            _lines_of(effect.explanation, effect.what_to_do),
            headings=headings,
            name=effect.name,
            urgency=effect.urgency,
            urgency_label=effect.urgency_label,
            frequency=effect.frequency_label,
            is_serious=is_serious,
        )


def _text_passages(html: str) -> Iterator[DocumentPassage]:
    """Yield a passage per heading with all below it; elsewhere per paragraph with the list it introduces.

    Of a list that nothing introduces each item is a passage, unless its items are numbered.
    """
    headings: dict[int, str] = {}
    lines: list[PassageLine] = []
    numbered = "<ol>" in html
    for line, heading_level in (*_lines(html), (PassageLine(""), 1)):
        if heading_level:
            # A heading above another one is its context; one above nothing is a passage of its own
            if lines or heading_level <= max(headings, default=0):
                yield DocumentPassage(tuple(lines), headings=tuple(headings.values()))
            headings = {level: text for level, text in headings.items() if level < heading_level}
            headings[heading_level] = line.text
            lines = []
            continue
        if lines and not headings and not _continues(line, lines, numbered=numbered):
            yield DocumentPassage(tuple(lines))
            lines = []
        lines.append(line)


def _continues(line: PassageLine, lines: list[PassageLine], *, numbered: bool) -> bool:
    """Whether ``line`` belongs to the passage of ``lines``, which are before it."""
    if lines[-1].text.endswith(":"):
        return True
    is_introduced = not lines[0].level
    return bool(lines[-1].level and line.level and (is_introduced or numbered or line.level > 1))


def html_lines(html: str) -> Iterator[PassageLine]:
    """Yield the paragraphs and items of HTML of a document as plain text; headings as paragraphs."""
    return (line for line, _ in _lines(html))


def _lines(html: str) -> Iterator[tuple[PassageLine, int]]:
    """Yield each block of ``html`` as plain text, and its level if it is a heading, else 0."""
    level, heading, start = 0, 0, 0
    for piece in (*_PIECE.finditer(html), None):
        text = cell_text(html[start : piece.start() if piece else len(html)])
        if text:
            yield PassageLine(text, 0 if heading else level), heading
        if piece is None:
            return
        start = piece.end()
        closes, tag = piece[1], piece[2]
        if tag in ("ul", "ol"):
            level += -1 if closes else 1
        elif tag in ("h3", "h4"):
            heading = 0 if closes else int(tag[1])
