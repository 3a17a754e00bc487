"""The passages of a document: the smallest stretches of it that mean the same by themselves.

On the page a heading, a box or a list says how words are meant: how soon to act, that something must not be
done, for whom. A passage never crosses a box, a list, a side effect, a row or the part for one condition, and
carries what its words depend on: section, headings, urgency, condition, *Do* or *Do not*, and the sentence
that introduces a list. What is shown or sent of a document outside its page is made of these: answers,
snippets, structured data, descriptions.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from monographs.document.models import BaseDocument, LocatedPart
from monographs.document.parts import (
    EMERGENCY_WITHOUT_NUMBER,
    Advice,
    Companions,
    DoDont,
    Effect,
    Effects,
    Figure,
    Part,
    Table,
    Text,
    Urgency,
)
from monographs.document.sections import SERIOUS_HEADING
from monographs.document.table_text import cell_text, table_texts

#: Follows a text that was cut.
CUT = " …"
#: Levels of lines that are headings. What a passage depends on is above all headings of its own.
_SCOPE, _HEADINGS = -3, {"h3": -2, "h4": -1}
#: What keeps a line apart from the next: punctuation, maybe inside quotation marks or brackets.
_CLOSED = re.compile(r"[.!?:…;,][\"”’')\]]*$")
#: The end of a sentence, which introduces nothing.
_SENTENCE_END = re.compile(r"[.!?…][\"”’')\]]*$")
_PIECE = re.compile(r"<(/?)(p|li|h3|h4|ul|ol)>")


@dataclass(frozen=True, slots=True)
class PassageLine:
    """A paragraph (``level`` 0), an item of a list of this level, or a heading (below 0), as plain text."""

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
        levels = [line.level for line in self.lines[:2]]
        return self.lines[0].text if len(levels) > 1 and levels[0] <= 0 < levels[1] else ""

    @property
    def heading_lines(self) -> Sequence[PassageLine]:
        """Its headings and the name that it is about, as lines above its own."""
        return [PassageLine(text, _SCOPE) for text in (*self.headings, self.name) if text]

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


def passages_at(document: BaseDocument, anchor: str) -> Iterator[DocumentPassage]:
    """Yield the passages of the section with ``anchor``; with an empty one, those outside all sections."""
    for located in document.walk():
        if (located.section.anchor if located.section else "") == anchor:
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


def as_text(passage: DocumentPassage, *, with_section: bool = False) -> str:
    """Return a passage as one text that means the same without its page: its urgency comes first."""
    return lines_text([*_scope(passage, with_section=with_section), *_own_lines(passage)])


def excerpt(passage: DocumentPassage, length: int) -> str:
    """Return a beginning of a passage, with its section, of about ``length`` characters.

    It ends between words. What the words depend on is never cut, nor a sentence that introduces a list.
    """
    text = as_text(passage, with_section=True)
    if len(text) <= length:
        return text
    own = _own_lines(passage)
    before = [*_scope(passage, with_section=True), *(own[:1] if passage.introduction else ())]
    uncut = len(lines_text(before)) if before else 0
    return text[: max(text.rfind(" ", uncut, length + 1), uncut)] + CUT


def lines_text(lines: Sequence[PassageLine]) -> str:
    """Return lines as one text of whole sentences, in which the items of a list stay apart."""
    if not lines:
        return ""
    text = "".join(line.text + joint(line, after) for line, after in pairwise(lines)) + lines[-1].text.rstrip(
        ",;"
    )
    return text if _CLOSED.search(text) else f"{text}."


def joint(before: PassageLine, after: PassageLine) -> str:
    """Return what keeps a line apart from the one ``before`` it."""
    if _CLOSED.search(before.text):
        return " "
    if before.level < 0 or after.level > before.level:
        return ": "
    return "; " if after.level == before.level > 0 else ". "


def _scope(passage: DocumentPassage, *, with_section: bool) -> list[PassageLine]:
    """Return what the words of a passage depend on, in the order in which it must be read."""
    advised = {True: "Do", False: "Do not", None: ""}[passage.is_advised]
    section = passage.section if with_section and passage.section not in passage.headings else ""
    condition = f"For {passage.condition}" if passage.condition else ""
    above = [PassageLine(text, _SCOPE) for text in (passage.urgency_label, section, condition) if text]
    below = [PassageLine(advised, _SCOPE)] if advised else []
    return [*above, *passage.heading_lines, *below]


def _own_lines(passage: DocumentPassage) -> Sequence[PassageLine]:
    return (*_lines_of(passage.frequency), *passage.lines)


def _passages_of(part: Part) -> Iterator[DocumentPassage]:
    match part:
        case Text():
            yield from _text_passages(part.html)
        case Advice():
            lines = tuple(text_lines(part.html))
            yield DocumentPassage(lines, urgency=part.urgency, urgency_label=_label_of(part))
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


def _label_of(signed: Advice | Effect) -> str:
    """Return the signed words of an urgency, or ours, without a number, in a document that has none."""
    if signed.urgency_label or not signed.urgency:
        return signed.urgency_label
    # A wrong country's number is worse than none
    return EMERGENCY_WITHOUT_NUMBER if signed.urgency is Urgency.CALL_911 else signed.urgency.label


def _lines_of(*texts: str) -> tuple[PassageLine, ...]:
    return tuple(PassageLine(text) for text in texts if text)


def _table_passages(part: Table) -> Iterator[DocumentPassage]:
    caption, *rows = table_texts(part)
    headings = (caption,) if caption else ()
    yield from (DocumentPassage((PassageLine(row),), headings=headings) for row in rows if row)


def _effects_passages(part: Effects) -> Iterator[DocumentPassage]:
    is_serious = part.group == "serious"
    heading = part.heading or (SERIOUS_HEADING if is_serious else "")
    headings = (heading,) if heading else ()
    for passage in _text_passages(part.html):
        yield replace(passage, headings=(*headings, *passage.headings), is_serious=is_serious)
    for effect in part.items:
        yield DocumentPassage(
            _lines_of(effect.explanation, effect.what_to_do),
            headings=headings,
            name=effect.name,
            urgency=effect.urgency,
            urgency_label=_label_of(effect),
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
    for line in (*text_lines(html), PassageLine("", min(_HEADINGS.values()))):
        if line.level < 0:
            # A heading above another one is its context; one above nothing is a passage of its own
            if lines or (headings and line.level <= max(headings)):
                yield DocumentPassage(tuple(lines), headings=tuple(headings.values()))
            headings = {level: text for level, text in headings.items() if level < line.level}
            headings[line.level] = line.text
            lines = []
            continue
        if lines and not headings and not _continues(line, lines, numbered=numbered):
            yield DocumentPassage(tuple(lines))
            lines = []
        lines.append(line)


def _continues(line: PassageLine, lines: list[PassageLine], *, numbered: bool) -> bool:
    """Whether ``line`` belongs to the passage of ``lines``, which are before it."""
    before, is_item = lines[-1], line.level > 0
    if before.text.endswith(":") or (is_item and not before.level and not _SENTENCE_END.search(before.text)):
        return True
    is_introduced = not lines[0].level
    return bool(before.level and is_item and (is_introduced or numbered or line.level > 1))


def text_lines(html: str) -> Iterator[PassageLine]:
    """Yield the headings (level below 0), paragraphs and items of HTML of a document as plain text."""
    level = heading = start = 0
    for piece in (*_PIECE.finditer(html), None):
        # What only a line break separates is kept apart as the items of a list are
        broken = html[start : piece.start() if piece else len(html)].split("<br>")
        texts = [PassageLine(text, 1) for text in map(cell_text, broken) if text]
        if texts:
            between = [line.text + joint(line, after) for line, after in pairwise(texts)]
            yield PassageLine("".join((*between, texts[-1].text)), heading or level)
        if piece is None:
            return
        start = piece.end()
        closes, tag = piece[1], piece[2]
        if tag in ("ul", "ol"):
            level += -1 if closes else 1
        elif tag in _HEADINGS:
            heading = 0 if closes else _HEADINGS[tag]
