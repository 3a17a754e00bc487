"""Phrases that people write or that texts contain, as patterns of words.

A phrase is a row of words in lower case, without apostrophes and accents. In it,

- ``a|b`` is one word or the other, and ``word*`` a word that begins so;
- ``...`` stands for up to five words;
- ``{name}`` is one word of the list ``name``.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping

#: The words that ``...`` stands for, at most.
MAX_GAP = 5
_APOSTROPHES = re.compile("['\u2018\u2019\u02bc`\u00b4]")
_NO_WORD = re.compile(r"[^a-z0-9]+")
_NEVER = re.compile(r"(?!)")


def plain_words(text: str) -> str:
    """Return the words of ``text`` in lower case, with one space between them and nothing else."""
    plain = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text)).casefold()
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    return _NO_WORD.sub(" ", letters).strip()


def phrase_pattern(
    phrases: Iterable[str], lists: Mapping[str, Iterable[str]] | None = None
) -> re.Pattern[str]:
    """Return the pattern that finds any of ``phrases`` in what ``plain_words`` returns; longer ones first."""
    alternatives = [_phrase(phrase, lists or {}) for phrase in sorted(phrases, key=len, reverse=True)]
    return re.compile(rf"\b(?:{'|'.join(alternatives)})\b") if alternatives else _NEVER


def _phrase(phrase: str, lists: Mapping[str, Iterable[str]]) -> str:
    pattern = ""
    for word in phrase.split():
        if word == "...":
            pattern += rf"(?:\w+ ){{0,{MAX_GAP}}}"
            continue
        choices = lists[word[1:-1]] if word.startswith("{") else word.split("|")
        pattern += f"(?:{'|'.join(map(_word, choices))}) "
    return pattern.removesuffix(" ")


def _word(word: str) -> str:
    return rf"{re.escape(word[:-1])}\w*" if word.endswith("*") else re.escape(word)
