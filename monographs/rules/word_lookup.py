"""Words that are spelled right, and the nearest ones to a word that is not.

The lists and their sources: ``word_lists/README.md``. Callers give a site's own words and names.
"""

import gzip
import re
from collections.abc import Collection, Iterator
from functools import cache, lru_cache
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import OSA

_LISTS = Path(__file__).with_name("word_lists")
#: Letters. Shorter words are too near to others for a suggestion.
SHORTEST = 5
#: Letters from which on a word may differ in two places from the one that is meant.
LONG = 9
#: Words of the lists that insult.
_NEVER_OFFERED = frozenset(
    {"negro", "negros", "negroes", "negress", "retard", "retards", "cripple", "cripples"}
)
#: Suggestions for one word.
MOST = 3
_WORD = re.compile(r"(?<![\w@.#/’'-])[A-Za-z]?[a-z]{4,}(?:[’'](?:s|t|re|ve|ll|d))?(?![\w@/’'-]|\.\w)")
#: Endings of names of medicines and of their classes (WHO, “The use of stems in the selection of INN”, 2018).
_MEDICINE = re.compile(
    r"(?:mabs?|nibs?|ciclib|limus|platin|rubicin|taxel|[ae]bine|lidomide|zomib|parib|clax|stat|statins?|vir|"
    r"azoles?|mycins?|cillins?|floxacin|sartan|prils?|olol|prazole|setron|parin|xaban|leucel|cept|grastim|"
    r"dronate|dronic|tecan|trexate|fenac|coxib|gliptin|glutide)$"
)
_PREFIX = re.compile(r"(?:anti|chemo|cyto|hemato|hyper|hypo|immuno|neuro|non|over|post|pre|re|sub|un|under)")


@cache
def _lists() -> tuple[str, ...]:
    english = gzip.decompress((_LISTS / "english_words.txt.gz").read_bytes()).decode()
    terms = (_LISTS / "medical_words.txt").read_text("utf-8")
    return (*english.split(), *terms.split(), *sorted(_possible_names()))


@cache
def _possible_names() -> frozenset[str]:
    """Return the words of which some are names of medicines."""
    names = ("label_words.txt", "medicine_words.txt")
    return frozenset(" ".join((_LISTS / name).read_text("utf-8") for name in names).split())


def may_name_medicine(word: str) -> bool:
    """Whether a listed word may be the name of a medicine."""
    return word in _possible_names() or _MEDICINE.search(word) is not None


@cache
def listed_words() -> frozenset[str]:
    """Return the words of all lists in lower case."""
    return frozenset(_lists())


def words_in(text: str) -> Iterator[tuple[int, str]]:
    """Yield where a word begins, and the word, of those in lower case or with one capital at their beginning.

    Abbreviations, addresses, words with hyphens and short words are left out.
    """
    for match in _WORD.finditer(text):
        yield match.start(), match[0]


def is_known(word: str, more: Collection[str] = ()) -> bool:
    """Whether ``word`` is spelled right, as far as is known; ``more`` are further words in lower case."""
    lowered = re.sub(r"[’'](?:s|t|re|ve|ll|d)$", "", word.lower())
    if len(lowered) < SHORTEST or lowered in listed_words() or lowered in more:
        return True
    if lowered.endswith("s") and (lowered[:-1] in more or lowered[:-1] in listed_words()):
        return True
    rest = _PREFIX.sub("", lowered, count=1) if _PREFIX.match(lowered) else ""
    return (len(rest) >= SHORTEST and rest in listed_words()) or _MEDICINE.search(lowered) is not None


@lru_cache(maxsize=4096)
def near_words(word: str) -> tuple[str, ...]:
    """Return the listed words that ``word`` in lower case may be meant for, the nearest first."""
    found = _near(word, _by_length_and_letter(word))
    found = [each for each in found if each[0] not in _NEVER_OFFERED]
    found.sort(key=lambda each: (each[1], _ranks()[each[0]]))
    return tuple(choice for choice, _ in found[:MOST])


def nearest(word: str, choices: Collection[str]) -> tuple[str, ...]:
    """Return those of ``choices`` that differ from ``word`` in a letter, if it is long in two."""
    return tuple(choice for choice, _ in _near(word, choices)[:MOST])


def _near(word: str, choices: Collection[str]) -> list[tuple[str, int]]:
    """Return the near choices, each with the number of letters that differ, the nearest first."""
    most = 2 if len(word) >= LONG else 1
    found = process.extract(word, choices, scorer=OSA.distance, score_cutoff=most, limit=None)
    return [(choice, int(distance)) for choice, distance, _ in found]


@cache
def _ranks() -> dict[str, int]:
    """Return the place of each listed word: the commonest are first."""
    return {word: rank for rank, word in reversed(list(enumerate(_lists())))}


@cache
def _shelves() -> dict[tuple[int, str], tuple[str, ...]]:
    """Return the listed words by length and first letter."""
    shelves: dict[tuple[int, str], list[str]] = {}
    for word in _lists():
        shelves.setdefault((len(word), word[0]), []).append(word)
    return {place: tuple(words) for place, words in shelves.items()}


def _by_length_and_letter(word: str) -> list[str]:
    """Return the words of nearly this length that begin with the first or the second letter of ``word``."""
    lengths = range(len(word) - 2, len(word) + 3)
    letters = dict.fromkeys(word[:2])
    return [each for n in lengths for letter in letters for each in _shelves().get((n, letter), ())]
