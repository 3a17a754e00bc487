"""A document as rules read it: its passages in reading order, its links and its figures."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache

from monographs.document import MonographDocument
from monographs.document.html import HEADING_LEVELS, outside_links, without_tags
from monographs.document.models import BaseDocument, HomeDocument
from monographs.document.parts import (
    Advice,
    Companions,
    DoDont,
    Effects,
    Figure,
    Table,
    Text,
    Urgency,
)
from monographs.document.sections import SERIOUS_HEADING, SectionType


class PassageKind(StrEnum):
    """The kind of a passage. Paragraphs and items consist of sentences; a label only names something."""

    PARAGRAPH = "paragraph"
    ITEM = "item"
    LABEL = "label"


_BLOCK = re.compile(r"<(/?)(p|li|ul|ol|h3|h4)>|<br>")
_END = re.compile(r"[.!?…][\"”’)\]]*\s+(?=[\"“(\[\u2018]?[A-Z0-9])")
#: Words up to which a cell without a full stop is an entry of its table (“1 tablet a day”) and no sentence.
LONGEST_ENTRY = 6
#: A full stop after these does not end a sentence.
_ABBREVIATED = re.compile(r"(?:\b(?:e\.g|i\.e|Dr|Mr|Mrs|Ms|vs|etc|approx|No|St|[A-Z]))\.$")
_WORD = re.compile(r"[^\W_]+(?:['’.,/-][^\W_]+)*")


def words_of(text: str) -> list[str]:
    """Return words and numbers; a hyphen, an apostrophe or a decimal point does not split them."""
    return _WORD.findall(text)


@lru_cache(maxsize=8192)
def sentence_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Return where each sentence of ``text`` begins and ends, as offsets."""
    spans, start = [], 0
    for match in _END.finditer(text):
        if text[match.start()] == "." and _ABBREVIATED.search(text[start : match.start() + 1]):
            continue
        spans.append((start, len(text[: match.end()].rstrip())))
        start = match.end()
    if start < len(text):
        spans.append((start, len(text)))
    return tuple(spans)


def text_of(html: str) -> str:
    """Return ``html`` without tags; superscripts keep a “^”, so that 10⁹ does not become 109."""
    return " ".join(without_tags(html.replace("<sup>", "^")).split())


def blocks_of(html: str) -> Iterator[tuple[PassageKind, str]]:
    """Yield paragraphs, list items and headings of sanitised ``html``, in order."""
    items, kind, start = 0, PassageKind.PARAGRAPH, 0
    for match in [*_BLOCK.finditer(html), None]:
        words = text_of(html[start : match.start() if match else len(html)])
        if words:
            yield kind, words
        if match is None:
            return
        start, closing, tag = match.end(), bool(match[1]), match[2]
        if tag == "li":
            items += -1 if closing else 1
        heading = tag in HEADING_LEVELS and not closing
        kind = PassageKind.LABEL if heading else PassageKind.ITEM if items > 0 else PassageKind.PARAGRAPH


@dataclass(frozen=True, slots=True)
class UrgentBox:
    """An advice box or side effect that says how soon to act; ``number`` tells those of a document apart."""

    number: int
    urgency: Urgency
    effect: bool = False


@dataclass(frozen=True)
class TextPassage:
    """A paragraph, an item or a label. ``effect``: whether it names or explains a side effect.

    ``cell`` is the row and column of a cell of a table, as the editor counts them. ``box`` is the advice box
    or side effect that it is in, if that says how soon to act.
    """

    anchor: str
    place: str
    text: str
    kind: PassageKind
    index: int
    effect: bool = False
    cell: str = ""
    box: "UrgentBox | None" = None

    @property
    def full_place(self) -> str:
        """The heading or label that the editor shows, with the cell."""
        return f"{self.place}, {self.cell}" if self.cell else self.place

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """Offsets of its sentences; a label has none."""
        return () if self.kind is PassageKind.LABEL else sentence_spans(self.text)

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """Its sentences."""
        return tuple(self.text[start:end] for start, end in self.spans)

    def sentence_at(self, offset: int) -> str:
        """Return the sentence at ``offset``; for a label, all of it."""
        for start, end in self.spans:
            if start <= offset < end:
                return self.text[start:end]
        return self.text


@dataclass(frozen=True, slots=True)
class LinkUse:
    """A link to an address outside the site, or one typed by hand. ``words`` is the text of the link."""

    anchor: str
    place: str
    address: str
    words: str
    order: tuple[int, int] = (0, 0)


class TextIndex:
    """Passages, links and figures of one document, collected once for all rules."""

    def __init__(self, document: BaseDocument) -> None:
        self.document = document
        self.passages: list[TextPassage] = []
        self.links: list[LinkUse] = []
        self.figures: list[tuple[str, str, Figure, int]] = []
        self._box: UrgentBox | None = None
        self._add_document()

    @property
    def with_sentences(self) -> list[TextPassage]:
        """Passages that consist of sentences."""
        return [passage for passage in self.passages if passage.kind is not PassageKind.LABEL]

    def sections(self) -> dict[str, list[TextPassage]]:
        """Return passages with sentences, by the section or field they are in, in reading order."""
        found: dict[str, list[TextPassage]] = {}
        for passage in self.with_sentences:
            found.setdefault(passage.anchor, []).append(passage)
        return found

    def _add_document(self) -> None:
        document = self.document
        self._add("title", "Title", document.title, PassageKind.LABEL)
        self._add("summary", "Summary", document.summary)
        if isinstance(document, HomeDocument):
            self._add_home(document)
        for part, section, condition in document.walk():
            anchor, place = (section.type, section.heading) if section else ("body", "Text")
            self._add_part(part, anchor, f"{place}: {condition.condition_name}" if condition else place)
        if isinstance(document, MonographDocument):
            for source in document.sources:
                if source.address:
                    self._add_link("sources", f"Source {source.number}", source.address, source.title)
        self._add("change_note", "What changed", document.change_note)

    def _add_home(self, document: HomeDocument) -> None:
        self._add("notice", "Notice", document.notice)
        self._add("if_nobody_answers", "If nobody answers", document.if_nobody_answers)
        self._add("app_heading", "App heading", document.app_heading, PassageKind.LABEL)
        self._add("app_text", "App text", document.app_text)
        for link in [*([document.account_link] if document.account_link else []), *document.app_links]:
            self._add_link("app_links", "Links", link.address, link.label)

    def _add(
        self,
        anchor: str,
        place: str,
        text: str,
        kind: PassageKind = PassageKind.PARAGRAPH,
        *,
        effect: bool = False,
        cell: str = "",
    ) -> None:
        text = " ".join(text.split())
        if text:
            index = len(self.passages)
            self.passages.append(TextPassage(anchor, place, text, kind, index, effect, cell, self._box))

    def _add_link(self, anchor: str, place: str, address: str, words: str) -> None:
        self.links.append(LinkUse(anchor, place, address, words, (len(self.passages), 0)))

    def _add_links(self, anchor: str, place: str, html: str) -> None:
        for address, words in outside_links(html):
            self._add_link(anchor, place, address, text_of(words))

    def _add_html(self, anchor: str, place: str, html: str) -> None:
        self._add_links(anchor, place, html)
        for kind, words in blocks_of(html):
            self._add(anchor, place, words, kind)

    def _add_part(self, part: object, anchor: str, place: str) -> None:
        match part:
            case Text():
                self._add_html(anchor, place, part.html)
            case Advice():
                self._box = UrgentBox(len(self.passages), part.urgency)
                self._add_html(anchor, place, part.html)
                self._box = None
            case DoDont():
                for line in (*part.do, *part.dont):
                    self._add(anchor, place, line, PassageKind.ITEM)
            case Table():
                self._add_table(part, anchor, place)
            case Figure():
                self.figures.append((anchor, place, part, len(self.passages)))
                self._add(anchor, place, part.alt, PassageKind.LABEL)
                self._add(anchor, place, part.caption, PassageKind.LABEL)
            case Effects() | Companions():
                self._add_items(part, anchor, place)

    def _add_table(self, table: Table, anchor: str, place: str) -> None:
        """Each cell is a passage of its own: no rule must read two of them as one sentence or one number."""
        self._add(anchor, place, table.caption, PassageKind.LABEL)
        place = f"{place}: {table.caption}" if table.caption else place
        about_effects = anchor == EFFECTS_ANCHOR
        for row, cells in enumerate(table.all_rows, 1):
            for column, html in enumerate(cells, 1):
                cell = f"row {row}, column {column}"
                self._add_links(anchor, f"{place}, {cell}", html)
                for _, words in blocks_of(html):
                    self._add(anchor, place, words, _kind_of_cell(words), effect=about_effects, cell=cell)

    def _add_items(self, part: Effects | Companions, anchor: str, place: str) -> None:
        if isinstance(part, Companions):
            for item in part.items:
                self._add(anchor, f"{place}: {item.name}", item.name, PassageKind.LABEL)
                self._add(anchor, f"{place}: {item.name}", item.why, PassageKind.ITEM)
            return
        place = SERIOUS_HEADING if part.group == "serious" else place
        self._add_html(anchor, place, part.html)
        for effect in part.items:
            at = f"{place}: {effect.name}"
            self._box = UrgentBox(len(self.passages), effect.urgency, effect=True) if effect.urgency else None
            self._add(anchor, at, effect.name, PassageKind.LABEL, effect=True)
            self._add(anchor, at, effect.explanation, PassageKind.ITEM, effect=True)
            self._add(anchor, at, effect.what_to_do, PassageKind.ITEM)
        self._box = None


def _kind_of_cell(words: str) -> PassageKind:
    """An item if it reads as a sentence: short entries would make a page look easier than it is."""
    is_sentence = words[-1] in ".!?" or len(words_of(words)) > LONGEST_ENTRY
    return PassageKind.ITEM if is_sentence else PassageKind.LABEL


#: Anchor of the section on side effects.
EFFECTS_ANCHOR: str = SectionType.COMMON_SIDE_EFFECTS.value
