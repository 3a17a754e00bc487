"""Walk the parts of a Word package, and take the inventory of everything in them that has words."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element

from monographs.imports.html_inventory import HtmlInventory
from monographs.imports.inventory import Inventory, InventoryBuilder, InventoryToken, Script, State
from monographs.imports.symbol_fonts import symbol
from monographs.imports.word_source.source_equations import equation_pieces
from monographs.imports.word_source.source_fields import FieldState, ends_of
from monographs.imports.word_source.source_labels import SourceLabels
from monographs.imports.word_source.source_looks import SourceLook, SourceLooks
from monographs.imports.word_source.source_objects import object_words, part_text
from monographs.imports.word_source.source_parts import SourceParts, attribute, below, local, value_below

_DELETED = {"del", "moveFrom"}
_GAPS = {"tab", "ptab", "pgNum"} | {
    f"{part}{form}" for part in ("day", "month", "year") for form in ("Short", "Long")
}
_OBJECTS = {"drawing", "pict", "object"}
_HEADING_NAMES = tuple(f"heading {n}" for n in range(10))
_SEPARATORS = {"separator", "continuationSeparator", "continuationNotice"}
_PROPERTIES = {"pPr", "rPr", "tblPr", "tblGrid", "trPr", "tcPr", "sdtPr", "sectPr", "tblPrEx", "sdtEndPr"}


@dataclass(frozen=True, slots=True)
class _Around:
    """What the elements around a place say."""

    part: str
    state: State = State.LIVE
    paragraph: str = ""
    table: tuple[str, tuple[str, ...]] = ("", ())
    ground: str = ""


@dataclass(slots=True)
class _Paragraph:
    """The pieces of the open paragraph; text boxes in it are read after it."""

    pieces: list[tuple[str, SourceLook, State]] = field(default_factory=list)
    boxes: list[tuple[Element, _Around]] = field(default_factory=list)
    asides: list[str] = field(default_factory=list)


def word_inventory(parts: dict[str, bytes]) -> Inventory:
    """Return the inventory of a Word file, by its unpacked parts (``word.zip_package.read_parts``)."""
    return _SourceReader(SourceParts(parts)).read()


class _SourceReader:
    """Reader of a package."""

    def __init__(self, parts: SourceParts) -> None:
        self.parts = parts
        self.builder = InventoryBuilder()
        documents = parts.linked("", "officeDocument")
        self.main = next(name for name in documents if local(parts.tree(name)) == "document")
        self.looks = SourceLooks(self._tree("styles"))
        page = below(parts.tree(self.main), "background")
        if page is not None and attribute(page, "color", "auto") != "auto":
            self.looks.page = attribute(page, "color").upper()
        self.labels = SourceLabels(self._tree("numbering"))
        self.fields = FieldState()
        self.open = _Paragraph()
        self.letter: list[tuple[str, SourceLook, State]] = []  # a large first letter, before its text

    def _all(self, kind: str) -> list[str]:
        folder = self.main.rpartition("/")[0]
        usual = f"{folder}/{kind}.xml" if folder else f"{kind}.xml"
        return self.parts.linked(self.main, kind) or ([usual] if usual in self.parts else [])

    def _tree(self, kind: str) -> Element | None:
        return next((self.parts.tree(name) for name in self._all(kind)), None)

    def read(self) -> Inventory:
        """Return the inventory."""
        self._part(self.main, State.LIVE, "")
        for kind in ("footnote", "endnote"):
            for name in self._all(f"{kind}s"):
                for note in self.parts.tree(name):
                    if attribute(note, "type") in _SEPARATORS:
                        continue
                    self.fields = FieldState(ends_of(note))
                    self.builder.place = f"{kind} {attribute(note, 'id')}"
                    self._walk(note, _Around(name))
        seen: set[str] = set()
        for kind in ("header", "footer", "comments"):
            for name in self._all(kind) if kind == "comments" else self.parts.linked(self.main, kind):
                text = part_text(self.parts, name)
                if text not in seen or kind == "comments":
                    seen.add(text)
                    self.builder.place = kind
                    self.builder.add_lines(text, state=State.ASIDE)
        return self.builder.build()

    def _part(self, name: str, state: State, place: str) -> None:
        root = self.parts.tree(name)
        self.fields = FieldState(ends_of(root))
        self.builder.place = place
        self._walk(root, _Around(name, state))
        self._end_paragraph()

    def _walk(self, element: Element, around: _Around) -> None:
        for child in element:
            self._element(child, around)

    def _element(self, element: Element, around: _Around) -> None:
        name = local(element)
        if name in _PROPERTIES:
            return
        reader = getattr(self, f"_read_{name.replace('.', '_')}", None)
        if reader is not None:
            reader(element, around)
        elif name in _DELETED:
            self._walk(element, replace(around, state=State.DELETED))
        elif name in _OBJECTS:
            self._objects(element, around)
        else:
            self._walk(element, around)

    def _read_p(self, element: Element, around: _Around) -> None:
        self._end_paragraph()
        properties = below(element, "pPr")
        named = value_below(properties, "pStyle") if properties is not None else None
        style = self.looks.default("paragraph") if named is None else named
        ground = self.looks.ground(properties, style) or around.ground
        self._walk(element, replace(around, paragraph=style, ground=ground))
        frame = below(properties, "framePr") if properties is not None else None
        if frame is not None and attribute(frame, "dropCap", "none") != "none":
            self.letter += [
                (text, replace(look, position=0), state) for text, look, state in self.open.pieces
            ]
            self.open.pieces = []
            return
        if any(t.strip() and s is State.LIVE and not k.hidden for t, k, s in self.open.pieces):
            label = self._label(properties, style)
            self.open.pieces.insert(0, (label, SourceLook(), around.state))
        self.open.pieces[:0], self.letter = self.letter, []
        self._end_paragraph()

    def _label(self, properties: Element | None, style: str) -> str:
        chain = [properties, *(below(s, "pPr") for s in self.looks.bases(style))]
        found = [p for p in chain if p is not None]

        def first(*path: str) -> str | None:
            return next((v for p in found if (v := value_below(p, *path)) is not None), None)

        num_id = first("numPr", "numId")
        if not num_id or not self.labels.exists(num_id):
            return ""
        given = first("numPr", "ilvl")
        at = int(given) if given and given.isdecimal() else self.labels.level_for(num_id, style)
        label = self.labels.count(num_id, min(at, 8))
        names = self.looks.title(style)
        outline = first("outlineLvl")
        is_heading = "title" in names or any(name in _HEADING_NAMES for name in names)
        is_heading = is_heading or (outline is not None and outline != "9")
        contents = any(name.startswith("toc ") for name in names)
        return "" if is_heading or contents or not label else f"{label} "

    def _end_paragraph(self) -> None:
        """Put the pieces of the open paragraph into the inventory, then those of its text boxes."""
        done, self.open = self.open, _Paragraph()
        shown = [p for p in done.pieces if p[0].strip() and p[2] is State.LIVE and not p[1].hidden]
        on_line = any(not look.position for _, look, _ in shown)
        for text, look, state in done.pieces:
            if text == "\n":
                if state is State.LIVE and not (look.hidden or look.struck):
                    self.builder.end_line()
                else:
                    self.builder.add(" ", state=state)
                continue
            script = look.script
            if script is Script.LINE and look.position and on_line:
                script = Script.RAISED if look.position > 0 else Script.LOWERED
            seen = State.HIDDEN if look.hidden else State.STRUCK if look.struck else State.LIVE
            self.builder.add(text, script=script, state=seen if state is State.LIVE else state)
        self.builder.end_line()
        for text in done.asides:
            self.builder.add_lines(text, state=State.ASIDE)
        for box, around in done.boxes:
            self._walk(box, around)
            self._end_paragraph()

    def _read_r(self, run: Element, around: _Around) -> None:
        properties = below(run, "rPr")
        look = self.looks.look(properties, around.paragraph, around.table, around.ground)
        if properties is not None and below(properties, "del") is not None:
            around = replace(around, state=State.DELETED)
        for child in run:
            self._piece(child, look, around)
            if attribute(child, "customMarkFollows") in {"1", "true", "on"}:
                return  # what follows is the mark of a note

    def _piece(self, element: Element, look: SourceLook, around: _Around) -> None:
        name = local(element)
        if name == "fldChar":
            shown, aside = self.fields.mark(element)
            self._add(shown, look, around)
            self.open.asides += [aside] if aside else []
        elif name in {"instrText", "delInstrText"}:
            self.fields.code(element.text or "")
        elif name != "rPr" and not self.fields.hides:
            self._shown_piece(element, name, look, around)

    def _shown_piece(self, element: Element, name: str, look: SourceLook, around: _Around) -> None:
        if text := _characters(element, name, look):
            self.fields.has_words()
            self._add(text, look, around)
        elif name == "AlternateContent":
            for child in _branch(element):
                self._piece(child, look, around)
        elif name in {"ruby", "r"} or name in _OBJECTS:
            self._element(element, around)
            self._add(" " if name in _OBJECTS else "", look, around)
        elif name not in {"t", "delText"}:
            for child in element:
                self._piece(child, look, around)

    def _add(self, text: str, look: SourceLook, around: _Around) -> None:
        if text:
            self.open.pieces.append((text, look, around.state))

    def _read_sdt(self, element: Element, around: _Around) -> None:
        properties, content = below(element, "sdtPr"), below(element, "sdtContent")
        if content is None:
            return
        if properties is not None and below(properties, "showingPlcHdr") is not None:
            around = replace(around, state=State.ASIDE if around.state is State.LIVE else around.state)
        self._walk(content, around)

    def _read_AlternateContent(self, element: Element, around: _Around) -> None:
        self._walk(_branch(element), around)

    def _read_m_oMath(self, element: Element, around: _Around) -> None:
        for text, script in equation_pieces(element):
            self._add(text, SourceLook(script), around)

    def _read_ruby(self, element: Element, around: _Around) -> None:
        for child in element:
            if local(child) in {"rubyBase", "rt"}:
                self._walk(child, around)
                self._add(" ", SourceLook(), around)

    def _read_altChunk(self, element: Element, around: _Around) -> None:
        name = self.parts.by_id(around.part, attribute(element, "id"))
        if name.endswith(("htm", "html", "xhtml")):
            words = HtmlInventory.of(self.parts.content(name).decode("utf-8", "replace"))
            text = " ".join(entry.token.text for entry in words.entries)
        else:
            text = part_text(self.parts, name)
        self.open.asides += [text] if text else []

    def _objects(self, element: Element, around: _Around) -> None:
        boxes, words = object_words(element, self.parts, around.part)
        self.open.asides += words
        self.open.boxes += [(box, replace(around, paragraph="", table=("", ()), ground="")) for box in boxes]

    def _read_tbl(self, table: Element, around: _Around) -> None:
        self._end_paragraph()
        properties = below(table, "tblPr")
        style = (value_below(properties, "tblStyle") if properties is not None else None) or ""
        style = style or self.looks.default("table")
        places = _places(below(properties, "tblLook") if properties is not None else None)
        above: dict[int, list[InventoryToken]] = {}
        for number, row in enumerate(_inside(table, "tr")):
            deleted = below(row, "trPr", "del") is not None
            hidden = value_below(row, "trPr", "hidden") not in {None, "0", "false", "off"}
            state = State.DELETED if deleted else State.HIDDEN if hidden else around.state
            column = int(value_below(row, "trPr", "gridBefore") or 0)
            for n, cell in enumerate(_inside(row, "tc")):
                here = (*(("firstCol",) if n == 0 else ()), *(("firstRow",) if number == 0 else ()))
                of_cell = tuple(place for place in here if place in places)
                removed = below(cell, "tcPr", "cellDel") is not None
                within = replace(
                    around, state=State.DELETED if removed else state, table=(style, of_cell), ground="?"
                )
                column = self._cell(cell, within, column, above)

    def _cell(
        self, cell: Element, around: _Around, column: int, above: dict[int, list[InventoryToken]]
    ) -> int:
        """Read a cell; what is merged may be repeated by a draft. Return the next column."""
        before = self.builder.count()
        self._walk(cell, around)
        self._end_paragraph()
        tokens = self.builder.tokens_since(before)
        span = int(value_below(cell, "tcPr", "gridSpan") or 1)
        merged = value_below(cell, "tcPr", "vMerge")
        if merged is not None and merged != "restart":
            tokens = [*above.get(column, []), *tokens]
            self.builder.repeat(above.get(column, []))
        for _ in range(min(span, 100) - 1):
            self.builder.repeat(tokens)
        above[column] = tokens
        return column + span


def _characters(element: Element, name: str, look: SourceLook) -> str:
    """Return what an element of a run stands for."""
    match name:
        case "t" | "delText":
            text = " ".join((element.text or "").splitlines()) if element.text else ""
            return "".join(c if c.isspace() else symbol(look.font, c) or c for c in text)
        case "br" | "cr":
            return "\n"
        case "noBreakHyphen":
            return "-"
        case "softHyphen":
            return "\u00ad"
        case "sym":
            code = attribute(element, "char")
            char = chr(int(code, 16)) if code and set(code.lower()) <= set("0123456789abcdef") else " "
            return symbol(attribute(element, "font"), char) or ("" if "\uf000" <= char <= "\uf0ff" else char)
    return " " if name in _GAPS else ""


def _branch(element: Element) -> Element:
    branches = [child for child in element if local(child) in {"Choice", "Fallback"}]
    for branch in branches:
        if any(local(e) in {"t", "delText", "a.t", "m.t", "a.v"} and e.text for e in branch.iter()):
            return branch
    return next((branch for branch in branches if len(branch)), Element("none"))


def _inside(parent: Element, name: str) -> Iterator[Element]:
    """Yield the rows of a table, or the cells of a row, also those in controls and tracked changes."""
    for child in parent:
        if local(child) == name:
            yield child
        elif local(child) == "AlternateContent":
            yield from _inside(_branch(child), name)
        elif local(child) not in {"tc", "p", *_PROPERTIES}:
            yield from _inside(child, name)


def _places(look: Element | None) -> set[str]:
    """Return which parts of a table have a look of their own."""
    if look is None:
        return set()
    value = attribute(look, "val")
    bits = int(value, 16) if value and set(value.lower()) <= set("0123456789abcdef") else 0
    found: set[str] = set()
    for name, place, bit in (("firstRow", "firstRow", 0x20), ("firstColumn", "firstCol", 0x80)):
        given = attribute(look, name)
        if given in {"1", "true", "on"} or (not given and bits & bit):
            found.add(place)
    return found
