"""What a Word file shows besides text: pictures, charts, graphics, embedded files, with their words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from bs4 import BeautifulSoup

from monographs.imports.remarks import NOT_IMPORTED, Remark, RemarkKind
from monographs.imports.word.word_package import WordPackage, short_names
from monographs.imports.word.zip_package import INSIDE

#: Elements whose end separates words.
_BREAKS = frozenset(
    {"w:p", "a:p", "w:tab", "w:br", "w:cr", "a:br", "c:pt", "c:v", "cx:pt", "cx:v", "x:si", "x:c", "m:oMath"}
)
_WORDS = frozenset({"w:t", "w:delText", "a:t", "m:t", "c:v", "cx:v", "cx:pt"})
#: Programs of embedded files, by the start of their names.
_PROGRAMS = {
    "excel": "an embedded spreadsheet",
    "word": "an embedded document",
    "powerpoint": "an embedded presentation",
    "equation": "an equation",
    "acroexch": "an embedded PDF",
    "package": "an embedded file",
}
_PARTS = {"charts": "a chart", "diagrams": "a SmartArt graphic", "ink": "an ink drawing"}


@dataclass(frozen=True, slots=True)
class UnreadObject:
    """Something that is not imported: what it is, and its words."""

    label: str
    words: str = ""

    def remark(self) -> Remark:
        """Return what the importer is told."""
        advice = "add it in the editor" if self.label == "a picture" else "write what it says as text"
        label = self.label[:1].upper() + self.label[1:]
        return Remark(
            RemarkKind.OMITTED,
            f"{label} {NOT_IMPORTED}; {advice}.",
            self.words or self.label.split(" ", 1)[1],
        )


@dataclass(slots=True)
class DrawnObjects:
    """The contents of a drawing: ``boxes`` are the elements of its text boxes."""

    boxes: list[Element] = field(default_factory=list)
    unread: list[UnreadObject] = field(default_factory=list)
    alternatives: list[str] = field(default_factory=list)
    pictures: int = 0


def chosen_branch(alternatives: Element) -> Iterable[Element]:
    """Return the content of one branch of ``mc:AlternateContent``: the first that has words or objects."""
    branches = [branch for branch in alternatives if branch.tag in {"mc:Choice", "mc:Fallback"}]
    with_words = [branch for branch in branches if any(e.tag in _WORDS and e.text for e in branch.iter())]
    return next(iter(with_words or [branch for branch in branches if len(branch)]), ())


def read_drawing(element: Element, package: WordPackage, part: str) -> DrawnObjects:
    """Return what is in a ``w:drawing``, ``w:pict`` or ``w:object`` of ``part``."""
    found = DrawnObjects()
    _walk(element, package, part, found)
    words = "; ".join(dict.fromkeys(found.alternatives))
    # The picture of an object is only its preview
    if found.pictures and not found.unread:
        found.unread.append(UnreadObject("a picture", words))
    elif words and found.unread:
        first = found.unread[0]
        found.unread[0] = UnreadObject(first.label, "; ".join(filter(None, [words, first.words])))
    elif not found.unread and not found.boxes:
        found.unread.append(UnreadObject("a drawing", words))
    elif words:
        found.unread.append(UnreadObject("a description of a text box", words))
    return found


def _walk(element: Element, package: WordPackage, part: str, found: DrawnObjects) -> None:
    tag = str(element.tag)
    if tag == "mc:AlternateContent":
        for child in chosen_branch(element):
            _walk(child, package, part, found)
        return
    if tag == "w:txbxContent":
        found.boxes.append(element)
        return
    if tag in {"wp:docPr", "pic:cNvPr", "wps:cNvPr", "v:shape", "v:rect", "v:group"}:
        texts = (element.get(name, "").strip() for name in ("title", "descr", "alt"))
        found.alternatives += [text for text in texts if text]
    _read_kind(element, tag, package, part, found)
    for child in element:
        _walk(child, package, part, found)


def _read_kind(element: Element, tag: str, package: WordPackage, part: str, found: DrawnObjects) -> None:
    if tag in {"pic:pic", "v:imagedata"}:
        found.pictures += 1
    elif tag == "a:graphicData":
        _read_graphic(element, package, part, found)
    elif tag == "v:textpath" and element.get("string"):
        found.unread.append(UnreadObject("a WordArt text", element.get("string", "")))
    elif tag == "o:OLEObject":
        program = element.get("ProgID", "").lower()
        label = next((words for name, words in _PROGRAMS.items() if program.startswith(name)), "")
        words = _related_words(package, part, element.get("r:id", ""))
        found.unread.append(UnreadObject(label or "an embedded object", words))
    elif tag in {"w:control", "w:movie"}:
        found.unread.append(UnreadObject("a control", element.get("w:name", "")))
    elif tag.endswith(":contentPart"):
        found.unread.append(UnreadObject("an ink drawing"))
    elif tag == "a:t" and (element.text or "").strip():
        found.unread.append(UnreadObject("a drawn text", element.text or ""))


def _read_graphic(element: Element, package: WordPackage, part: str, found: DrawnObjects) -> None:
    kind = element.get("uri", "").rsplit("/", 1)[-1].lower()
    if kind not in {"chart", "chartex", "diagram"}:
        return
    label = "a SmartArt graphic" if kind == "diagram" else "a chart"
    ids = [e.get("r:dm") or e.get("r:id") or "" for e in element.iter() if e is not element]
    texts = [_related_words(package, part, one) for one in ids if one]
    found.unread.append(UnreadObject(label, "; ".join(filter(None, texts))))


def _related_words(package: WordPackage, part: str, relation_id: str) -> str:
    relation = package.relations(part).get(relation_id)
    return part_words(package, relation.target) if relation and not relation.external else ""


def part_words(package: WordPackage, name: str) -> str:
    """Return the words of a part that is not imported, or of the package embedded as ``name``."""
    content = package.parts.get(name)
    if content is None:
        return "; ".join(_embedded_words(package, name + INSIDE))
    if name.endswith((".htm", ".html", ".xhtml", ".mht")):
        return " ".join(BeautifulSoup(content, "html.parser").get_text(" ").split())
    if name.endswith(".txt"):
        return " ".join(content.decode("utf-8", "replace").split())
    return "" if name.endswith(".rtf") else words_of(short_names(content))


def _embedded_words(package: WordPackage, folder: str) -> Iterator[str]:
    strings: list[str] = []
    names = [name for name in package.parts if name.startswith(folder)]
    for name in names:
        if name.endswith("/sharedstrings.xml"):
            root = short_names(package.parts[name])
            strings = ["".join(t.text or "" for t in si.iter("x:t")) for si in root.iter("x:si")]
    for name in sorted(names):
        place = name.removeprefix(folder)
        if place.startswith("xl/worksheets/"):
            yield from _cells(short_names(package.parts[name]), strings)
        elif place.startswith(("word/document", "word/footnotes", "ppt/slides/", "xl/charts/")):
            yield words_of(short_names(package.parts[name]))


def _cells(sheet: Element, strings: list[str]) -> Iterator[str]:
    for cell in sheet.iter("x:c"):
        value = "".join(e.text or "" for e in cell.iter() if e.tag in {"x:v", "x:t"})
        if cell.get("t") == "s":
            value = strings[int(value)] if value.isdecimal() and int(value) < len(strings) else ""
        if value.strip():
            yield " ".join(value.split())


def words_of(element: Element) -> str:
    """Return the words of an element, deleted ones too, with separators between paragraphs and cells."""
    return " ".join("".join(_pieces(element)).split())


def _pieces(element: Element) -> Iterator[str]:
    if element.tag == "mc:AlternateContent":
        for child in chosen_branch(element):
            yield from _pieces(child)
        return
    if element.tag in _WORDS:
        yield element.text or ""
    for child in element:
        yield from _pieces(child)
    if element.tag in _BREAKS:
        yield " "
