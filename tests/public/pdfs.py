"""Reads metadata, the structure tree and font sizes of a PDF.

Implements enough of ISO 32000-1 for files written by Typst: objects and the structure tree are uncompressed,
only streams are compressed.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

_OBJECT = re.compile(rb"(?ms)^(\d+) 0 obj\n(.*?)\nendobj")
_STREAM = re.compile(rb"(?s)(.*?)\nstream\n(.*)\nendstream")
_STRING = r"(?:\(((?:[^()\\]|\\.)*)\)|<([0-9a-fA-F]+)>)"
_TYPE = re.compile(r"/S/(\w+)")
_ALT, _TITLE = re.compile(r"/Alt" + _STRING), re.compile(r"/T" + _STRING)
_BOOKMARK = re.compile(r"/Title" + _STRING + r"/Dest")
_KIDS = re.compile(r"/K\[([^\]]*)\]")
_KID = re.compile(r"<<.*?>>|(\d+) 0 R", re.DOTALL)
_SIZE = re.compile(r"/f\d+ ([\d.]+) Tf", re.IGNORECASE)


@dataclass(frozen=True)
class Element:
    """One element of the structure tree: its type, its alternative text, and its title (of a heading)."""

    kind: str
    alt: str
    title: str


class Pdf:
    """A parsed PDF."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.objects = {int(number): body for number, body in _OBJECT.findall(content)}

    def text_of(self, number: int) -> str:
        """Return the source of an object."""
        return self.objects[number].decode("latin-1")

    @cached_property
    def catalog(self) -> str:
        """The document catalog."""
        return next(t for n in self.objects if "/Type/Catalog" in (t := self.text_of(n)))

    @cached_property
    def streams(self) -> list[str]:
        """All streams, decompressed."""
        found = (_STREAM.fullmatch(body) for body in self.objects.values())
        return [
            (zlib.decompress(m[2]) if b"FlateDecode" in m[1] else m[2]).decode("latin-1") for m in found if m
        ]

    @cached_property
    def metadata(self) -> str:
        """The XMP packet."""
        return next(s for s in self.streams if "<x:xmpmeta" in s).encode("latin-1").decode()

    @property
    def elements(self) -> list[Element]:
        """The structure tree in reading order."""
        root = next(n for n in self.objects if self.text_of(n).startswith("<</Type/StructTreeRoot"))
        return list(self._below(root))[1:]

    def kinds(self) -> list[str]:
        """Return the types of the elements in reading order."""
        return [element.kind for element in self.elements]

    def headings(self) -> list[str]:
        """Return the headings in reading order."""
        return [element.title for element in self.elements if re.fullmatch(r"H\d", element.kind)]

    def _below(self, number: int) -> Iterator[Element]:
        source = self.text_of(number)
        kind, kids = _TYPE.search(source), _KIDS.search(source)
        yield Element(kind[1] if kind else "", _decoded(_ALT.search(source)), _decoded(_TITLE.search(source)))
        for kid in _KID.finditer(kids[1]) if kids else ():
            if kid[1]:
                yield from self._below(int(kid[1]))

    def sizes(self) -> set[float]:
        """Return the font sizes on its pages, in points."""
        return {float(size) for s in self.streams for size in _SIZE.findall(s)}

    def outline(self) -> list[str]:
        """Return the titles of its bookmarks."""
        return [_decoded(found) for n in self.objects if (found := _BOOKMARK.search(self.text_of(n)))]


def _decoded(match: re.Match[str] | None) -> str:
    if match is None:
        return ""
    plain, hexadecimal = match.groups()
    raw = bytes.fromhex(hexadecimal or "")
    if plain is not None:
        raw = re.sub(r"\\([()\\])", r"\1", plain).encode("latin-1")
    return raw.decode("utf-16") if raw.startswith(b"\xfe\xff") else raw.decode("latin-1")
