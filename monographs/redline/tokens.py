"""A line cut into words that are compared whole.

A number and its unit are one word, because ``0.5 mg`` → ``5 mg`` must never read as a change of one figure in
the middle of something that looks the same.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from monographs.redline.model import BREAK, LINE_BREAK, Form

#: One visible or invisible space inside an amount: NBSP, thin space and the like included.
_GAP = r"[^\S\n\u2028\u2029]{0,2}"
_UNITS = (
    r"kg mg mcg µg μg ug ng pg g lbs? oz mL ml dL dl µL μL L l IU UI U units? mmol µmol μmol mol mEq mOsm "
    r"% ‰ percent °C °F ° m² m2 mm² mm cm m kcal Gy mGy MBq mmHg bpm "
    r"seconds? secs? s minutes? mins? min hours? hrs? hr h days? d weeks? wks? months? years? yrs? yr y "
    r"times? tablets? pills? capsules? doses? drops? puffs? sprays? patch(?:es)? cycles? infusions? "
    r"injections? people persons? patients? teaspoons? tablespoons? cups? glasses?"
)
_UNIT = "(?:" + "|".join(_UNITS.split()) + r")(?!\w)"
#: A minus and a hyphen that does not break look like a hyphen; fractions have a stroke of their own.
_MINUS, _HYPHEN, _STROKE = "\u2212", "\u2011", "\u2044"
_SIGN = rf"(?:[<>≤≥≈~=]{_GAP})?[-{_MINUS}+±]?"
_PARTS = "[½⅓⅔¼¾⅛⅜⅝⅞]"
_FIGURE = (
    rf"(?:\d+(?:[.,’']\d+)*(?:\s?{_PARTS}|\s\d+[/{_STROKE}]\d+|[/{_STROKE}]\d+)?|{_PARTS}|(?<![\w.])[.,]\d+)"
)
_TO = rf"(?:{_GAP}[-–—{_MINUS}{_HYPHEN}]{_GAP}|\s(?:to|or|and)\s)"
_EACH = r"\s(?:a|an|per|each|every)\s(?:hour|day|week|month|year|cycle|dose)s?(?!\w)"
_AGAIN = rf"(?:{_EACH}|\s(?:daily|weekly|monthly)(?!\w))"
_PER = rf"(?:{_GAP}[/·⋅]{_GAP}(?:{_FIGURE}{_GAP})?{_UNIT})"
_BOUND = "(?:(?:more|less|fewer) than |up to |at least |at most )"
_OF = rf"{_BOUND}?{_FIGURE} (?:in|of|out of) {_FIGURE}(?: people)?(?!\w)"
#: A unit that does not change what is counted may be left out of the first of two: 5 mg to 10 mg.
_ONE_AMOUNT = rf"{_SIGN}{_FIGURE}(?:{_GAP}[-{_HYPHEN}]?{_UNIT}{_PER}*)?"
_AMOUNT = (
    rf"(?<![\w.,]){_ONE_AMOUNT}(?:{_TO}{_ONE_AMOUNT})?(?:(?<=time){_AGAIN}|(?<=times){_AGAIN})?(?![^\W_])"
)
_COUNT = "one two three four five six seven eight nine ten eleven twelve".split()
_HOW_OFTEN = rf"(?:once|twice|thrice|(?:{'|'.join(_COUNT)})\stimes){_AGAIN}"
_ABBREVIATED = r"(?:[qbt]\.i\.d|q\.o\.d|q\.d|q\.s|p\.r\.n|o\.d|b\.d|t\.d\.s|h\.s|p\.c|a\.c)\.?(?!\w)"
_WORD = rf"[^\W_]+(?:[’'\-{_HYPHEN}][^\W_]+)*"
_TOKEN = re.compile(
    rf"(?P<word>[{LINE_BREAK}{BREAK}]"
    rf"|(?i:{_ABBREVIATED}|(?<!\w){_HOW_OFTEN}|(?<![\w.,]){_OF}|very common|very rare|not known)"
    rf"|{_AMOUNT}|{_WORD}|[^\s]|(?=\s))(?P<space>[^\S{LINE_BREAK}{BREAK}]*)"
)


@dataclass(frozen=True, slots=True)
class Token:
    """One word, the space after it, and the forms of both together: pieces of text in one form each."""

    word: str
    space: str
    pieces: tuple[tuple[str, Form], ...]

    @property
    def text(self) -> str:
        """Word and space."""
        return self.word + self.space


Pieces = tuple[tuple[str, Form], ...]


@lru_cache(maxsize=4096)
def tokens_of(pieces: Pieces) -> tuple[Token, ...]:
    """The words of a line. Together they are its text, character by character."""
    text = "".join(words for words, _ in pieces)
    if len(pieces) == 1:
        form = pieces[0][1]
        return tuple(
            Token(word, space, ((word + space, form),))
            for word, space in _TOKEN.findall(text)
            if word + space
        )
    found, rest = [], list(pieces)
    for word, space in _TOKEN.findall(text):
        if word + space:
            own, rest = _take(rest, len(word + space))
            found.append(Token(word, space, own))
    return tuple(found)


def _take(pieces: list[tuple[str, Form]], length: int) -> tuple[Pieces, list[tuple[str, Form]]]:
    """The first ``length`` characters of ``pieces``, and what is left."""
    own: list[tuple[str, Form]] = []
    for at, (text, form) in enumerate(pieces):
        if len(text) >= length:
            own.append((text[:length], form))
            left = [(text[length:], form)] if len(text) > length else []
            return tuple(own), [*left, *pieces[at + 1 :]]
        own.append((text, form))
        length -= len(text)
    return tuple(own), []
