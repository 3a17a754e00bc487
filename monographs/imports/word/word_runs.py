"""Read the runs of a paragraph: words and their look, separators, fields, tracked changes, objects."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element

from monographs.core.link_targets import link_target
from monographs.imports.markdown_text import link_remarks
from monographs.imports.remarks import Remark, RemarkKind
from monographs.imports.symbol_fonts import is_private, symbol
from monographs.imports.word.equations import equation_runs
from monographs.imports.word.field_codes import OpenFields, shown_by_code, unshown_code
from monographs.imports.word.inline_text import FormattedRun, InlineText, RunStatus
from monographs.imports.word.word_objects import UnreadObject, chosen_branch, read_drawing, words_of
from monographs.imports.word.word_package import WordPackage, child_at
from monographs.imports.word.word_styles import (
    CharacterLook,
    RunProperties,
    WordStyles,
    is_on,
    run_properties,
)

#: The status of words within these elements, which hold tracked changes.
TRACKED = {
    "w:ins": RunStatus.INSERTED,
    "w:moveTo": RunStatus.INSERTED,
    "w:del": RunStatus.DELETED,
    "w:moveFrom": RunStatus.DELETED,
}
_EMBEDDED = frozenset({"w:subDoc", "w:altChunk"})
_PROPERTIES = frozenset({"w:pPr", "w:rPr", "w:sdtPr", "w:sdtEndPr", "w:customXmlPr", "w:smartTagPr"})
#: What shows where a note or comment belongs, inside the note or comment itself.
_REFERENCES = frozenset({"w:rPr", "w:annotationRef", "w:footnoteRef", "w:endnoteRef"})
_DRAWINGS = frozenset({"w:drawing", "w:pict", "w:object", "w:contentPart", "w14:contentPart"})
#: What stands between words. The result of a date or page field of old files is not stored.
_SPACES = frozenset(
    "w:tab w:ptab w:pgNum w:dayShort w:monthShort w:yearShort w:dayLong w:monthLong w:yearLong".split()
)
_BREAKS = frozenset({"w:br", "w:cr"})
_CHARACTERS = {"w:noBreakHyphen": "\u2011", "w:softHyphen": "\u00ad", **dict.fromkeys(_SPACES, "\t")}
_NOTES = {"w:footnoteReference": "footnote", "w:endnoteReference": "endnote"}
_PLACEHOLDER = "This is the prompt of an empty field of a form; it was left out."
_COMMENT = "This is a comment in the file; it was left out."


@dataclass(frozen=True, slots=True)
class RunContext:
    """What the elements around a run say about it."""

    paragraph_style: str = ""
    table: RunProperties = field(default_factory=dict)
    status: RunStatus = RunStatus.KEPT
    href: str = ""
    #: The colour behind a paragraph; see ``WordStyles.look``.
    ground: str = ""

    def within_change(self, status: RunStatus) -> "RunContext":
        """Return the context within a tracked change; a deletion stays one."""
        return self if self.status is RunStatus.DELETED else replace(self, status=status)


@dataclass(slots=True)
class PartReader:
    """What is known while a part is read: styles, open fields, and comments by id."""

    package: WordPackage
    part: str
    sheet: WordStyles
    fields: OpenFields
    comments: dict[str, str] = field(default_factory=dict)
    seen_comments: set[str] = field(default_factory=set)


@dataclass(slots=True)
class RunReader:
    """Reader of one paragraph. ``boxes`` are the contents of its text boxes."""

    of_part: PartReader
    text: InlineText = field(default_factory=InlineText)
    boxes: list[Element] = field(default_factory=list)

    def read(self, parent: Element, context: RunContext) -> None:
        """Read what is in ``parent``, a paragraph or an element around runs."""
        for child in parent:
            self._read_element(child, context)

    def _read_element(self, element: Element, context: RunContext) -> None:
        tag = str(element.tag)
        if tag in TRACKED:
            self.read(element, context.within_change(TRACKED[tag]))
        elif tag == "mc:AlternateContent":
            for child in chosen_branch(element):
                self._read_element(child, context)
        elif tag in _EMBEDDED:
            self.unread(UnreadObject("an embedded document"), context)
        elif reader := _ELEMENTS.get(tag):
            reader(self, element, context)
        elif tag not in _PROPERTIES:
            self.read(element, context)

    def _read_link(self, element: Element, context: RunContext) -> None:
        relation = self.of_part.package.relations(self.of_part.part).get(element.get("r:id", ""))
        if relation and relation.external:
            self.text.notes += link_remarks(relation.target)
            context = replace(context, href=link_target(relation.target).address or context.href)
        self.read(element, context)

    def _read_control(self, control: Element, context: RunContext) -> None:
        content = child_at(control, "w:sdtContent")
        if content is None:
            return
        if child_at(control, "w:sdtPr/w:showingPlcHdr") is not None:
            words = words_of(content)
            if words:
                self.note(RemarkKind.OMITTED, _PLACEHOLDER, words)
            return
        self.read(content, context)

    def _read_override(self, element: Element, context: RunContext) -> None:
        self.read(element, context)
        words = words_of(element)
        if element.get("w:val") == "rtl" and any(char.isascii() and char.isalnum() for char in words):
            message = (
                "Word shows these characters from right to left; here they are in the order of the file."
            )
            self.note(RemarkKind.UNSURE, message, words, result=words)

    def _read_equation(self, element: Element, context: RunContext) -> None:
        runs = equation_runs(element)
        if not any(run.words.strip() for run in runs):
            return
        self.text.all_runs += [replace(run, status=context.status) for run in runs]
        plain = InlineText(runs).plain
        if context.status.is_shown:
            self.note(RemarkKind.UNSURE, "An equation was read as text; check it.", plain, result=plain)

    def _read_run(self, run: Element, context: RunContext) -> None:
        direct = run_properties(child_at(run, "w:rPr"))
        if "del" in direct and context.status is not RunStatus.DELETED:
            context = replace(context, status=RunStatus.DELETED)
        look = self.of_part.sheet.look(direct, context.paragraph_style, context.table, context.ground)
        status = context.status
        if status is not RunStatus.DELETED:
            status = RunStatus.HIDDEN if look.hidden else RunStatus.STRUCK if look.struck else status
        within = replace(context, status=status)
        for child in run:
            self._read_piece(child, within, look)
            if is_on(child.get("w:customMarkFollows")):
                break  # the rest of the run is the mark of a note, not text

    def _read_piece(self, element: Element, context: RunContext, look: CharacterLook) -> None:
        tag, fields = str(element.tag), self.of_part.fields
        if tag == "w:fldChar":
            self._read_field_mark(element, context, look)
        elif tag in {"w:instrText", "w:delInstrText"}:
            fields.add_code(element.text or "")
        elif tag in _NOTES:
            if context.status.is_shown:
                self.text.cites.append(f"{_NOTES[tag]}-{element.get('w:id', '')}")
        elif not fields.in_code:
            self._read_shown(element, tag, context, look)

    def _read_shown(self, element: Element, tag: str, context: RunContext, look: CharacterLook) -> None:
        """Read a piece of a run that is not part of a field's code."""
        if tag in {"w:t", "w:delText"}:
            self._add_words(element.text or "", context, look)
        elif tag in _CHARACTERS:
            self._add(_CHARACTERS[tag], context, look)
        elif tag in _BREAKS:
            self.text.all_runs.append(FormattedRun("", ends_line=True, status=context.status))
        elif tag == "w:sym":
            self._add_symbol(element, context, look)
        elif reader := _PIECES.get(tag):
            reader(self, element, context)
        elif tag not in _REFERENCES:
            inner = chosen_branch(element) if tag == "mc:AlternateContent" else element
            for child in inner:
                self._read_piece(child, context, look)

    def _read_field_mark(self, element: Element, context: RunContext, look: CharacterLook) -> None:
        ended = self.of_part.fields.mark(element)
        if ended is None or self.of_part.fields.in_code:
            return
        if words := shown_by_code(ended):
            self._add(words, context, look)
        elif code := unshown_code(ended):
            self.unread(UnreadObject("a field that Word draws", code), context)

    def _read_comment(self, element: Element, _context: RunContext) -> None:
        reader, comment_id = self.of_part, element.get("w:id", "")
        if comment_id in reader.comments and comment_id not in reader.seen_comments:
            reader.seen_comments.add(comment_id)
            self.note(RemarkKind.OMITTED, _COMMENT, reader.comments[comment_id])

    def _read_ruby(self, element: Element, context: RunContext) -> None:
        """The base, and its reading in brackets after it."""
        for name, around in (("w:rubyBase", ("", "")), ("w:rt", (" (", ")"))):
            part = child_at(element, name)
            if part is not None and words_of(part):
                self.text.all_runs.append(FormattedRun(around[0], status=context.status))
                self.read(part, context)
                self.text.all_runs.append(FormattedRun(around[1], status=context.status))

    def _read_drawing(self, element: Element, context: RunContext) -> None:
        found = read_drawing(element, self.of_part.package, self.of_part.part)
        for unread in found.unread:
            self.unread(unread, context)
        if context.status.is_shown:
            self.boxes += found.boxes
            return
        for box in found.boxes:
            if words := words_of(box):
                message = f"A text box is {context.status} in Word; it was left out."
                self.note(RemarkKind.OMITTED, message, words)

    def _add_words(self, words: str, context: RunContext, look: CharacterLook) -> None:
        seen = "".join(char if char.isspace() else symbol(look.font, char) or char for char in words)
        if seen != words and context.status.is_shown:
            message = f"“{words}” in the font {look.font} was read as “{seen}”; check it."
            self.note(RemarkKind.CHANGED, message, words, result=seen)
        self._add(seen, context, look)

    def _add_symbol(self, element: Element, context: RunContext, look: CharacterLook) -> None:
        font, code = element.get("w:font", ""), element.get("w:char", "")
        try:
            char = chr(int(code, 16))
        except (ValueError, OverflowError):
            char = "\ufffd"
        seen = symbol(font, char)
        if seen is None and (is_private(char) or char == "\ufffd"):
            message = f"The symbol {code} of the font {font} could not be read; type what it shows."
            self.note(RemarkKind.OMITTED, message, char)
            self._add(" ", context, look)
            return
        self._add(seen or char, context, look)

    def _add(self, words: str, context: RunContext, look: CharacterLook) -> None:
        marks = (("b", look.bold), ("i", look.italic), (look.script, bool(look.script)))
        href = context.href or self.of_part.fields.href
        self.of_part.fields.note_words()
        self.text.all_runs.append(
            FormattedRun(
                words,
                tuple(sorted(mark for mark, is_set in marks if is_set)),
                link_target(href).address if href else "",
                status=context.status,
                position=look.position,
            )
        )

    def unread(self, found: UnreadObject, context: RunContext) -> None:
        """Note an object that is not imported, and keep the words beside it apart."""
        self.text.notes.append(found.remark())
        self.text.all_runs.append(FormattedRun(" ", status=context.status))

    def note(self, kind: RemarkKind, message: str, quote: str, result: str = "") -> None:
        """Note something about the paragraph."""
        self.text.notes.append(Remark(kind, message, quote, result))


_Reader = Callable[[RunReader, Element, RunContext], None]
#: Readers of elements around runs, and of pieces of runs, by tag.
_ELEMENTS: dict[str, _Reader] = {
    "w:r": RunReader._read_run,
    "w:hyperlink": RunReader._read_link,
    "m:oMath": RunReader._read_equation,
    "m:oMathPara": RunReader._read_equation,
    "w:sdt": RunReader._read_control,
    "w:bdo": RunReader._read_override,
}
_PIECES: dict[str, _Reader] = {
    **dict.fromkeys(_DRAWINGS, RunReader._read_drawing),
    "w:r": RunReader._read_run,
    "w:commentReference": RunReader._read_comment,
    "w:ruby": RunReader._read_ruby,
}
