"""Parse the lines below a heading into paragraphs, lists, tables and subheadings. No word is dropped."""

import re
from dataclasses import dataclass, field

from monographs.document import SectionType
from monographs.imports.headings import HEADING_MESSAGE, looks_like_heading, markdown_heading
from monographs.imports.list_depth import ListMarkers, ListNesting
from monographs.imports.list_markers import ListMarker, counts_on, list_marker
from monographs.imports.parsed_text import Block, ListItem, ParsedList, ParsedParagraph, Subheading
from monographs.imports.remarks import Remark, RemarkKind
from monographs.imports.text_tables import table_at

_RULE = re.compile(r"\s*([-=_*])(?:\s*\1){2,}\s*")
#: A line that begins the serious part of the side effects.
SERIOUS_START = re.compile(r"(?:more |rare but |rare and |less common but )?serious\b", re.IGNORECASE)
_FINISHED = re.compile(r"[.!?:;][\"'”’)\]*_]*$")
_ENDED = re.compile(r"[.!?:][\"'”’)\]*_]*$")
#: A quotation in Markdown; before a number “>” is a sign.
_QUOTATION = re.compile(r"^\s{0,3}(?:>\s?(?![\s>]*[.,]?\d))+")
#: A star that refers to a note: “5 mg*”.
_REFERENCE = re.compile(r"\w\*(?!\w|\*)")
_HYPHENATED = re.compile(r"[^\W\d_][-\u2010]$")
#: Words after which a hyphen is not that of a broken word: “pre- and post-”.
_SUSPENDED = re.compile(r"(?:and|or|to|und|but)\b", re.IGNORECASE)
#: Characters. Lines are not wrapped at a larger width, so a longer one is a paragraph by itself.
_WRAP = 160
#: Characters. A bullet of a full line may continue on the next one.
_FULL_LINE = 60
_SIGN_MESSAGE = (
    "This line begins with a sign that may be a bullet or belong to the number after it. It was kept as text."
)
_HYPHEN_MESSAGE = "A line ended with this hyphen. It was kept: delete it if the word was only broken there."
_EMPTY_MESSAGE = "Items without words were left out."
_BREAK_MESSAGE = "A line ended between these two numbers. They were kept apart, as two paragraphs."


@dataclass(slots=True)
class ReadBlock:
    """A block, and the indexes of the lines that it was made of."""

    block: Block
    lines: list[int] = field(default_factory=list)


class BodyReader:
    """Parser for the lines of one section."""

    def __init__(self, section: SectionType, *, markdown: bool) -> None:
        self.section = section
        self.markdown = markdown
        self.found: list[ReadBlock] = []
        self._lines: list[str] = []
        self._markers = ListMarkers(())
        self._refers = False  # a star refers to a note
        self._at = 0
        self._words: list[str] = []  # lines of the open paragraph
        self._items: list[ListItem] = []  # items of the open list
        self._levels = ListNesting()
        self._styles: set[str] = set()  # of the open list
        self._used: list[int] = []  # lines of the open block
        self._remarks: list[Remark] = []  # of the open block
        self._after_blank = True

    def read(self, lines: list[str]) -> list[ReadBlock]:
        """Return the blocks of ``lines``."""
        self._lines = lines
        self._markers = ListMarkers(
            (n, marker) for n, line in enumerate(lines) if (marker := list_marker(line))
        )
        self._levels = ListNesting(self._markers)
        self._refers = any(_REFERENCE.search(line) for line in lines)
        while self._at < len(lines):
            table = table_at(lines, self._at)
            if table:
                self._close()
                self.found.append(ReadBlock(table.block, list(range(self._at, table.end))))
                self._after_blank = True
                self._at = table.end
            else:
                self._read(lines[self._at].expandtabs(4).rstrip())
                self._at += 1
        self._close()
        return self.found

    def _read(self, line: str) -> None:
        if self.markdown:
            line = _QUOTATION.sub("", line).removesuffix("\\")
        if not line.strip():
            self._close_paragraph()
            self._after_blank = True
            return
        if _RULE.fullmatch(line):
            self._read_rule(line)
        elif self.markdown and (title := markdown_heading(line)) is not None:
            self._close()
            self._used.append(self._at)
            self._add(Subheading(_unwrapped(title)))
        elif not self._read_item():
            self._read_words(line)
        self._after_blank = False

    def _read_rule(self, line: str) -> None:
        """A rule below a single line makes it a heading (Markdown); anywhere else it only ends a block."""
        if self._words and len(self._words) == 1 and line.strip()[0] in "=-" and not self._items:
            self._add(Subheading(self._words.pop()))
        self._close()

    def _read_item(self) -> bool:
        marker = list_marker(self._lines[self._at])
        if marker is None or (marker.mark in "+–—" and self._words):
            return False
        if marker.needs_neighbour and not self._has_neighbour(marker):
            if marker.text[:1].isdigit():
                self._close()
                self._remarks.append(Remark(RemarkKind.UNSURE, _SIGN_MESSAGE, self._lines[self._at].strip()))
            return False
        style = self._levels.style_of(marker, self._at)
        if style is None or (self._words and not marker.is_bullet and not _FINISHED.search(self._words[-1])):
            return False
        self._close_paragraph()
        depth = self._levels.depth_of(marker, style, self._at)
        if depth is None:
            self._close_list()
            depth = self._levels.depth_of(marker, style, self._at) or 0
        self._used.append(self._at)
        self._styles.add(style)
        self._items.append(ListItem(marker.text, ordered=not marker.is_bullet, depth=depth))
        return True

    def _has_neighbour(self, marker: ListMarker) -> bool:
        """Whether the item before or after, with at most a blank line or a wrapped line between, is alike."""
        refers = marker.mark == "*" and self._refers
        usual = marker.mark == "*" or (marker.mark == "+" and self.markdown)
        if usual and not marker.text[:1].isdigit() and not refers:
            return True
        near = (self._at + n for n in (-2, -1, 1, 2))
        return self._markers.has_mark(marker.mark, near)

    def _read_words(self, line: str) -> None:
        words = line.strip()
        if self._items and not self._words:
            if self._continues_item(line):
                self._used.append(self._at)
                last = self._items[-1]
                last.text = self._joined(last.text, words)
                return
            self._close_list()
        if self._words and self._paragraph_ended(words):
            self._close_paragraph()
        if self._is_question(words):
            self._close_paragraph()
            self._used.append(self._at)
            self._add(Subheading(words.strip("*_ ")))
            return
        if self._stands_as_heading(words):
            self._close_paragraph()
            self._used.append(self._at)
            self._add(ParsedParagraph(words, remarks=[Remark(RemarkKind.UNSURE, HEADING_MESSAGE, words)]))
            return
        self._used.append(self._at)
        self._words.append(words)

    def _stands_as_heading(self, words: str) -> bool:
        if self._words or (not self._after_blank and self._at > 0):
            return False
        below = self._lines[self._at + 1].strip() if self._at + 1 < len(self._lines) else ""
        if counts_on(words, below):
            return False
        return looks_like_heading(words, followed_by=below)

    def _continues_item(self, line: str) -> bool:
        last = self._items[-1].text
        if not last:
            return True  # a bullet on a line of its own, with its text below
        if self._after_blank or self._begins_serious(line.strip()):
            return False
        if last[-1].isdigit() and line.strip()[0].isdigit():
            return False
        indent = len(line) - len(line.lstrip())
        if indent > self._levels.indent:
            return True
        may_continue = line.strip()[0].islower() or len(last) > _FULL_LINE
        return may_continue and not _FINISHED.search(last[-_WRAP:])

    def _paragraph_ended(self, words: str) -> bool:
        last = self._words[-1]
        if counts_on(self._words[0], words):  # a list that does not begin at 1: its numbers stay in the text
            return True
        if last[-1].isdigit() and words[0].isdigit():
            self._remarks.append(Remark(RemarkKind.UNSURE, _BREAK_MESSAGE, f"{last[-40:]} / {words[:40]}"))
            return True
        if not _ENDED.search(last):
            return False
        return len(last) > _WRAP or self._begins_serious(words)

    def _joined(self, above: str, words: str) -> str:
        """Return two lines as one text; a word that is broken by a hyphen stays one word."""
        if above and _HYPHENATED.search(above[-2:]) and words[0].isalpha() and not _SUSPENDED.match(words):
            whole = f"{above[-_WRAP:].rsplit(maxsplit=1)[-1]}{words.split(maxsplit=1)[0]}"
            self._remarks.append(Remark(RemarkKind.UNSURE, _HYPHEN_MESSAGE, whole))
            return f"{above}{words}"
        return f"{above} {words}".strip()

    def _begins_serious(self, words: str) -> bool:
        return self.section == SectionType.COMMON_SIDE_EFFECTS and begins_serious(words)

    def _is_question(self, words: str) -> bool:
        """Whether ``words`` is a question on its own line, in the section on common questions."""
        if self.section != SectionType.COMMON_QUESTIONS or not words.rstrip("*_ ").endswith("?"):
            return False
        in_answer = bool(self._words) and not _ENDED.search(self._words[-1])
        return not in_answer and len(words) <= _WRAP

    def _add(self, block: Block) -> None:
        block.remarks += self._remarks
        self.found.append(ReadBlock(block, self._used))
        self._used, self._remarks = [], []

    def _close(self) -> None:
        self._close_paragraph()
        self._close_list()

    def _close_paragraph(self) -> None:
        if self._words:
            lines, self._words = self._words, []
            text = ""
            for words in lines:
                text = self._joined(text, words)
            self._add(ParsedParagraph(text))

    def _close_list(self) -> None:
        items = [item for item in self._items if item.text]
        if len(items) < len(self._items):
            marks = [self._lines[n].strip() for n in self._used]
            empty = " ".join(mark for mark in marks if (found := list_marker(mark)) and not found.text)
            self._remarks.append(Remark(RemarkKind.OMITTED, _EMPTY_MESSAGE, empty))
        lettered = [style for style in self._styles if "letter" in style or "roman" in style]
        if items:
            if lettered:
                self._remarks.append(_renumbered(self._lines, self._used))
            self._add(ParsedList(items))
        elif self._items:
            self._words = [" ".join(self._lines[n].strip() for n in self._used)]
            self._items, self._remarks = [], []
            self._close_paragraph()
        self._items, self._styles = [], set()
        self._levels.clear()


def _unwrapped(title: str) -> str:
    """Return a heading without emphasis of all of it."""
    match = re.fullmatch(r"(\*\*|__|\*|_)([^*_]+)\1", title.strip())
    return match[2] if match else title.strip()


def _renumbered(lines: list[str], used: list[int]) -> Remark:
    """Say that letters and Roman numerals became numbers, as a text may refer to them."""
    marks = [marker.mark for n in used if (marker := list_marker(lines[n])) and not marker.is_bullet]
    return Remark(
        RemarkKind.CHANGED,
        "The items of this list are numbered 1, 2, 3 on the page. Check texts that refer to their letters.",
        " ".join(marks),
    )


def begins_serious(words: str) -> bool:
    """Whether words open the part on serious side effects."""
    return bool(SERIOUS_START.match(words.lstrip("*_ ")))
