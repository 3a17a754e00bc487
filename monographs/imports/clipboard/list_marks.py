"""Lists that programs write as paragraphs with a mark in front: Word, Outlook, PDF viewers, typed bullets."""

import re
from dataclasses import dataclass

from monographs.imports.clipboard.elements import Element
from monographs.imports.clipboard.looks import length
from monographs.imports.clipboard.runs import StyledRun
from monographs.imports.clipboard.stylesheets import StyleSheet
from monographs.imports.symbol_fonts import is_private, symbol

_MSO_LIST = re.compile(r"(l\d+)\s+level(\d)\s+lfo\d+")
_NUMBER = re.compile(r"[(\[]?(?:\d{1,3}(?:\.\d{1,3})*|[a-z]|[ivxlcdm]{1,7})[.)\]:]?\s*", re.IGNORECASE)
#: Fonts whose letters show something else: every font of dingbats, whether its characters are known or not.
_SYMBOL_FONTS = ("symbol", "wingdings", "webdings", "zapf dingbats", "marlett", "mt extra")
_TYPED_BULLET = re.compile(
    r"^[\s\u00a0]*(?:[•‣◦▪▫●○∙\u2043⦁⦾■□➢➤➔►▶▸❖✓✔\uf0b7\uf0a7\uf0d8\uf0fc\uf076\uf02d][\s\u00a0]*"
    r"|·[\s\u00a0]+|o[\u00a0\t][\s\u00a0]*)(?=\S)"
)
#: Pixels by which a level of a list is indented: half an inch in Word, less elsewhere.
_INDENT = 24.0
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class ListMark:
    """What stands before an item: its level, and its number where items are numbered."""

    depth: int
    ordered: bool
    label: str = ""
    list_id: str = ""

    @property
    def number(self) -> int | None:
        """The number that its label says; None for a bullet, letters of more than one, and "1.2"."""
        label = self.label.strip("()[].: ").lower()
        if label.isdecimal():
            return int(label)
        return _LETTERS.index(label) + 1 if len(label) == 1 and label in _LETTERS else None


def word_mark(element: Element, style: dict[str, str], sheet: StyleSheet) -> ListMark | None:
    """Return the mark of a paragraph that Word numbers; None for other paragraphs."""
    match = _MSO_LIST.search(style.get("mso-list", ""))
    if match is None:
        return None
    label = next(
        (_label(inner) for inner in element.walk() if "mso-list:ignore" in _compact(inner)),
        _level_text(match, sheet),
    )
    return ListMark(int(match[2]) - 1, _is_number(label), label, match[1])


def _compact(element: Element) -> str:
    return element.attrs.get("style", "").replace(" ", "").lower()


def _label(element: Element) -> str:
    return element.text().strip("\u00a0 ")


def _is_number(label: str) -> bool:
    # Word's second bullet is the letter "o" without a full stop
    return label != "o" and bool(_NUMBER.fullmatch(label)) and (len(label) > 1 or label.isdecimal())


def _level_text(match: re.Match[str], sheet: StyleSheet) -> str:
    level = sheet.levels.get(f"{match[1]}:level{match[2]}", {})
    return "" if level.get("mso-level-number-format", "bullet") in {"bullet", "image"} else "1."


def outlook_mark(element: Element, style: dict[str, str]) -> tuple[ListMark, Element] | None:
    """Return the mark of an item that lost its conditional comments, and the element that shows the mark.

    It is the first words of a paragraph with a hanging indent, followed by a span of tiny spaces.
    """
    first = next((c for c in element.children if not (isinstance(c, str) and not c.strip())), None)
    hanging = (length(style.get("text-indent", "")) or 0) < 0
    listed = any(name.lower().startswith("msolistparagraph") for name in element.classes)
    if not isinstance(first, Element) or first.tag != "span" or not (hanging or listed):
        return None
    spacer = next(
        (e for e in first.walk() if e.tag == "span" and "7pt" in _compact(e).replace("7.0", "7")), None
    )
    if spacer is None or spacer.text().strip("\u00a0 "):
        return None
    indent = length(style.get("margin-left", "")) or 0
    label = _label(first)
    return ListMark(max(0, round(indent / 48) - 1), _is_number(label), label), first


def item_depth(element: Element, depth: int) -> int:
    """Return the level of ``<li>``: as an attribute states it, else how many lists it is in."""
    for name in ("data-aria-level", "aria-level"):
        level = element.attrs.get(name, "")
        if level.isdecimal() and 0 < int(level) <= 9:  # noqa: PLR2004  # as many as Word has
            return max(depth, int(level) - 1)
    return depth


def without_bullet(runs: list[StyledRun]) -> list[StyledRun] | None:
    """Return the runs after a typed bullet; None where there is none."""
    words = "".join("\n" if run.ends_line else run.words for run in runs)
    match = _TYPED_BULLET.match(words)
    if match is None:
        return None
    left, found = match.end(), []
    for run in runs:
        found.append(StyledRun(run.words[left:], run.look, run.ends_line, run.gap))
        left = max(0, left - len(run.words) - run.ends_line)
    return found


def shown(words: str, font: str) -> tuple[str, bool]:
    """Return what ``words`` show in ``font``, and whether that is certain."""
    if not font.startswith(_SYMBOL_FONTS):
        return words, True
    seen = [(char, symbol(font, char)) for char in words]
    known = all(drawn is not None or not (char.isalnum() or is_private(char)) for char, drawn in seen)
    return "".join(char if drawn is None else drawn for char, drawn in seen), known
