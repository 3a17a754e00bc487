"""The nesting of list items by their indents, and the numbers that a draft shows before them."""

from dataclasses import dataclass, field

from monographs.imports.remarks import Remark, RemarkKind
from monographs.imports.word.word_numbering import ListLabel, number_text

#: Twentieths of a point. Items whose indents differ less are on one level.
_STEP = 60
#: What a level is indented by in Word unless the file says otherwise (half an inch).
_LEVEL = 720
_FORMATS = ("decimal", "lowerLetter", "upperLetter", "lowerRoman", "upperRoman", "decimalZero")
_RENUMBERED = "Word numbers this item “{label}”, the draft “{number}”. Write the number in the text if others refer to it."


@dataclass(slots=True)
class ItemDepths:
    """The indents of the open list, outermost first."""

    _indents: list[int] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Whether a list is being read."""
        return bool(self._indents)

    def depth_of(self, indent: int | None, level: int) -> int:
        """Return the depth of an item by its indent; by its level in the numbering where that has none."""
        here = level * _LEVEL if indent is None else indent + level
        while self._indents and self._indents[-1] >= here + _STEP:
            self._indents.pop()
        if not self._indents or here >= self._indents[-1] + _STEP:
            self._indents.append(here)
        return len(self._indents) - 1

    def end(self) -> None:
        """End the list."""
        self._indents = []


@dataclass(slots=True)
class ItemCounter:
    """The numbers of the open list as the draft shows them, by depth."""

    _counts: dict[int, int] = field(default_factory=dict)
    _told: bool = False

    def end(self) -> None:
        """End the list."""
        self._counts, self._told = {}, False

    @staticmethod
    def words_of(label: ListLabel) -> str:
        """Return a label with words, like “Day 1”, which a numbered list cannot show; else nothing."""
        pieces = label.level.text.split("%")
        fixed = pieces[0] + "".join(piece[1:] for piece in pieces[1:])
        return label.text.strip() if any(char.isalnum() for char in fixed) else ""

    def count(self, label: ListLabel, depth: int) -> Remark | None:
        """Count an item. Return a remark where Word shows another number than the draft will."""
        self._counts = {at: n for at, n in self._counts.items() if at <= depth}
        self._counts[depth] = self._counts.get(depth, 0) + 1
        number = self._counts[depth]
        path = [str(self._counts[at]) for at in sorted(self._counts)]
        shown = "".join(char if char.isalnum() else " " for char in label.text).split()
        last = shown[-1:] if len(shown) <= 1 or shown[:-1] == path[:-1] else shown
        if not shown or last in [[number_text(number, form)] for form in _FORMATS]:
            return None
        message = _RENUMBERED.format(label=label.text, number=number)
        return Remark(RemarkKind.CHANGED, message, label.text, result=str(number))
