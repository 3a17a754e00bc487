"""Plain texts derived from a document: for structured data, descriptions, snippets and other programs.

On the page a heading, a box or a list says how words are meant: how soon to act, that something must not be
done, for whom. A text without them must say it itself, so every text here begins with it, no text holds words
of two boxes, and the items of a list stay apart. Whoever takes words of a document elsewhere takes them from
here.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from monographs.document.html import HEADING_LEVELS
from monographs.document.models import BaseDocument
from monographs.document.parts import (
    Advice,
    CommonPart,
    Companions,
    DoDont,
    Effect,
    Effects,
    Figure,
    Part,
    Table,
    Text,
)
from monographs.document.sections import SERIOUS_HEADING
from monographs.document.table_text import cell_text, table_texts

DO, DO_NOT = "Do:", "Do not:"
#: The lead of a serious effect without an urgency; house rules keep it from new texts.
SERIOUS_EFFECT = "Serious side effect."
#: Follows a text that was cut.
CUT = " …"
_CLOSED = re.compile(r"[.!?:…][\"”’')\]]*$")
_LOOSE_END = re.compile(r"[\s,;]+$")
_EDGE = re.compile(r"<(/?)(p|ul|ol|li|h3|h4)>|<br>")


@dataclass(frozen=True, slots=True)
class DerivedText:
    """What one box, list, paragraph or effect of a document says.

    ``items`` are its sentences and list items in reading order, each closed by punctuation. The other words
    must be read before any of them: ``alarm`` (how soon to act), ``headings`` (condition, headings above it)
    and ``lead`` (“Do not:”, the sentence that introduces a list). ``section`` and ``anchor`` are empty in a
    document without sections.
    """

    items: tuple[str, ...]
    lead: str = ""
    headings: tuple[str, ...] = ()
    alarm: str = ""
    section: str = ""
    anchor: str = ""

    @property
    def leads(self) -> tuple[str, ...]:
        """What must be read first, in order; the section's heading is not among it."""
        return tuple(filter(None, (self.alarm, *self.headings, self.lead)))

    @property
    def text(self) -> str:
        """All of it in one line, without the heading of its section."""
        return " ".join((*self.leads, *self.items))

    @property
    def text_with_section(self) -> str:
        """All of it in one line; the section's heading comes after the urgency."""
        return self._below_section().text

    def excerpt(self, length: int) -> str:
        """Return a beginning of ``text_with_section`` of about ``length`` characters. Leads are never cut."""
        placed = self._below_section()
        if len(placed.text) <= length:
            return placed.text
        lead = " ".join(placed.leads)
        room = max(length - len(lead), 0)
        words = " ".join(placed.items)[: room + 1].rpartition(" ")[0]
        return f"{lead} {words}".strip() + CUT

    def _below_section(self) -> "DerivedText":
        return replace(self, headings=_above(self.section, self.headings), section="")


def closed(text: str, mark: str = ".") -> str:
    """Return ``text`` with ``mark`` at its end, unless it has punctuation there."""
    text = _LOOSE_END.sub("", text)
    return text if not text or _CLOSED.search(text) else f"{text}{mark}"


def derived_texts(document: BaseDocument) -> Iterator[DerivedText]:
    """Yield the texts of all parts of a document, in reading order.

    A part for one condition has no words of its own: the texts of its parts name the condition.
    """
    for part, section, condition in document.walk():
        name = f"For {condition.condition_name}" if condition else ""
        for text in texts_of_part(part):
            yield replace(
                text,
                headings=_above(name, text.headings),
                section=section.heading if section else "",
                anchor=section.anchor if section else "",
            )


def texts_of_part(part: Part | CommonPart) -> Iterator[DerivedText]:
    """Yield the texts of one part; of a part for one condition, none."""
    match part:
        case Text():
            yield from _texts_of_html(part.html)
        case Advice():
            items = tuple(item for text in _texts_of_html(part.html) for item in (*text.leads, *text.items))
            yield DerivedText(items, alarm=closed(part.urgency_label or part.urgency.label))
        case DoDont():
            yield from (DerivedText(_sentences([line]), DO) for line in part.do)
            yield from (DerivedText(_sentences([line]), DO_NOT) for line in part.dont)
        case Table():
            caption, *rows = table_texts(part)
            yield from _named(caption, _sentences(rows))
        case Figure():
            yield from _named("", _sentences([part.alt, part.caption]))
        case Effects():
            yield from _texts_of_effects(part)
        case Companions():
            yield from (DerivedText(_sentences([item.name, item.why])) for item in part.items)


def text_of_effect(effect: Effect, group: str) -> DerivedText:
    """Return what is said of one side effect of a group, “common” or “serious”."""
    label = effect.urgency_label or (effect.urgency.label if effect.urgency else "")
    alarm = label or (SERIOUS_EFFECT if group == "serious" else "")
    said = (effect.name, effect.frequency_label, effect.explanation, effect.what_to_do)
    return DerivedText(_sentences(said), alarm=closed(alarm))


def _texts_of_effects(part: Effects) -> Iterator[DerivedText]:
    heading = part.heading or (SERIOUS_HEADING if part.group == "serious" else "")
    for text in _texts_of_html(part.html):
        yield replace(text, headings=_above(heading, text.headings))
    yield from (text_of_effect(effect, part.group) for effect in part.items)


def _above(heading: str, others: tuple[str, ...]) -> tuple[str, ...]:
    return (closed(heading, ":"), *others) if heading else others


def _named(name: str, items: tuple[str, ...]) -> Iterator[DerivedText]:
    if items:
        yield DerivedText(items, closed(name, ":"))
    elif name:
        yield DerivedText((closed(name),))


def _sentences(texts: Iterable[str]) -> tuple[str, ...]:
    lines = (" ".join(text.split()) for text in texts)
    return tuple(filter(None, map(closed, lines)))


# --- Rich text


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of rich text: a heading (``level`` 3 or 4), of a paragraph, or an item ``depth`` lists deep.

    ``continues`` is whether only a line break separates it from the line before.
    """

    text: str
    level: int = 0
    depth: int = 0
    continues: bool = False


#: Ends the text above it, as a heading does.
_END = _Line("", level=min(HEADING_LEVELS.values()))


def _lines(html: str) -> Iterator[_Line]:
    depth = level = start = 0
    continues = False
    for match in [*_EDGE.finditer(html), None]:
        text = cell_text(html[start : match.start() if match else len(html)])
        if text:
            yield _Line(text, level, depth, continues)
        if match is None:
            return
        start, opens, tag = match.end(), not match[1], match[2]
        continues = tag is None and (continues or bool(text))
        if tag in ("ul", "ol"):
            depth += 1 if opens else -1
        if tag:
            level = HEADING_LEVELS.get(tag, 0) if opens else 0


def _texts_of_html(html: str) -> Iterator[DerivedText]:
    """Yield each paragraph, and each list with the paragraph before it, below their headings."""
    headings: list[_Line] = []
    block: list[_Line] = []
    for line in [*_lines(html), _END]:
        if block and (line.level or not (line.depth or line.continues)):
            yield _text_of_block(block, headings)
        elif line.level and not block and headings and headings[-1].level >= line.level:
            # A heading with nothing below it
            yield DerivedText((closed(headings[-1].text),), "", _headings(headings[:-1]))
        if line.level:
            headings = [*(above for above in headings if above.level < line.level), line]
            block = []
        elif line.depth or line.continues:
            block.append(line)
        else:
            block = [line]


def _text_of_block(block: list[_Line], headings: list[_Line]) -> DerivedText:
    """Return the text of a paragraph and the list below it."""
    above = _headings(headings)
    paragraph = [line.text for line in block if not line.depth]
    items = [line for line in block if line.depth]
    broken = [closed(text, ";") for text in paragraph[:-1]]
    if paragraph and items:
        return DerivedText(_items(items), " ".join((*broken, closed(paragraph[-1], ":"))), above)
    return DerivedText(_items(items) if items else (*broken, closed(paragraph[-1])), "", above)


def _headings(headings: list[_Line]) -> tuple[str, ...]:
    return tuple(closed(heading.text, ":") for heading in headings)


def _items(lines: list[_Line]) -> tuple[str, ...]:
    """Close each line by how the list goes on: with items below it, with another one, or not."""
    depths = [line.depth for line in lines[1:]] + [0]
    return tuple(
        closed(line.text, ":" if after > line.depth else ";" if after == line.depth else ".")
        for line, after in zip(lines, depths, strict=True)
    )
