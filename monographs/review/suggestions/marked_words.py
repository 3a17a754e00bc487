"""The words of rich text, and their replacement with the marks around them kept."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import escape, unescape

_TAG = re.compile(r"""<(?:[^<>"']|"[^"]*"|'[^']*')*>""")
_ENTITY = re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|\w+);")
_NAME = re.compile(r"</?\s*([A-Za-z][A-Za-z0-9]*)")
#: Elements that begin and end paragraphs, items and headings.
BLOCKS = frozenset("p ul ol li h1 h2 h3 h4 h5 h6 div blockquote table tr td th hr".split())
LINE_BREAK = "br"
#: A mark without words, which goes with the last of them.
_EMPTY_MARK = re.compile(
    r"<(b|strong|i|em|a|sup|sub|u|s|span)(?:\s(?:[^<>\"']|\"[^\"]*\"|'[^']*')*)?></\1>", re.IGNORECASE
)
#: Words, spaces and single signs, by which two texts are compared.
_WORD = re.compile(r"\w+|\s+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class _Character:
    """A character of the text, and where it is in the HTML."""

    text: str
    start: int
    end: int


def _characters(html: str, start: int, end: int) -> list[_Character]:
    """Return the characters of a range of HTML; a line break is one."""
    return list(_read(html, start, end))


def _read(html: str, at: int, end: int) -> Iterator[_Character]:
    while at < end:
        if tag := _TAG.match(html, at, end):
            if _name(tag[0]) == LINE_BREAK:
                yield _Character("\n", at, tag.end())
            at = tag.end()
        elif entity := _ENTITY.match(html, at, end):
            for character in unescape(entity[0]):
                yield _Character(character, at, entity.end())
            at = entity.end()
        else:
            yield _Character(html[at], at, at + 1)
            at += 1


def _name(tag: str) -> str:
    found = _NAME.match(tag)
    return found[1].lower() if found else ""


def paragraphs(html: str) -> Iterator[tuple[int, int, str]]:
    """Yield start and end in ``html`` and the words of each paragraph, item and heading that has any."""
    start = 0
    for tag in [*_TAG.finditer(html), None]:
        if tag is not None and _name(tag[0]) not in BLOCKS:
            continue
        end = tag.start() if tag else len(html)
        words = "".join(character.text for character in _characters(html, start, end))
        if words.strip():
            yield start, end, words
        start = tag.end() if tag else end


def changed_ranges(old: str, new: str) -> list[tuple[int, int, str]]:
    """Return start and end in ``old`` and the new words of each change, word by word, in order."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    offsets = [0]
    for word in before:
        offsets.append(offsets[-1] + len(word))
    found = []
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            found.append((offsets[i1], offsets[i2], "".join(after[j1:j2])))
    return found


def smallest_change(old: str, new: str) -> tuple[int, int, str]:
    """Return start and end in ``old``, and the words in their place, of the shortest change to ``new``.

    It begins and ends between words. (0, 0, "") if both are the same.
    """
    ranges = changed_ranges(old, new)
    if not ranges:
        return 0, 0, ""
    start, end = ranges[0][0], ranges[-1][1]
    return start, end, new[start : len(new) - (len(old) - end)]


def replace_words(html: str, span: tuple[int, int], start: int, end: int, words: str) -> str:
    """Return ``html`` with ``words`` in place of characters ``start`` to ``end`` of the paragraph ``span``.

    Words that both have keep their marks; new ones have those of the first word they replace. Words that are
    inserted between two marks have those that both sides have. ``words`` is text, not markup.
    """
    characters = _characters(html, *span)
    old = "".join(character.text for character in characters[start:end])
    before, rest = html[: span[0]], html[span[1] :]
    for first, last, new in reversed(changed_ranges(old, words)):
        html = _replace(html, span, characters, start + first, start + last, new)
    return before + _without_empty_marks(html[len(before) : len(html) - len(rest)]) + rest


def _replace(
    html: str, span: tuple[int, int], characters: list[_Character], start: int, end: int, words: str
) -> str:
    markup = escape(words, quote=False).replace("\n", "<br/>")
    # An entity can stand for two characters
    removed = list(dict.fromkeys((each.start, each.end) for each in characters[start:end]))
    if not removed:
        at = _gap(html, span, characters, start)
        return html[:at] + markup + html[at:]
    (first, last), *others = removed
    for begin, stop in reversed(others):
        html = html[:begin] + html[stop:]
    return html[:first] + markup + html[last:]


def _without_empty_marks(html: str) -> str:
    count = 1
    while count:
        html, count = _EMPTY_MARK.subn("", html)
    return html


def _gap(html: str, span: tuple[int, int], characters: list[_Character], at: int) -> int:
    """Return where words before character ``at`` are inserted: where the fewest marks are open."""
    first = characters[at - 1].end if at else span[0]
    last = characters[at].start if at < len(characters) else span[1]
    best, depth, lowest = first, 0, 0
    for tag in _TAG.finditer(html, first, last):
        depth += -1 if tag[0].startswith("</") else 1
        if depth < lowest:
            best, lowest = tag.end(), depth
    return best
