"""Reading grades of English texts: Flesch–Kincaid and SMOG, with names nobody can choose left out.

Flesch–Kincaid: J. P. Kincaid, R. P. Fishburne, R. L. Rogers and B. S. Chissom, “Derivation of new readability
formulas (Automated Readability Index, Fog Count and Flesch Reading Ease Formula) for Navy enlisted
personnel”, Research Branch Report 8-75, Naval Technical Training Command, 1975.

SMOG: G. H. McLaughlin, “SMOG grading: a new readability formula”, Journal of Reading 12 (8), 1969, 639–646,
with the constants of its regression, 1.0430 and 3.1291. It predicts full understanding and so lies about two
grades above Flesch–Kincaid.

Syllables are the pieces into which pyphen's American English patterns hyphenate a word.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from math import sqrt

from pyphen import Pyphen

from monographs.rules.text_index import words_of

#: Stands for a name: one syllable, and no reader stumbles over it.
SHORT_WORD = "drug"
#: McLaughlin counts words of three syllables or more, per 30 sentences.
POLYSYLLABLE = 3
SMOG_SAMPLE = 30
#: On fewer sentences SMOG says nothing.
FEWEST_SMOG_SENTENCES = 3
#: Up to this many words are a label or the rest of an abbreviation, not a sentence.
LONGEST_FRAGMENT = 2

_PUNCTUATION = re.compile(r"[^\w\s]")
_SENTENCE = re.compile(r"\b[^.!?]+[.!?]*")
#: Stops and commas within a word, as in “0.5” or “1,000”.
_INNER = re.compile(r"[.,]")


@dataclass(frozen=True, slots=True)
class Grades:
    """US school grades. ``smog`` is 0 for fewer than three sentences, for which it is not defined."""

    flesch_kincaid: float
    smog: float

    def __str__(self) -> str:
        smog = f", SMOG {self.smog:.1f}" if self.smog else ""
        return f"Flesch–Kincaid {self.flesch_kincaid:.1f}{smog}"


class Names:
    """Names that do not count, with those of ``more``: each is measured as one short word, its plural too."""

    def __init__(self, names: Iterable[str], more: "Names | None" = None) -> None:
        self._more = more
        self._by_first: dict[str, list[tuple[str, ...]]] = {}
        for name in names:
            stems = tuple(_stem(word) for word in words_of(name))
            if stems:
                self._by_first.setdefault(stems[0], []).append(stems)
        for phrases in self._by_first.values():
            phrases.sort(key=len, reverse=True)

    def without(self, sentence: str) -> str:
        """Return ``sentence`` for measuring: names as short words, no punctuation but the last full stop."""
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
        found = self._by_first.get(stems[at], ())
        own = next((len(each) for each in found if tuple(stems[at : at + len(each)]) == each), 0)
        return max(own, self._more._length_at(stems, at)) if self._more else own


@lru_cache(maxsize=16384)
def _stem(word: str) -> str:
    word = word.lower().removesuffix("’s").removesuffix("'s")
    if word.endswith("ies") and len(word) > 4:  # noqa: PLR2004  # “dies”, “lies” stay
        return f"{word[:-3]}y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


@lru_cache(maxsize=4096)
def grades(text: str) -> Grades:
    """Return the grades of ``text``, whose names have been left out already."""
    syllables = [syllable_count(word) for word in _words(text.lower())]
    sentences = _sentence_count(text)
    return Grades(_flesch_kincaid(syllables, sentences), _smog(syllables, sentences))


def _flesch_kincaid(syllables: list[int], sentences: int) -> float:
    words = len(syllables)
    per_word = sum(syllables) / words if words else 0.0
    # Short sentences of short words give less than 0, and there is no school year before the first
    return max(0.0, 0.39 * (words / sentences) + 11.8 * per_word - 15.59)


def _smog(syllables: list[int], sentences: int) -> float:
    if sentences < FEWEST_SMOG_SENTENCES:
        return 0.0
    polysyllables = sum(count >= POLYSYLLABLE for count in syllables)
    return 1.043 * sqrt(SMOG_SAMPLE * (polysyllables / sentences)) + 3.1291


@cache
def _hyphenation() -> Pyphen:
    """English hyphenation; its patterns are read when the first word is counted, not at every start."""
    return Pyphen(lang="en_US")


@lru_cache(maxsize=16384)
def syllable_count(word: str) -> int:
    """Return the number of syllables of ``word``, which is in lower case."""
    return len(_hyphenation().positions(word)) + 1


def _words(text: str) -> list[str]:
    """The words of ``text`` without punctuation; hyphens and apostrophes join the letters beside them."""
    return _PUNCTUATION.sub("", text).split()


def _sentence_count(text: str) -> int:
    """The number of sentences of three words or more, but at least one."""
    return max(1, sum(len(_words(sentence)) > LONGEST_FRAGMENT for sentence in _SENTENCE.findall(text)))
