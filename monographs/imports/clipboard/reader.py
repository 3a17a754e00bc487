"""Read the elements of clipboard HTML into units."""

import re
from dataclasses import dataclass, replace

from monographs.imports.clipboard.elements import UNREAD, ClipboardTree, Element
from monographs.imports.clipboard.embedded import describe, drawings, formula, is_footnote_mark, note_number
from monographs.imports.clipboard.list_marks import ListMark, item_depth, outlook_mark, shown, word_mark
from monographs.imports.clipboard.looks import Look, Omission, length, look_of
from monographs.imports.clipboard.pasted_units import AnyUnit, CellUnits, PastedUnit, PasteNotice
from monographs.imports.clipboard.runs import StyledRun
from monographs.imports.clipboard.stylesheets import StyleSheet, read_styles
from monographs.imports.clipboard.table_cells import read_table

_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr legend li main menu nav ol optgroup p pre "
    "search section summary table tbody td tfoot th thead tr ul".split()
)
_BLOCK_DISPLAYS = ("block", "list-item", "table", "flex", "grid", "flow-root")
_APART_DISPLAYS = ("inline-", "table-cell")
_SPACE = re.compile(r"[ \t\r\n\f\v]+")
#: Pixels between words that are not separated by a space.
_GAP = 2.0
_FOOTNOTE = "A footnote mark was kept, and the note below the text. Give what it cites as a source."
_HEADING = re.compile(r"h([1-6])")
_WORD_HEADING = re.compile(r"mso(?:heading|title)\w*|heading\s*\d", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the reader is: in how many lists, in which one, in an item or a heading."""

    depth: int = -1
    ordered: bool = False
    list_id: str = ""
    mark: ListMark | None = None
    level: int = 0


class ClipboardReader:
    """Reads one clipboard. ``units`` and ``notices`` (about no words in particular) are the result."""

    def __init__(self, tree: ClipboardTree) -> None:
        self.sheet: StyleSheet = read_styles(tree.styles)
        self.units: list[AnyUnit] = []
        self.notices: list[PasteNotice] = []
        self._unit: PastedUnit | None = None
        self._lists = 0
        self._counts: dict[str, int] = {}

    def read(self, tree: ClipboardTree) -> None:
        """Read everything."""
        self._children(tree.root, look_of(tree.root, {}, Look(), inline=False), _Place())
        self._end()
        seen = " ".join(tree.root.text().split())
        self.notices += [
            PasteNotice("A drawing or text box was left out. Its words are:", words, omitted=True)
            for words in drawings(tree.comments)
            if words not in seen
        ]

    def _end(self) -> None:
        """End the paragraph that is being read."""
        self._unit = None

    def _current(self, place: _Place) -> PastedUnit:
        if self._unit is None:
            last = self.units[-1] if self.units else None
            continues = place.mark is not None and isinstance(last, PastedUnit) and last.mark is place.mark
            self._unit = PastedUnit(level=place.level, mark=place.mark, continues=continues)
            self.units.append(self._unit)
        return self._unit

    def _note(self, place: _Place, notice: PasteNotice) -> None:
        self._current(place).notices.append(notice)

    def _children(self, element: Element, look: Look, place: _Place) -> None:
        for child in element.children:
            if isinstance(child, str):
                self._text(child, look, place)
            else:
                self._element(child, look, place)

    def _text(self, words: str, look: Look, place: _Place) -> None:
        if look.preformatted:
            lines = re.split(r"\r\n|[\n\r]", words)
            for n, line in enumerate(lines):
                if n:
                    self._add(StyledRun("", look, ends_line=True), place)
                self._words(line.replace("\t", " "), look, place)
        else:
            self._words(_SPACE.sub(" ", words), look, place)

    def _words(self, words: str, look: Look, place: _Place) -> None:
        if not words or (not words.strip(" ") and self._unit is None):
            return
        plain, certain = shown(words, look.font)
        self._add(StyledRun(plain, look), place)
        if not certain:
            self._note(
                place, PasteNotice("This is in a font of symbols. Check what it should say:", words.strip())
            )
        elif plain != words and words.strip():
            self._note(
                place,
                PasteNotice(f"Changed: In a font of symbols this shows “{plain.strip()}”.", words.strip()),
            )

    def _add(self, run: StyledRun, place: _Place) -> None:
        self._current(place).runs.append(run)

    def _element(self, element: Element, outer: Look, place: _Place) -> None:
        if element.tag in UNREAD:
            return
        style = self.sheet.declarations(element)
        block = self._is_block(element, style)
        look = look_of(element, style, outer, inline=not block)
        if element.tag == "br":
            self._add(StyledRun("", outer, ends_line=True), place)
        elif element.tag in {"ul", "ol", "menu", "dir"}:
            self._list(element, look, place)
        elif element.tag == "table":
            self._table(element, look, place)
        elif not self._embedded(element, look, place):
            if block:
                self._block(element, style, look, place)
            else:
                self._inline(element, style, look, place)

    def _is_block(self, element: Element, style: dict[str, str]) -> bool:
        display = style.get("display", "")
        if display and display not in {"none", "contents"}:
            return display.startswith(_BLOCK_DISPLAYS) and display != "table-cell"
        return element.tag in _BLOCKS

    def _embedded(self, element: Element, look: Look, place: _Place) -> bool:
        """Read what is not words: pictures, form fields, formulas. Returns whether ``element`` is such."""
        if element.tag == "math":
            for words, raised in formula(element):
                self._add(StyledRun(words, replace(look, raised=raised or look.raised)), place)
            self._note(place, PasteNotice("A formula was kept as text. Check it:", element.text()))
            return True
        found = describe(element)
        if found is None:
            return False
        words, notice = found
        if words:
            self._add(StyledRun(words, look), place)
        if notice is not None and look.omitted is not Omission.HIDDEN:
            self._note(place, notice)
        self._add(StyledRun("", look, gap=True), place)
        return True

    def _block(self, element: Element, style: dict[str, str], look: Look, place: _Place) -> None:
        self._end()
        inner = replace(place, level=self._level(element, style) if place.mark is None else 0)
        skipped: Element | None = None
        if element.tag == "li":  # outside a list
            inner = replace(inner, mark=ListMark(0, False))
        elif element.tag in {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6"} and place.mark is None:
            mark = word_mark(element, style, self.sheet)
            if mark is None and (found := outlook_mark(element, style)):
                mark, skipped = found
            inner = replace(inner, mark=mark, level=0 if mark else inner.level)
        for child in element.children:
            if isinstance(child, str):
                self._text(child, look, inner)
            elif child is not skipped:
                self._element(child, look, inner)
        self._end()

    def _level(self, element: Element, style: dict[str, str]) -> int:
        heading = _HEADING.fullmatch(element.tag)
        if heading:
            return int(heading[1])
        level = element.attrs.get("aria-level", "")
        if element.attrs.get("role") == "heading":
            return int(level) if level in set("123456") else 2
        outline = style.get("mso-outline-level", "")
        if outline in set("123456"):
            return int(outline)
        if any(_WORD_HEADING.fullmatch(name) for name in element.classes):
            digits = re.sub(r"\D", "", element.attrs.get("class", ""))[:1]
            return int(digits) if digits in set("123456") else 1
        return 0

    def _inline(self, element: Element, style: dict[str, str], look: Look, place: _Place) -> None:
        if "mso-list:ignore" in element.attrs.get("style", "").replace(" ", "").lower():
            return  # the number or bullet, which ``word_mark`` reads
        if is_footnote_mark(element):
            self._footnote(element, look, place)
            return
        if element.tag == "a" and element.attrs.get("href", "").strip():
            look = replace(look, href=element.attrs["href"].strip())
        before, after = _edges(element, style)
        if before is not None:
            self._add(before, place)
        if element.tag != "rp":  # the brackets of ``rt``
            self._children(element, look, place)
        if after is not None:
            self._add(after, place)

    def _footnote(self, element: Element, look: Look, place: _Place) -> None:
        """Keep the mark of a footnote in brackets: beside a number it must not be an exponent."""
        begins = self._unit is None
        number = f"[{note_number(element)}]"
        self._add(StyledRun(number, replace(look, href="", raised="sup")), place)
        if begins:  # the note itself
            self._add(StyledRun(" ", look), place)
        else:
            self._note(place, PasteNotice(_FOOTNOTE, number))

    def _list(self, element: Element, look: Look, place: _Place) -> None:
        self._end()
        self._lists += 1
        ordered = element.tag == "ol"
        list_id = f"{element.tag}{self._lists}"
        start = element.attrs.get("start", "")
        number = int(start) if re.fullmatch(r"-?\d{1,5}", start) else 1
        inner = _Place(depth=place.depth + 1, ordered=ordered, list_id=list_id)
        kind = element.attrs.get("type", "") or self.sheet.declarations(element).get("list-style-type", "")
        for child in element.children:
            if isinstance(child, str):
                self._text(child, look, replace(inner, mark=place.mark))
            elif child.tag == "li":
                if child.attrs.get("value", "").isdecimal():
                    number = int(child.attrs["value"][:5])
                label = _label(number, kind) if ordered else ""
                mark = ListMark(item_depth(child, inner.depth), ordered, label, list_id)
                style = self.sheet.declarations(child)
                self._end()
                if style.get("list-style-type") == "none" and "mso-list" in style:
                    mark = word_mark(child, style, self.sheet) or mark
                self._children(child, look_of(child, style, look, inline=False), replace(inner, mark=mark))
                self._end()
                number += 1
            else:
                self._element(
                    child, look, replace(inner, mark=place.mark) if child.tag not in {"ul", "ol"} else inner
                )
        self._end()

    def _table(self, element: Element, look: Look, place: _Place) -> None:
        self._end()
        table, stray = read_table(element, look, self._cell, self.sheet)
        self._children(stray, look, place)
        self._end()
        if table.width <= 1:
            # A frame for the layout of a page
            for row in table.rows:
                for cell in row:
                    self.units += cell.units
            self.notices += table.notices
        else:
            self.units.append(table)

    def _cell(self, element: Element, look: Look) -> CellUnits:
        kept, self.units, self._unit = self.units, [], None
        style = self.sheet.declarations(element)
        self._children(element, look_of(element, style, look, inline=False), _Place())
        found, self.units, self._unit = self.units, kept, None
        return CellUnits(found, heading=element.tag == "th")


def _edges(element: Element, style: dict[str, str]) -> tuple[StyledRun | None, StyledRun | None]:
    """Return what stands before and after an inline element that is shown apart from the words beside it."""
    if element.tag == "rt":  # how to read the word before it
        return StyledRun(" ("), StyledRun(")")
    if "mso-tab-count" in style:
        return StyledRun(" "), None
    sides = ("margin-left", "margin-right", "padding-left", "padding-right", "margin", "padding", "left")
    apart = (
        style.get("position") in {"absolute", "fixed"}
        or style.get("float", "none") != "none"
        or style.get("display", "").startswith(_APART_DISPLAYS)
        or any((length(style.get(side, "")) or 0) >= _GAP for side in sides)
    )
    return (StyledRun("", gap=True), StyledRun("", gap=True)) if apart else (None, None)


def _label(number: int, kind: str) -> str:
    letters = "abcdefghijklmnopqrstuvwxyz"
    lettered = kind in {"a", "A", "lower-alpha", "upper-alpha", "lower-latin", "upper-latin"}
    if lettered and 0 < number <= len(letters):
        return letters[number - 1]
    return f"roman {number}" if kind in {"i", "I", "lower-roman", "upper-roman"} else str(number)
