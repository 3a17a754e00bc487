"""How alike two names are, to somebody who heard one of them or mistyped it.

Metaphone and its kin make keys of everyday English: they drop vowels and keep a few coarse consonants. Here a
name is written as it sounds, vowels and all, and compared letter by letter: what was heard rightly counts in
full, what was not counts a little (docs/decisions/0019).
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA, JaroWinkler

#: One sound, however it is spelt, in this order. How names of medicines are said in English.
_SPELLINGS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        # silent first letters
        (r"^(?:ps|x)", "s"),
        (r"^(?:pn|kn|gn|mn)", "n"),
        (r"^wr", "r"),
        (r"^pt", "t"),
        # two letters, one sound
        (r"ph", "f"),
        (r"(?:tch|sch)", "sh"),
        (r"sh", "s"),
        (r"(?:ch|ck|cq|qu|q)", "k"),
        (r"(?<=[aeiouytrg])h|h(?=[^aeiouy]|$)", ""),
        (r"cc(?=[eiy])|x|cs|cz", "ks"),
        (r"s?c(?=[eiy])", "s"),
        (r"c", "k"),
        (r"g(?=[eiy])", "j"),
        (r"dg", "j"),
        (r"z", "s"),
        (r"w", "v"),
        # vowels that run together
        (r"(?:ae|oe|ea|ee|ie|ei|ey|ay|ai)", "e"),
        (r"(?:oo|ou|ow|eu|ew|ue|iu|yu)", "u"),
        (r"(?:au|aw|oa)", "o"),
        (r"y", "i"),
        # twice is once; a last e is silent
        (r"(.)\1+", r"\1"),
        (r"(?<=[^aeiou])e$", ""),
    )
)
_VOWEL = re.compile(r"(?<!^)[aeiou]")

#: How much each comparison counts. Set beforehand and not fitted to the names of any test.
AS_SPELT, AS_SAID, CONSONANTS, BEGINNING = 0.3, 0.35, 0.25, 0.1


@dataclass(frozen=True, slots=True)
class PhoneticKey:
    """A name as it is spelt (letters and digits only), as it is said, and its consonants."""

    spelt: str
    said: str
    consonants: str


@lru_cache(maxsize=1 << 18)
def phonetic_key(spelt: str) -> PhoneticKey:
    """How a normalised name sounds."""
    said = spelt
    for pattern, as_heard in _SPELLINGS:
        said = pattern.sub(as_heard, said)
    return PhoneticKey(spelt, said, _VOWEL.sub("", said))


def similarity(one: PhoneticKey, other: PhoneticKey) -> float:
    """From 0 to 1: how alike two names are."""
    return (
        AS_SPELT * OSA.normalized_similarity(one.spelt, other.spelt)
        + AS_SAID * OSA.normalized_similarity(one.said, other.said)
        + CONSONANTS * OSA.normalized_similarity(one.consonants, other.consonants)
        + BEGINNING * JaroWinkler.normalized_similarity(one.said, other.said)
    )
