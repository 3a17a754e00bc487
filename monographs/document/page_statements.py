"""The statements of a document: its paragraphs, list items, side effects and table rows, one by one.

A statement is what cites a sentence of a label, or a source. It is smaller than a passage, which also has
what its words depend on, and it is known by its section, its condition and its words: documents have no
other names.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from monographs.document.canonical import sha256_hex
from monographs.document.models import BaseDocument
from monographs.document.parts import Advice, Companions, DoDont, Effect, Effects, Figure, Part, Table, Text
from monographs.document.passages import text_lines
from monographs.document.table_text import table_texts


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement as plain text. ``section`` is the value of its ``SectionType``, ``condition`` a name."""

    section: str
    words: str
    condition: str = ""

    @property
    def key(self) -> str:
        """SHA-256 of its place and its words; capitals and white space do not count."""
        words = " ".join(self.words.casefold().split())
        return sha256_hex(f"{self.section}\n{self.condition}\n{words}".encode())


def statements(document: BaseDocument) -> list[Statement]:
    """Return the statements in the sections of a document in reading order, each once."""
    found = (
        Statement(
            located.section.type.value, words, located.condition.condition_name if located.condition else ""
        )
        for located in document.walk()
        if located.section
        for words in _words_of(located.part)
    )
    return list(dict.fromkeys(found))


def _words_of(part: Part) -> Iterator[str]:
    match part:
        case Text() | Advice():
            yield from _lines_of(part.html)
        case DoDont():
            yield from (*part.do, *part.dont)
        case Table():
            yield from filter(None, table_texts(part))
        case Figure():
            yield from filter(None, (part.alt, part.caption))
        case Effects():
            yield from _lines_of(part.html)
            yield from map(_effect_words, part.items)
        case Companions():
            yield from (f"{item.name}: {item.why}" if item.why else item.name for item in part.items)


def _lines_of(html: str) -> Iterator[str]:
    return (line.text for line in text_lines(html) if line.level >= 0)


def _effect_words(effect: Effect) -> str:
    about = (effect.frequency_label, effect.explanation, effect.what_to_do)
    return " ".join([f"{effect.name}:", *filter(None, about)]) if any(about) else effect.name
