"""Characters without a picture: where they mean nothing, and where they may mean something."""

import re
import unicodedata
from functools import lru_cache

from monographs.core.character_names import is_unseen

#: Controls of direction that change nothing in a text of letters that run from left to right.
_LEFT_TO_RIGHT = frozenset("\u200e\u202a\u202c\u2066\u2069")
#: Those that make the text look different from what it says.
_DIRECTION = frozenset("\u200f\u061c\u202b\u202d\u202e\u2067\u2068")
#: Tags (U+E0000 to U+E007F) spell hidden words; annotations, fillers and shorthand stand for something.
_HIDDEN_WORDS = re.compile(
    "[\U000e0000-\U000e007f\ufff0-\ufffc\u115f\u1160\u3164\uffa0\u2800\u17b4\u17b5\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a]"
)
#: Joiners have a meaning in scripts that connect letters.
_JOINERS = frozenset("\u200c\u200d")
_SOFT_HYPHEN = "\xad"
_CHECKED = frozenset({"Cf", "Mn"})


def _may_be_ignored(char: str) -> bool:
    """Whether Unicode lets programs ignore ``char`` (Default_Ignorable_Code_Point), and it is no letter."""
    return is_unseen(char) and unicodedata.category(char) in _CHECKED and not _is_mark(char)


def _is_mark(char: str) -> bool:
    """Whether ``char`` is a mark that is seen on the letter before it; variation selectors are not."""
    return unicodedata.combining(char) != 0


@lru_cache(maxsize=8192)
def is_ignorable(char: str) -> bool:
    """Whether ``char`` is a format character, a joiner or a variation selector."""
    return _may_be_ignored(char) and not (
        unicodedata.category(char) == "Mn" and not _is_selector(char) and char != "\u034f"
    )


def _is_selector(char: str) -> bool:
    return (
        "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef" or "\u180b" <= char <= "\u180f"
    )


def is_blank_letter(char: str) -> bool:
    """Whether ``char`` is a letter or sign that is drawn as a space."""
    return char in "\u115f\u1160\u3164\uffa0\u2800\u17b4\u17b5"


def _is_numeric(char: str) -> bool:
    return char.isnumeric() or char.isdigit()


def meaningless_unseen(text: str) -> list[tuple[int, int]]:
    """Return start and end of each run of ignorable characters that can go without a change of meaning."""
    found: list[tuple[int, int]] = []
    for line_start, line in _lines(text):
        directed = any(c in _DIRECTION or unicodedata.bidirectional(c) in {"R", "AL", "AN"} for c in line)
        for start, end in _runs(line):
            if not directed_run(line[start:end], directed=directed) and _stands_free(line, start, end):
                found += [(line_start + n, line_start + n + 1) for n in range(start, end)]
    return found


def directed_run(run: str, *, directed: bool) -> bool:
    """Whether a run holds hidden words, or controls of a direction that matters."""
    if _HIDDEN_WORDS.search(run):
        return True
    return any(c in _DIRECTION or (directed and c in _LEFT_TO_RIGHT) for c in run)


def _lines(text: str) -> list[tuple[int, str]]:
    found, start = [], 0
    for line in text.split("\n"):
        found.append((start, line))
        start += len(line) + 1
    return found


def _runs(line: str) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for n, char in enumerate(line):
        if char.isascii() or not is_ignorable(char):
            continue
        if runs and runs[-1][1] == n:
            runs[-1] = (runs[-1][0], n + 1)
        else:
            runs.append((n, n + 1))
    return runs


def _stands_free(line: str, start: int, end: int) -> bool:
    """Whether the characters on both sides mean the same without what is between them."""
    before, after, run = line[max(0, start - 1) : start], line[end : end + 1], line[start:end]
    if not before or before.isspace():
        return not (_SOFT_HYPHEN in run and _is_numeric(after))  # it may be a minus
    if not after or after.isspace():
        return bool(after) or _SOFT_HYPHEN not in run  # the word may go on in the next line
    if _is_numeric(before) or _is_numeric(after):
        return False
    if any(c in _JOINERS for c in run):
        return _joins_nothing(before) and _joins_nothing(after)
    return True


def _joins_nothing(char: str) -> bool:
    """Whether a joiner beside ``char`` is an accident: letters of Latin, Greek and Cyrillic stand alone."""
    if not char.isalpha():
        return char.isascii() or unicodedata.category(char)[0] == "P"
    return unicodedata.name(char, "").split(" ")[0] in {"LATIN", "GREEK", "CYRILLIC", "MICRO"}
