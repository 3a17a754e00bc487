"""Read the runs of a paragraph: words and their look, separators, fields, tracked changes, objects."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element

from monographs.imports.remarks import Remark, RemarkKind
from monographs.imports.markdown_text import is_address
from monographs.imports.word.equations import equation_runs
from monographs.imports.word.field_codes import OpenFields, shown_by_code, unshown_code
from monographs.imports.word.inline_text import Fate, FormattedRun, InlineText
from monographs.imports.word.symbol_fonts import is_private, symbol
from monographs.imports.word.word_objects import UnreadObject, chosen_branch, read_drawing, words_of
from monographs.imports.word.word_package import WordPackage, child_at
from monographs.imports.word.word_styles import CharacterLook, RunProperties, StyleSheet, run_properties

_INSERTIONS = frozenset({"w:ins", "w:moveTo"})
_DELETIONS = frozenset({"w:del", "w:moveFrom"})
_DRAWINGS = frozenset({"w:drawing", "w:pict", "w:object"})
#: What stands between words. The result of a date or page field of old files is not stored.
_SPACES = frozenset(
    "w:tab w:ptab w:pgNum w:dayShort w:monthShort w:yearShort w:dayLong w:monthLong w:yearLong".split()
)
_BREAKS = frozenset({"w:br", "w:cr"})
_CHARACTERS = {"w:noBreakHyphen": "\u2011", "w:softHyphen": "\u00ad"}
_NOTES = {"w:footnoteReference": "footnote", "w:endnoteReference": "endnote"}
_PLACEHOLDER = "This is the prompt of an empty field of a form; it was left out."
_COMMENT = "This is a comment in the file; it was left out."


@dataclass(frozen=True, slots=True)
class RunContext:
    """What the elements around a run say about it."""

    paragraph_style: str = ""
    table: RunProperties = field(default_factory=dict)
    fate: Fate = Fate.KEPT
    href: str = ""


@dataclass(slots=True)
class PartReader:
    """What is known while a part is read: styles, open fields, and comments by id."""

    package: WordPackage
    part: str
    sheet: StyleSheet
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
        if tag == "w:r":
            self._read_run(element, context)
        elif tag in _INSERTIONS:
            inserted = context.fate if context.fate is Fate.DELETED else Fate.INSERTED
            self.read(element, replace(context, fate=inserted))
        elif tag in _DELETIONS:
            self.read(element, replace(context, fate=Fate.DELETED))
        elif tag == "w:hyperlink":
            self.read(element, replace(context, href=self._address(element) or context.href))
        elif tag in {"m:oMath", "m:oMathPara"}:
            self._read_equation(element, context)
        elif tag == "mc:AlternateContent":
            for child in chosen_branch(element):
                self._read_element(child, context)
        elif tag == "w:sdt":
            self._read_control(element, context)
        elif tag == "w:bdo":
            self._read_override(element, context)
        elif tag in {"w:subDoc", "w:altChunk"}:
            self.unread(UnreadObject("an embedded document"), context)
        elif tag not in {"w:pPr", "w:rPr", "w:sdtPr", "w:sdtEndPr", "w:customXmlPr", "w:smartTagPr"}:
            self.read(element, context)

    def _address(self, link: Element) -> str:
        relation = self.of_part.package.relations(self.of_part.part).get(link.get("r:id", ""))
        return relation.target if relation and relation.external and is_address(relation.target) else ""

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
        self.text.all_runs += [replace(run, fate=context.fate) for run in runs]
        plain = InlineText(runs).plain
        if context.fate in {Fate.KEPT, Fate.INSERTED}:
            self.note(RemarkKind.UNSURE, "An equation was read as text; check it.", plain, result=plain)

    def _read_run(self, run: Element, context: RunContext) -> None:
        direct = run_properties(child_at(run, "w:rPr"))
        if "del" in direct and context.fate is not Fate.DELETED:
            context = replace(context, fate=Fate.DELETED)
        look = self.of_part.sheet.look(direct, context.paragraph_style, context.table)
        fate = context.fate
        if fate is not Fate.DELETED:
            fate = Fate.HIDDEN if look.hidden else Fate.STRUCK if look.struck else fate
        within = replace(context, fate=fate)
        for child in run:
            self._read_piece(child, within, look)

    def _read_piece(self, element: Element, context: RunContext, look: CharacterLook) -> None:
        tag, fields = str(element.tag), self.of_part.fields
        if tag == "w:fldChar":
            self._read_field_mark(element, context, look)
        elif tag in {"w:instrText", "w:delInstrText"}:
            fields.add_code(element.text or "")
        elif fields.in_code and tag not in _NOTES:
            return
        elif tag in {"w:t", "w:delText"}:
            self._add_words(element.text or "", context, look)
        elif tag in _CHARACTERS:
            self._add(_CHARACTERS[tag], context, look)
        elif tag in _SPACES:
            self._add(" ", context, look)
        elif tag in _BREAKS:
            self.text.all_runs.append(FormattedRun("", ends_line=True, fate=context.fate))
        elif tag == "w:sym":
            self._add_symbol(element, context, look)
        else:
            self._read_other(element, tag, context, look)

    def _read_other(self, element: Element, tag: str, context: RunContext, look: CharacterLook) -> None:
        if tag in _NOTES:
            if context.fate in {Fate.KEPT, Fate.INSERTED}:
                self.text.cites.append(f"{_NOTES[tag]}-{element.get('w:id', '')}")
        elif tag == "w:commentReference":
            self._read_comment(element.get("w:id", ""))
        elif tag in _DRAWINGS:
            self._read_drawing(element, context)
        elif tag == "w:ruby":
            self._read_ruby(element, context)
        elif tag == "mc:AlternateContent":
            for child in chosen_branch(element):
                self._read_piece(child, context, look)
        elif tag == "w:r":
            self._read_run(element, context)
        elif tag not in {"w:rPr", "w:annotationRef", "w:footnoteRef", "w:endnoteRef"}:
            for child in element:
                self._read_piece(child, context, look)

    def _read_field_mark(self, element: Element, context: RunContext, look: CharacterLook) -> None:
        ended = self.of_part.fields.mark(element)
        if ended is None or self.of_part.fields.in_code:
            return
        if words := shown_by_code(ended):
            self._add(words, context, look)
        elif code := unshown_code(ended):
            self.unread(UnreadObject("a field that Word draws", code), context)

    def _read_comment(self, comment_id: str) -> None:
        reader = self.of_part
        if comment_id in reader.comments and comment_id not in reader.seen_comments:
            reader.seen_comments.add(comment_id)
            self.note(RemarkKind.OMITTED, _COMMENT, reader.comments[comment_id])

    def _read_ruby(self, element: Element, context: RunContext) -> None:
        """The base, and its reading in brackets after it."""
        for name, around in (("w:rubyBase", ("", "")), ("w:rt", (" (", ")"))):
            part = child_at(element, name)
            if part is not None and words_of(part):
                self.text.all_runs.append(FormattedRun(around[0], fate=context.fate))
                self.read(part, context)
                self.text.all_runs.append(FormattedRun(around[1], fate=context.fate))

    def _read_drawing(self, element: Element, context: RunContext) -> None:
        found = read_drawing(element, self.of_part.package, self.of_part.part)
        for unread in found.unread:
            self.unread(unread, context)
        if context.fate in {Fate.KEPT, Fate.INSERTED}:
            self.boxes += found.boxes
            return
        for box in found.boxes:
            if words := words_of(box):
                message = f"A text box is {context.fate} in Word; it was left out."
                self.note(RemarkKind.OMITTED, message, words)

    def _add_words(self, words: str, context: RunContext, look: CharacterLook) -> None:
        read: Callable[[str], str | None] = lambda char: symbol(look.font, char)  # noqa: E731
        seen = "".join((read(char) if not char.isspace() else None) or char for char in words)
        if seen != words and context.fate in {Fate.KEPT, Fate.INSERTED}:
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
                href if is_address(href) else "",
                fate=context.fate,
                position=look.position,
            )
        )

    def unread(self, found: UnreadObject, context: RunContext) -> None:
        """Note an object that is not imported, and keep the words beside it apart."""
        self.text.notes.append(found.remark())
        self.text.all_runs.append(FormattedRun(" ", fate=context.fate))

    def note(self, kind: RemarkKind, message: str, quote: str, result: str = "") -> None:
        """Note something about the paragraph."""
        self.text.notes.append(Remark(kind, message, quote, result))
