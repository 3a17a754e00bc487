"""Phrases that people write or that texts contain, as patterns of words.

A phrase is a row of words in lower case, without apostrophes and accents. In it,

- ``a|b`` is one word or the other, and ``word*`` a word that begins so;
- ``...`` stands for up to five words;
- ``{name}`` is one word of the list ``name``.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

#: The words that ``...`` stands for, at most.
MAX_GAP = 5
_APOSTROPHES = re.compile("['\u2018\u2019\u02bc`\u00b4]")
_NO_WORD = re.compile(r"[^a-z0-9]+")
_NEVER = re.compile(r"(?!)")


def plain_words(text: str) -> str:
    """Return the words of ``text`` in lower case, with one space between them and nothing else."""
    plain = _APOSTROPHES.sub("", text)
    return _NO_WORD.sub(" ", plain.lower() if plain.isascii() else _without_accents(plain)).strip()


def _without_accents(text: str) -> str:
    """Return ``text`` in lower case with letters in place of their accented forms. Slow: by the character."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def phrase_pattern(
    phrases: Iterable[str], lists: Mapping[str, Iterable[str]] | None = None
) -> re.Pattern[str]:
    """Return the pattern that finds any of ``phrases`` in what ``plain_words`` returns; longer ones first.

    Its groups are the words of the phrase, without those that ``...`` stands for.
    """
    longest_first = sorted(phrases, key=lambda phrase: -len(phrase.split()))
    alternatives = [_phrase(phrase, lists or {}) for phrase in longest_first]
    return re.compile(rf"\b(?:{'|'.join(alternatives)})\b") if alternatives else _NEVER


def _phrase(phrase: str, lists: Mapping[str, Iterable[str]]) -> str:
    pattern = ""
    for word in phrase.split():
        if word == "...":
            pattern += rf"(?:\w+ ){{0,{MAX_GAP}}}?"
            continue
        choices = lists[word[1:-1]] if word.startswith("{") else word.split("|")
        pattern += f"({'|'.join(map(_word, choices))}) "
    return pattern.removesuffix(" ")


def _word(word: str) -> str:
    return rf"{re.escape(word[:-1])}\w*" if word.endswith("*") else re.escape(word)


@dataclass(frozen=True, slots=True)
class PhraseMatch:
    """Where a phrase was found: the spans of its words."""

    spans: tuple[tuple[int, int], ...]

    @classmethod
    def best(cls, pattern: re.Pattern[str], words: str) -> "PhraseMatch | None":
        """Return the match of most words, the first one of several; None without any."""
        matches = (cls._of(match) for match in pattern.finditer(words))
        return max(matches, key=lambda match: len(match.spans), default=None)

    @classmethod
    def _of(cls, match: re.Match[str]) -> "PhraseMatch":
        groups = range(1, match.re.groups + 1)
        return cls(tuple(match.span(group) for group in groups if match.start(group) >= 0))

    def said(self, words: str) -> str:
        """Return the words that were found."""
        return " ".join(words[start:end] for start, end in self.spans)

    def taken_from(self, words: str) -> str:
        """Return ``words`` with an underscore in place of each word that was found."""
        for start, end in reversed(self.spans):
            words = f"{words[:start]}_{words[end:]}"
        return words
