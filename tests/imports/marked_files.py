"""A Word file of ours as an outside expert gives it back: marked up as Word does, tracked or not."""

import random
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from lxml import etree

from monographs.presentation.word_file.word_content import keyed_lines

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
EXPERT, DAY = "Dr Outside", "2026-05-06T07:08:00Z"
#: Words that no text has.
NEW_WORD, NEW_SENTENCE = "zyxwords", "Zyxsentence that is new."
_CHANGE = {f"{W}author": EXPERT, f"{W}date": DAY}
_COMMENTS = "word/comments.xml"


@dataclass(frozen=True)
class Expected:
    """A seeded edit: the passage, the old and the new words, and whether Word says who made it."""

    key: str
    old: str
    new: str
    tracked: bool


@dataclass
class MarkedFile:
    """The parts of a file, its paragraphs by passage, and what was done to it."""

    parts: dict[str, bytes]
    root: Any = None
    paragraphs: dict[str, Any] = field(default_factory=dict)
    edits: list[Expected] = field(default_factory=list)
    comments: list[tuple[str, str]] = field(default_factory=list)
    _id: int = 900_000

    @classmethod
    def of(cls, data: bytes) -> "MarkedFile":
        """Unpack a file."""
        with ZipFile(BytesIO(data)) as package:
            marked = cls({name: package.read(name) for name in package.namelist()})
        marked.root = etree.fromstring(marked.parts["word/document.xml"])
        for start in marked.root.iter(f"{W}bookmarkStart"):
            marked.paragraphs[start.get(f"{W}name")] = start.getparent()
        return marked

    def data(self) -> bytes:
        """The file."""
        self.parts["word/document.xml"] = etree.tostring(self.root)
        out = BytesIO()
        with ZipFile(out, "w", ZIP_DEFLATED) as package:
            for name, content in self.parts.items():
                package.writestr(name, content)
        return out.getvalue()

    def changed(self, tag: str, *content: Any) -> Any:
        """A tracked change around ``content``."""
        self._id += 1
        change = etree.Element(f"{W}{tag}", {f"{W}id": str(self._id), **_CHANGE})
        change.extend(content)
        return change

    def words_of(self, key: str) -> list[Any]:
        """The runs with words of a passage."""
        start = next(self.paragraphs[key].iter(f"{W}bookmarkStart"))
        return [run for run in start.itersiblings(f"{W}r") if run.find(f"{W}t") is not None]

    def replace_word(self, key: str, *, tracked: bool) -> None:
        """Replace the first word of a passage."""
        run = self.words_of(key)[0]
        text = run.find(f"{W}t")
        old = self.text_of(key)
        first = text.text.split(" ")[0]
        if tracked:
            gone, new = deepcopy(run), deepcopy(run)
            gone.find(f"{W}t").text, new.find(f"{W}t").text = first, NEW_WORD
            gone.find(f"{W}t").tag = f"{W}delText"
            run.addprevious(self.changed("del", gone))
            run.addprevious(self.changed("ins", new))
            text.text = text.text[len(first) :]
        else:
            text.text = NEW_WORD + text.text[len(first) :]
        self.edits.append(Expected(key, old, old.replace(first, NEW_WORD, 1), tracked))

    def add_paragraph(self, key: str, *, tracked: bool) -> None:
        """Add a paragraph below a passage."""
        paragraph = etree.Element(f"{W}p")
        run = etree.SubElement(etree.Element("x"), f"{W}r")
        etree.SubElement(run, f"{W}t").text = NEW_SENTENCE
        if tracked:
            look = etree.SubElement(etree.SubElement(paragraph, f"{W}pPr"), f"{W}rPr")
            look.append(self.changed("ins"))
            paragraph.append(self.changed("ins", run))
        else:
            paragraph.append(run)
        self.paragraphs[key].addnext(paragraph)
        self.edits.append(Expected(key, "", NEW_SENTENCE, tracked))

    def delete(self, key: str, *, tracked: bool) -> None:
        """Delete a passage with its paragraph."""
        paragraph = self.paragraphs[key]
        self.edits.append(Expected(key, self.text_of(key), "", tracked))
        if not tracked:
            paragraph.getparent().remove(paragraph)
            return
        for run in list(paragraph.iter(f"{W}r")):
            for text in run.findall(f"{W}t"):
                text.tag = f"{W}delText"
            change = self.changed("del")
            run.addprevious(change)
            change.append(run)
        properties = paragraph.find(f"{W}pPr")
        if properties is None:
            properties = etree.Element(f"{W}pPr")
            paragraph.insert(0, properties)
        etree.SubElement(properties, f"{W}rPr").append(self.changed("del"))

    def comment(self, key: str, words: str) -> None:
        """Comment on the words of a passage."""
        number = str(500 + len(self.comments))
        runs = self.words_of(key)
        runs[0].addprevious(etree.Element(f"{W}commentRangeStart", {f"{W}id": number}))
        reference = etree.Element(f"{W}r")
        etree.SubElement(reference, f"{W}commentReference", {f"{W}id": number})
        runs[-1].addnext(reference)
        runs[-1].addnext(etree.Element(f"{W}commentRangeEnd", {f"{W}id": number}))
        root = etree.fromstring(self.parts.get(_COMMENTS, f'<w:comments xmlns:w="{W[1:-1]}"/>'.encode()))
        comment = etree.SubElement(root, f"{W}comment", {f"{W}id": number, **_CHANGE})
        run = etree.SubElement(etree.SubElement(comment, f"{W}p"), f"{W}r")
        etree.SubElement(run, f"{W}t").text = words
        if _COMMENTS not in self.parts:
            self._relate_comments()
        self.parts[_COMMENTS] = etree.tostring(root)
        self.comments.append((key, words))

    def _relate_comments(self) -> None:
        name = "word/_rels/document.xml.rels"
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
        row = f'<Relationship Id="comments" Type="{kind}" Target="comments.xml"/></Relationships>'
        self.parts[name] = self.parts[name].replace(b"</Relationships>", row.encode())

    def text_of(self, key: str) -> str:
        """The words of a passage."""
        return "".join(run.find(f"{W}t").text for run in self.words_of(key))


def seeded(document: Any, data: bytes, seed: int, count: int = 5) -> MarkedFile:
    """A file with ``count`` edits and two comments, each in another passage, chosen by ``seed``."""
    chance = random.Random(seed)  # noqa: S311  # which passages are edited
    marked = MarkedFile.of(data)
    kinds = {"paragraph", "bullet", "number", "item", "detail", "effect"}
    # Passages in one form, apart from one another: an edit of one is none of its neighbour
    plain = [
        key
        for key, _section, line in keyed_lines(document)
        if line.kind in kinds and key in marked.paragraphs and len(marked.words_of(key)) == 1
    ][::2]
    edits: list[Callable[..., None]] = [marked.replace_word, marked.add_paragraph, marked.delete]
    chosen = chance.sample(plain, min(count + 2, len(plain)))
    for key in chosen[2:]:
        chance.choice(edits)(key, tracked=chance.random() < 0.5)  # half of them
    for number, key in enumerate(chosen[:2]):
        marked.comment(key, f"Is this so? {number}")
    return marked
