"""The words of labels, taken from their files without the code that reads labels.

ElementTree and regular expressions only. Words are compared, not their order: footnotes stand elsewhere.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from xml.etree import ElementTree

from monographs.labels import Label, LabelFigure, LabelSection, LabelTable, LabelText

_NAMESPACE = "{urn:hl7-org:v3}"
_INLINE = {f"{_NAMESPACE}{name}" for name in ("content", "sub", "sup", "linkHtml")}
_WORD = re.compile(r"[^\W\d_]+|\d+")
_BLOCK_TAG = re.compile(r"<(?:/?(?:p|li|ul|ol|h3|h4)|br)>")
_MARK = re.compile(r"<sup>\[\d+\]</sup>")


def words_of_spl(data: bytes) -> Iterator[Counter[str]]:
    """Yield the words of each section of an SPL file, in the order of the file."""
    root = ElementTree.fromstring(data)  # noqa: S314  # files of our own or of the sample
    for section in root.iter(f"{_NAMESPACE}section"):
        own = [*section.findall(f"{_NAMESPACE}title"), *section.findall(f"{_NAMESPACE}text")]
        own += section.findall(f"{_NAMESPACE}excerpt/{_NAMESPACE}highlight/{_NAMESPACE}text")
        yield Counter(word for each in own for word in _WORD.findall(_text(each)))


def _text(element: ElementTree.Element) -> str:
    edge = "" if element.tag in _INLINE else " "
    inside = "".join(_text(each) + (each.tail or "") for each in element)
    return f"{edge}{element.text or ''}{inside}{edge}"


def words_of_result(data: bytes) -> Iterator[tuple[str, list[str]]]:
    """Yield the words of each text of a result of openFDA, with the field's name."""
    result = json.loads(data)
    for name, value in result.get("results", [result])[0].items():
        if isinstance(value, list) and not name.endswith("_table"):
            yield from ((name, _WORD.findall(text)) for text in value)


def words_of_section(section: LabelSection, inline: str = "") -> list[str]:
    """The words of a section as it was read, in order, without the sections in it.

    ``inline`` replaces tags within a line: the feed puts a space before raised letters.
    """
    html = [section.title.replace("<", "&lt;")]
    for block in (*section.highlights, *section.blocks):
        match block:
            case LabelText():
                html.append(block.html)
            case LabelTable():
                html += [block.caption, *block.footnotes]
                html += [cell.html for row in (*block.header, *block.rows) for cell in row]
            case LabelFigure():
                html.append(block.description)
    return [word for each in html for word in _WORD.findall(_shown(each, inline))]


def _shown(html: str, inline: str) -> str:
    return unescape(re.sub(r"<[^>]+>", inline, _BLOCK_TAG.sub(" ", _MARK.sub(" ", html))))


def lost_words(data: bytes, label: Label) -> list[tuple[str, str]]:
    """Return the words of a file that are not in its label, with the section or field they are of."""
    if data.lstrip().startswith(b"<"):
        read = [(section.title, Counter(words_of_section(section))) for section in label.walk()]
        written = list(words_of_spl(data))
        assert len(read) == len(written), "a section is lost"
        return [
            (title, word)
            for (title, found), expected in zip(read, written, strict=True)
            for word in expected - found
        ]
    found = [
        word for section in label.walk() for each in ("", " ") for word in words_of_section(section, each)
    ]
    known = frozenset(found)
    return [
        (name, word)
        for name, words in words_of_result(data)
        for word in words
        if word not in known and not _is_made_of(word, known)
    ]


def _is_made_of(word: str, known: frozenset[str]) -> bool:
    """Whether a word is one of ``known`` or several of them: the feed runs cells and footnotes together."""
    ends = [True]
    for end in range(1, len(word) + 1):
        ends.append(any(ends[start] and word[start:end] in known for start in range(end)))
    return ends[-1]
