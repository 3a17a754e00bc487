"""Letters that look like others: a Cyrillic letter in a Latin word, a whole word in other letters."""

import re
import unicodedata
from functools import lru_cache

from monographs.core.sign_in_names import looks_like
from monographs.core.visible_text import visible

_WORD = re.compile(r"[^\W\d_]+")
#: Greek letters that medicine uses beside Latin ones and that look like none (alpha, mu in micrograms).
_GREEK_SYMBOLS = frozenset("αβγδεζηθκλμπσςτφχψωΓΔΘΛΞΠΣΦΨΩ")
#: Latin letters that are made to look like another one: phonetic signs, the dotless i, the long s.
_PHONETIC = re.compile("[\u0131\u017f\u0180-\u024f\u0250-\u02af\u1d00-\u1dbf\ua720-\ua7ff\uab30-\uab6f]")
#: What may stand between words of one run.
_BETWEEN_WORDS = re.compile(r"[^\w\n]*")
_OWN_SCRIPTS = frozenset({"LATIN", "GREEK", "MICRO", "OHM", "KELVIN", "ANGSTROM", "FEMININE", "MASCULINE"})


@lru_cache(maxsize=4096)
def _script(char: str) -> str:
    return unicodedata.name(char, "UNNAMED").split(" ")[0]


def lookalikes_in(text: str) -> list[tuple[int, int]]:
    """Return start and end of each letter that can be taken for a Latin one."""
    found: list[tuple[int, int]] = []
    for match in _WORD.finditer(text):
        word = match[0]
        if word.isascii():
            continue
        foreign = [n for n, char in enumerate(word) if not char.isascii() and _is_foreign(char)]
        if foreign and (_has_latin(word) or all(looks_like(char) for char in word)):
            found += [(match.start() + n, match.start() + n + 1) for n in foreign]
    return found


def other_script_words(text: str) -> list[tuple[int, int]]:
    """Return start and end of each run of words in one line whose letters are neither Latin nor Greek."""
    runs: list[tuple[int, int]] = []
    for match in _WORD.finditer(text):
        if not _is_other_script(match[0]):
            continue
        start, end = match.span()
        if runs and _BETWEEN_WORDS.fullmatch(text, runs[-1][1], start):
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((start, end))
    return runs


def _is_other_script(word: str) -> bool:
    if word.isascii() or _has_latin(word) or all(looks_like(char) for char in word):
        return False
    return any(char.isalpha() and visible(char) and _script(char) not in _OWN_SCRIPTS for char in word)


def _is_foreign(char: str) -> bool:
    script = _script(char)
    if not char.isalpha():
        return False  # raised digits and fractions
    if script == "GREEK":
        return char not in _GREEK_SYMBOLS
    return script not in _OWN_SCRIPTS or (_PHONETIC.match(char) is not None and looks_like(char))


def _has_latin(word: str) -> bool:
    return any(char.isascii() or _script(char) == "LATIN" for char in word)
