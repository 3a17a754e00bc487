"""Splitting a line into the tokens that are compared.

A number and its unit are one token, so that ``0.5 mg`` → ``5 mg`` is never shown as a change of one digit.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from monographs.redline.model import BREAK, LINE_BREAK, Form

#: White space inside an amount, including no-break and thin spaces.
_GAP = r"[^\S\n\u2028\u2029]{0,2}"
_UNITS = (
    r"kg mg mcg µg μg ug ng pg g lbs? oz mL ml dL dl µL μL L l IU UI U units? mmol µmol μmol mol mEq mOsm "
    r"% ‰ percent °C °F ° m² m2 mm² mm cm m kcal Gy mGy MBq mmHg bpm "
    r"seconds? secs? s minutes? mins? min hours? hrs? hr h days? d weeks? wks? months? years? yrs? yr y "
    r"times? tablets? pills? capsules? doses? drops? puffs? sprays? patch(?:es)? cycles? infusions? "
    r"injections? people persons? patients? teaspoons? tablespoons? cups? glasses?"
)
_UNIT = "(?:" + "|".join(_UNITS.split()) + r")(?!\w)"
#: Characters that look like a hyphen or a slash: minus sign, no-break hyphen, fraction slash.
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
#: The first number of a range may have no unit: 5 to 10 mg.
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
    """One word and the space after it. ``pieces`` are both together, split where the form changes."""

    word: str
    space: str
    pieces: tuple[tuple[str, Form], ...]

    @property
    def text(self) -> str:
        """The word and the space after it."""
        return self.word + self.space


Pieces = tuple[tuple[str, Form], ...]


@lru_cache(maxsize=4096)
def tokens_of(pieces: Pieces) -> tuple[Token, ...]:
    """Return the tokens of a line. Their texts joined are the text of the line."""
    text = "".join(words for words, _ in pieces)
    if len(pieces) == 1:
        form = pieces[0][1]
        return tuple(
            Token(word, space, ((word + space, form),))
            for word, space in _TOKEN.findall(text)
            if word + space
        )
    tokens, rest = [], list(pieces)
    for word, space in _TOKEN.findall(text):
        if word + space:
            taken, rest = _take(rest, len(word + space))
            tokens.append(Token(word, space, taken))
    return tuple(tokens)


def _take(pieces: list[tuple[str, Form]], length: int) -> tuple[Pieces, list[tuple[str, Form]]]:
    """Split ``pieces`` after ``length`` characters."""
    taken: list[tuple[str, Form]] = []
    for at, (text, form) in enumerate(pieces):
        if len(text) >= length:
            taken.append((text[:length], form))
            rest = [(text[length:], form)] if len(text) > length else []
            return tuple(taken), [*rest, *pieces[at + 1 :]]
        taken.append((text, form))
        length -= len(text)
    return tuple(taken), []
