"""The words of one paragraph with what little of their look a leaflet keeps."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from itertools import groupby

from bs4 import Tag
from bs4.element import NavigableString

from monographs.imports.rich_text import is_address

_MARKS = {"strong": "b", "em": "i", "sub": "sub", "sup": "sup"}
#: Not a space that must not break: "5 mg" stays on one line.
_SPACE = re.compile(r"[ \t\r\n\f\v]+")
_NOTE = re.compile(r"#(?P<name>(?:foot|end)note-\w+)$")
_RAISED = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
_LOWERED = str.maketrans("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋")
_BULLET = re.compile(r"\s*(?:[•‣◦▪●○·]\s*|[-–—]\s+)(?=\S)")


@dataclass(frozen=True, slots=True)
class FormattedRun:
    """Words that look alike; a break of the line has none."""

    words: str
    marks: tuple[str, ...] = ()
    href: str = ""
    ends_line: bool = False

    @property
    def plain(self) -> str:
        """The words without their look, raised and lowered digits as such."""
        if "sup" in self.marks:
            return self.words.translate(_RAISED)
        return self.words.translate(_LOWERED) if "sub" in self.marks else self.words


@dataclass(slots=True)
class InlineText:
    """One paragraph. ``struck`` and ``pictures`` are what must be told of it."""

    pieces: list[FormattedRun] = field(default_factory=list)
    cites: list[str] = field(default_factory=list)
    struck: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, node: Tag) -> "InlineText":
        """The words of ``node``, lists and tables within it left to others."""
        inline = cls()
        inline._read(node, (), "")
        return inline

    def _read(self, node: Tag, marks: tuple[str, ...], href: str) -> None:
        for child in node.children:
            if isinstance(child, NavigableString):
                self.pieces.append(FormattedRun(_SPACE.sub(" ", child), marks, href))
            elif isinstance(child, Tag) and child.name not in {"ul", "ol", "table"}:
                self._read_tag(child, marks, href)

    def _read_tag(self, tag: Tag, marks: tuple[str, ...], href: str) -> None:
        target = str(tag.get("href") or "")
        if tag.name == "br":
            self.pieces.append(FormattedRun("", ends_line=True))
        elif tag.name == "img":
            self.pictures.append(str(tag.get("alt") or ""))
        elif tag.name == "input":
            self.pieces.append(FormattedRun("☑" if tag.has_attr("checked") else "☐", marks, href))
        elif tag.name == "a" and "note-ref-" in target:
            return  # the arrow that leads from a footnote back to its text
        elif tag.name == "a" and (note := _NOTE.match(target)):
            self.cites.append(note["name"])
        else:
            if tag.name == "s":
                self.struck.append(" ".join(tag.get_text().split()))
            mark = _MARKS.get(tag.name)
            within = tuple(sorted({*marks, mark})) if mark else marks
            self._read(tag, within, target if is_address(target) else href)

    @property
    def plain(self) -> str:
        """The words alone; ten to the ninth stays “10⁹” and does not become “109”."""
        return " ".join("".join(" " if p.ends_line else p.plain for p in self.pieces).split())

    @property
    def is_bold(self) -> bool:
        """Whether all of it is bold, as a heading is by people who use no styles."""
        said = [piece for piece in self.pieces if piece.words.strip()]
        return bool(said) and all("b" in piece.marks for piece in said)

    def html(self, *, bold: bool = True) -> str:
        """The words as rich text; without ``bold`` where a heading is bold by itself."""
        lines = (_line(line.pieces, bold) for line in self.lines())
        return "<br/>".join(line for line in lines if line)

    def lines(self) -> "Iterator[InlineText]":
        """Each line as a paragraph of its own; the first takes the footnotes."""
        cites = self.cites
        for ends, pieces in groupby(self.pieces, key=lambda piece: piece.ends_line):
            if not ends:
                yield InlineText(list(pieces), cites)
                cites = []

    def without_bullet(self) -> "InlineText | None":
        """The words after a bullet that was typed; None where there is none."""
        match = _BULLET.match("".join("\n" if p.ends_line else p.words for p in self.pieces))
        if match is None:
            return None
        left, pieces = match.end(), []
        for piece in self.pieces:
            pieces.append(FormattedRun(piece.words[left:], piece.marks, piece.href, piece.ends_line))
            left = max(0, left - len(piece.words))
        return InlineText(pieces, self.cites)


def _line(pieces: list[FormattedRun], bold: bool) -> str:
    html: list[str] = []
    for (marks, href), alike in groupby(pieces, key=lambda piece: (piece.marks, piece.href)):
        words = "".join(piece.words for piece in alike)
        if not words.strip():
            html.append(words)
            continue
        tags = [mark for mark in marks if bold or mark != "b"]
        inner = "".join(f"<{tag}>" for tag in tags) + escape(words, quote=False)
        inner += "".join(f"</{tag}>" for tag in reversed(tags))
        html.append(f'<a href="{escape(href)}">{inner}</a>' if href else inner)
    return _SPACE.sub(" ", "".join(html)).strip(" ")
