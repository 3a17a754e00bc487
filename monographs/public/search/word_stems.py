"""Stems of English words, so that *capsules* and *capsule* are the same word.

Coarse: it only decides whether a passage has the words of a question that no topic knows.
"""

import re
from functools import lru_cache

_ENDINGS = re.compile(r"(?:ations?|ings?|ies|ied|edly|ers?|est|ed|es|ly|s|e|y)$")
#: Letters that are left of a word at least.
_MIN_STEM = 3


def stems(words: str) -> frozenset[str]:
    """Return the stems of plain words."""
    return frozenset(map(_stem, words.split()))


@lru_cache(maxsize=1 << 14)
def _stem(word: str) -> str:
    ending = _ENDINGS.search(word)
    stem = word[: ending.start()] if ending and ending.start() >= _MIN_STEM else word
    return stem[:-1] if len(stem) > _MIN_STEM and stem[-1] == stem[-2] else stem
