"""Parse the lines below a heading into paragraphs, lists and subheadings. No word is dropped."""

import re

from monographs.document import SectionType
from monographs.imports.headings import markdown_heading
from monographs.imports.parsed_text import Block, ListItem, ParsedList, ParsedParagraph, Subheading
from monographs.imports.text_tables import table, table_at

_BULLET = re.compile(r"^(?P<indent>\s*)(?:[•‣◦▪●○·]\s*|[-*+–—](?:\s+|$))(?P<text>.*)$")
_NUMBERED = re.compile(r"^(?P<indent>\s*)(?P<number>\d{1,3})[.)]\s+(?P<text>\S.*)$")
_RULE = re.compile(r"\s*([-=_*])(?:\s*\1){2,}\s*")
#: A line that begins the serious part of the side effects.
SERIOUS_START = re.compile(r"(?:more |rare but |rare and |less common but )?serious\b", re.IGNORECASE)
_FINISHED = re.compile(r"[.!?:;][\"'”’)\]*_]*$")
_ENDED = re.compile(r"[.!?:][\"'”’)\]*_]*$")
#: Characters. Lines are not wrapped at a larger width, so a longer one is a paragraph by itself.
_WRAP = 160
#: Characters. A bullet of a full line may continue on the next one.
_FULL_LINE = 60
#: Spaces by which a bullet is indented below its parent.
_STEP = 2
#: The deepest nesting of lists that the editor shows.
DEEPEST = 4


class BodyReader:
    """Parser for the lines of one section."""

    def __init__(self, section: SectionType, *, markdown: bool) -> None:
        self.section = section
        self.markdown = markdown
        self.blocks: list[Block] = []
        self._words: list[str] = []  # lines of the open paragraph
        self._items: list[ListItem] = []  # items of the open list
        self._indents: list[int] = []  # indents of the open list, outermost first
        self._numbers: list[int] = []  # last number at each depth, 0 for bullets
        self._after_blank = True

    def read(self, lines: list[str]) -> list[Block]:
        """Return the blocks of ``lines``."""
        n = 0
        while n < len(lines):
            end = table_at(lines, n)
            if end > n:
                self._close()
                self._add(table(lines[n:end]))
                self._after_blank = True
            else:
                self._read(lines[n].expandtabs(4).rstrip())
            n = max(end, n + 1)
        self._close()
        return self.blocks

    def _read(self, line: str) -> None:
        if self.markdown:
            line = re.sub(r"^\s{0,3}(?:>\s?)+", "", line)
        if not line.strip():
            self._close_paragraph()
            self._after_blank = True
            return
        if _RULE.fullmatch(line):
            self._read_rule(line)
        elif (title := markdown_heading(line)) is not None:
            self._close()
            self._add(Subheading(title.strip("*_ ")))
        elif not self._read_item(line):
            self._read_words(line)
        self._after_blank = False

    def _read_rule(self, line: str) -> None:
        """A rule below a single line makes it a heading (Markdown); anywhere else it only ends a block."""
        if self._words and len(self._words) == 1 and line.strip()[0] in "=-" and not self._items:
            self._add(Subheading(self._words.pop()))
        self._close()

    def _read_item(self, line: str) -> bool:
        bullet = _BULLET.match(line)
        if bullet and (line.lstrip()[0] not in "+–—" or not self._words):
            self._item(bullet["text"].strip(), len(bullet["indent"]), number=0)
            return True
        numbered = _NUMBERED.match(line)
        if numbered and self._is_next_number(int(numbered["number"]), len(numbered["indent"])):
            self._item(numbered["text"].strip(), len(numbered["indent"]), number=int(numbered["number"]))
            return True
        return False

    def _is_next_number(self, number: int, indent: int) -> bool:
        """Whether ``number`` numbers an item here; any other number is part of the text."""
        depth = self._depth(indent)
        if self._items and depth < len(self._numbers) and self._numbers[depth]:
            return number == self._numbers[depth] + 1
        return number == 1 and (not self._words or bool(_FINISHED.search(self._words[-1])))

    def _depth(self, indent: int) -> int:
        return min(DEEPEST, sum(1 for known in self._indents if indent >= known + _STEP))

    def _item(self, text: str, indent: int, *, number: int) -> None:
        self._close_paragraph()
        depth = self._depth(indent)
        same_kind = depth >= len(self._numbers) or bool(self._numbers[depth]) == bool(number)
        if self._items and not same_kind and depth == 0:
            self._close_list()
        del self._indents[depth:], self._numbers[depth:]
        self._indents.append(indent)
        self._numbers.append(number)
        self._items.append(ListItem(text, ordered=number > 0, depth=depth))

    def _read_words(self, line: str) -> None:
        words = line.strip()
        if self._items and not self._words:
            if self._continues_item(line):
                last = self._items[-1]
                last.text = f"{last.text} {words}".strip()
                return
            self._close_list()
        if self._words and self._paragraph_ended(words):
            self._close_paragraph()
        if self._is_question(words):
            self._close_paragraph()
            self._add(Subheading(words.strip("*_ ")))
            return
        self._words.append(words)

    def _continues_item(self, line: str) -> bool:
        last = self._items[-1].text
        if not last:
            return True  # a bullet on a line of its own, with its text below
        if self._after_blank or self._begins_serious(line.strip()):
            return False
        indent = len(line) - len(line.lstrip())
        if indent >= self._indents[-1] + _STEP:
            return True
        may_continue = line.strip()[0].islower() or len(last) > _FULL_LINE
        return may_continue and not _FINISHED.search(last)

    def _paragraph_ended(self, words: str) -> bool:
        last = self._words[-1]
        if not _ENDED.search(last):
            return False
        return len(last) > _WRAP or self._begins_serious(words)

    def _begins_serious(self, words: str) -> bool:
        return self.section == SectionType.COMMON_SIDE_EFFECTS and begins_serious(words)

    def _is_question(self, words: str) -> bool:
        """Whether ``words`` is a question on its own line, in the section on common questions."""
        if self.section != SectionType.COMMON_QUESTIONS or not words.rstrip("*_ ").endswith("?"):
            return False
        in_answer = bool(self._words) and not _ENDED.search(self._words[-1])
        return not in_answer and len(words) <= _WRAP

    def _add(self, block: Block) -> None:
        self.blocks.append(block)

    def _close(self) -> None:
        self._close_paragraph()
        self._close_list()

    def _close_paragraph(self) -> None:
        if self._words:
            self._close_list()
            self._add(ParsedParagraph(" ".join(self._words)))
            self._words = []

    def _close_list(self) -> None:
        items = [item for item in self._items if item.text]
        if items:
            self._add(ParsedList(items))
        self._items, self._indents, self._numbers = [], [], []


def is_list_item(line: str) -> bool:
    """Whether a line is a bullet or a numbered item."""
    return bool(_BULLET.match(line) or _NUMBERED.match(line))


def begins_serious(words: str) -> bool:
    """Whether words open the part on serious side effects."""
    return bool(SERIOUS_START.match(words.lstrip("*_ ")))
