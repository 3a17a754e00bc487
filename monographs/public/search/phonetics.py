"""Phonetic similarity of names of medicines, for misheard and mistyped queries.

Metaphone and similar algorithms are made for everyday English: they drop vowels and keep a few coarse
consonants. Here a name is transcribed by sound, vowels included, and compared letter by letter, so that
partial agreement counts in proportion (docs/decisions/0019).
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA, JaroWinkler

#: Spellings and the sound they stand for in English names of medicines, applied in this order.
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
        # double letters are one sound; a final e is silent
        (r"(.)\1+", r"\1"),
        (r"(?<=[^aeiou])e$", ""),
    )
)
_VOWEL = re.compile(r"(?<!^)[aeiou]")

#: Weights of the comparisons. Set in advance, not fitted to the names of any test.
SPELLING_WEIGHT, SOUND_WEIGHT, CONSONANT_WEIGHT, PREFIX_WEIGHT = 0.3, 0.35, 0.25, 0.1


@dataclass(frozen=True, slots=True)
class PhoneticKey:
    """A normalised name, its transcription by sound, and the consonants of that."""

    normalised: str
    sound: str
    consonants: str


@lru_cache(maxsize=1 << 14)
def phonetic_key(normalised: str) -> PhoneticKey:
    """Return the phonetic key of a normalised name."""
    sound = sound_of(normalised)
    return PhoneticKey(normalised, sound, _VOWEL.sub("", sound))


def sound_of(normalised: str) -> str:
    """Return the transcription of a normalised name by sound."""
    sound = normalised
    for pattern, replacement in _SPELLINGS:
        sound = pattern.sub(replacement, sound)
    return sound


def similarity(one: PhoneticKey, other: PhoneticKey) -> float:
    """Return the similarity of two names, from 0 to 1."""
    return (
        SPELLING_WEIGHT * OSA.normalized_similarity(one.normalised, other.normalised)
        + SOUND_WEIGHT * OSA.normalized_similarity(one.sound, other.sound)
        + CONSONANT_WEIGHT * OSA.normalized_similarity(one.consonants, other.consonants)
        + PREFIX_WEIGHT * JaroWinkler.normalized_similarity(one.sound, other.sound)
    )
