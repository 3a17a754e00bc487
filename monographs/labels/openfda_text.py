"""Taking openFDA's fields apart: what tables and other fields repeat is cut out of each field's text.

openFDA flattens a section, all sections inside it and all its tables into one text, gives the tables again as
XML, and gives sections inside it that have a code of their own again as fields. White space differs between
the copies, so that they are compared without it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from lxml import etree

from monographs.labels.text_keys import ONE_SIGN

_SPACE = re.compile(r"[\s\u200b\ufeff]+")
_LETTER = re.compile(r"[^\s\u200b\ufeff]")
#: Letters from which on a repeated text is one; shorter ones (“10 mg”) occur by chance.
_SHORTEST_REPEAT = 30


class SpacelessText:
    """A text without white space, with the place of each of its letters in the text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.letters = squeeze(text)

    @cached_property
    def places(self) -> list[int]:
        """Where each of the letters is in the text."""
        return [match.start() for match in _LETTER.finditer(self.text)]

    def places_of(self, letters: str) -> Iterator[tuple[int, int]]:
        """Yield where ``letters``, which have no white space, begin and end in the text."""
        at = self.letters.find(letters) if letters else -1
        while at >= 0:
            yield self.places[at], self.places[at + len(letters) - 1] + 1
            at = self.letters.find(letters, at + 1)


def squeeze(text: str) -> str:
    """Return ``text`` without white space, with one kind of dash, quotation mark and bullet."""
    return _SPACE.sub("", text).translate(ONE_SIGN)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a field: its own words (``kind`` text), a table (its XML) or the field at ``index``."""

    kind: str
    text: str = ""
    index: int = 0


@dataclass
class FieldText:
    """A field's text, from which tables and repeats of other fields are cut."""

    name: str
    text: str
    cuts: list[tuple[int, int, Piece]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.squeezed = SpacelessText(self.text)

    def cut(self, letters: str, piece: Piece) -> bool:
        """Cut the first place with ``letters`` that nothing was cut from; return whether there is one."""
        for begin, end in self.squeezed.places_of(letters):
            if not any(begin < cut_end and cut_begin < end for cut_begin, cut_end, _ in self.cuts):
                self.cuts.append((begin, end, piece))
                return True
        return False

    def pieces(self) -> Iterator[Piece]:
        """Yield the field's own words and what was cut, in order."""
        at = 0
        for begin, end, piece in sorted(self.cuts, key=lambda cut: cut[:2]):
            yield from _words(self.text[at:begin])
            yield piece
            at = end
        yield from _words(self.text[at:])


def _words(text: str) -> Iterator[Piece]:
    if text.strip():
        yield Piece("text", text.strip())


def words_of_xml(xml: str) -> str:
    """The text of a table's XML, without its tags; "" if it is damaged."""
    try:
        return "".join(etree.fromstring(xml, _PARSER).itertext())
    except (etree.XMLSyntaxError, ValueError):
        return ""


_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def nest_fields(fields: Sequence[FieldText]) -> list[int | None]:
    """Cut each field out of the shortest field that repeats it; return the index of that one for each.

    Two fields with the same text are one inside the other only once: the first holds the second.
    """
    parents: list[int | None] = [None] * len(fields)
    by_length = sorted(range(len(fields)), key=lambda at: (len(fields[at].squeezed.letters), -at))
    for place, inner in enumerate(by_length):
        letters = fields[inner].squeezed.letters
        if len(letters) < _SHORTEST_REPEAT:
            continue
        for outer in by_length[place + 1 :]:
            if letters in fields[outer].squeezed.letters and fields[outer].cut(
                letters, Piece("field", index=inner)
            ):
                parents[inner] = outer
                break
    return parents


def cut_tables(fields: Sequence[FieldText], tables: Sequence[str]) -> list[str]:
    """Cut tables (XML, in order) out of the innermost of ``fields`` that has their words.

    ``fields`` are those of one name and the fields inside them, the innermost first. Returns the tables whose
    words are in no field.
    """
    lost = []
    for xml in tables:
        letters = squeeze(words_of_xml(xml))
        if not any(each.cut(letters, Piece("table", xml)) for each in fields) and not any(
            letters and letters in each.squeezed.letters for each in fields
        ):
            lost.append(xml)
    return lost
