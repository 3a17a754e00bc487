"""The text of one paragraph, with the formatting that a leaflet keeps."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from itertools import groupby

from bs4 import Tag
from bs4.element import NavigableString

from monographs.imports.rich_text import kept_address

_MARKS = {"strong": "b", "em": "i", "sub": "sub", "sup": "sup"}
#: Not the no-break space, which keeps "5 mg" on one line.
_SPACE = re.compile(r"[ \t\r\n\f\v]+")
_NOTE = re.compile(r"#(?P<name>(?:foot|end)note-\w+)$")
_RAISED = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
_LOWERED = str.maketrans("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋")
_BULLET = re.compile(r"\s*(?:[•‣◦▪●○·]\s*|[-–—]\s+)(?=\S)")


@dataclass(frozen=True, slots=True)
class FormattedRun:
    """Words with the same formatting, or a line break (no words)."""

    words: str
    marks: tuple[str, ...] = ()
    href: str = ""
    ends_line: bool = False

    @property
    def plain(self) -> str:
        """The words without formatting; superscript and subscript digits become Unicode characters."""
        if "sup" in self.marks:
            return self.words.translate(_RAISED)
        return self.words.translate(_LOWERED) if "sub" in self.marks else self.words


@dataclass(slots=True)
class InlineText:
    """One paragraph. ``struck`` and ``pictures`` are reported to the user."""

    runs: list[FormattedRun] = field(default_factory=list)
    cites: list[str] = field(default_factory=list)
    struck: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, node: Tag) -> "InlineText":
        """Read the text of ``node``, without lists and tables inside it."""
        inline = cls()
        inline._read(node, (), "")
        return inline

    def _read(self, node: Tag, marks: tuple[str, ...], href: str) -> None:
        for child in node.children:
            if isinstance(child, NavigableString):
                self.runs.append(FormattedRun(_SPACE.sub(" ", child), marks, href))
            elif isinstance(child, Tag) and child.name not in {"ul", "ol", "table"}:
                self._read_tag(child, marks, href)

    def _read_tag(self, tag: Tag, marks: tuple[str, ...], href: str) -> None:
        target = str(tag.get("href") or "")
        if tag.name == "br":
            self.runs.append(FormattedRun("", ends_line=True))
        elif tag.name == "img":
            self.pictures.append(str(tag.get("alt") or ""))
        elif tag.name == "input":
            self.runs.append(FormattedRun("☑" if tag.has_attr("checked") else "☐", marks, href))
        elif tag.name == "a" and "note-ref-" in target:
            return  # the arrow from a footnote back to the text
        elif tag.name == "a" and (note := _NOTE.match(target)):
            self.cites.append(note["name"])
        else:
            if tag.name == "s":
                self.struck.append(" ".join(tag.get_text().split()))
            mark = _MARKS.get(tag.name)
            within = tuple(sorted({*marks, mark})) if mark else marks
            self._read(tag, within, kept_address(target) or href)

    @property
    def plain(self) -> str:
        """The text without formatting; ten to the ninth stays “10⁹” and does not become “109”."""
        return " ".join("".join(" " if run.ends_line else run.plain for run in self.runs).split())

    @property
    def is_bold(self) -> bool:
        """Whether all of it is bold, like headings in documents without styles."""
        visible = [run for run in self.runs if run.words.strip()]
        return bool(visible) and all("b" in run.marks for run in visible)

    def html(self, *, bold: bool = True) -> str:
        """Return rich text; ``bold=False`` drops bold, as in headings."""
        lines = (_line(line.runs, bold) for line in self.lines())
        return "<br/>".join(line for line in lines if line)

    def lines(self) -> "Iterator[InlineText]":
        """Yield each line as a paragraph of its own; the first keeps the footnotes."""
        cites = self.cites
        for ends, runs in groupby(self.runs, key=lambda run: run.ends_line):
            if not ends:
                yield InlineText(list(runs), cites)
                cites = []

    def without_bullet(self) -> "InlineText | None":
        """Return the text after a typed bullet; None where there is none."""
        match = _BULLET.match("".join("\n" if run.ends_line else run.words for run in self.runs))
        if match is None:
            return None
        left, runs = match.end(), []
        for run in self.runs:
            runs.append(FormattedRun(run.words[left:], run.marks, run.href, run.ends_line))
            left = max(0, left - len(run.words))
        return InlineText(runs, self.cites)


def _line(runs: list[FormattedRun], bold: bool) -> str:
    html: list[str] = []
    for (marks, href), alike in groupby(runs, key=lambda run: (run.marks, run.href)):
        words = "".join(run.words for run in alike)
        if not words.strip():
            html.append(words)
            continue
        tags = [mark for mark in marks if bold or mark != "b"]
        inner = "".join(f"<{tag}>" for tag in tags) + escape(words, quote=False)
        inner += "".join(f"</{tag}>" for tag in reversed(tags))
        html.append(f'<a href="{escape(href)}">{inner}</a>' if href else inner)
    return _SPACE.sub(" ", "".join(html)).strip(" ")
