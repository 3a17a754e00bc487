"""Reading grades by textstat, with the names nobody can choose left out.

textstat 0.7.4 works offline; later versions fetch a corpus. It imports ``pkg_resources``, which setuptools
no longer brings, and uses it only for word lists that we never ask for; so an empty module stands in while
it is imported.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from types import ModuleType
from typing import Any

from monographs.rules.text_index import words_of


@contextmanager
def _standing_in(name: str) -> Iterator[None]:
    """An empty module ``name`` for as long as this lasts, unless there is one."""
    absent = name not in sys.modules
    if absent:
        sys.modules[name] = ModuleType(name)
    try:
        yield
    finally:
        if absent:
            del sys.modules[name]


with _standing_in("pkg_resources"):
    from textstat.textstat import textstatistics

_MEASURE: Any = textstatistics()
_MEASURE.set_rounding(False)
#: One syllable, and no reader stumbles over it.
SHORT_WORD = "drug"


@dataclass(frozen=True, slots=True)
class Grades:
    """US school grades. ``smog`` is 0 for fewer than three sentences, for which it is not defined."""

    flesch_kincaid: float
    smog: float

    def __str__(self) -> str:
        smog = f", SMOG {self.smog:.1f}" if self.smog else ""
        return f"Flesch–Kincaid {max(self.flesch_kincaid, 0):.1f}{smog}"


class Names:
    """Names that do not count: each is read as one short word, its plural too."""

    def __init__(self, names: Iterable[str]) -> None:
        self._by_first: dict[str, list[tuple[str, ...]]] = {}
        for name in names:
            stems = tuple(_stem(word) for word in words_of(name))
            if stems:
                self._by_first.setdefault(stems[0], []).append(stems)
        for phrases in self._by_first.values():
            phrases.sort(key=len, reverse=True)

    def without(self, sentence: str) -> str:
        """``sentence`` for measuring: names are short words, and only its end ends it."""
        words = words_of(sentence)
        stems = [_stem(word) for word in words]
        kept: list[str] = []
        at = 0
        while at < len(words):
            length = self._length_at(stems, at)
            kept.append(SHORT_WORD if length else _INNER.sub("", words[at]))
            at += length or 1
        return f"{' '.join(kept)}." if kept else ""

    def _length_at(self, stems: list[str], at: int) -> int:
        for phrase in self._by_first.get(stems[at], ()):
            if tuple(stems[at : at + len(phrase)]) == phrase:
                return len(phrase)
        return 0


_INNER = re.compile(r"[.,]")


@lru_cache(maxsize=16384)
def _stem(word: str) -> str:
    word = word.lower().removesuffix("’s").removesuffix("'s")
    if word.endswith("ies") and len(word) > 4:  # noqa: PLR2004  # “dies”, “lies” stay
        return f"{word[:-3]}y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


@lru_cache(maxsize=4096)
def grades(text: str) -> Grades:
    """The grades of ``text``, whose names are left out already.

    Flesch–Kincaid: Kincaid and others 1975; SMOG: McLaughlin 1969, which asks for full understanding and so
    lies about two grades above.
    """
    return Grades(float(_MEASURE.flesch_kincaid_grade(text)), float(_MEASURE.smog_index(text)))
