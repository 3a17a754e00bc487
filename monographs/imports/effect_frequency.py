"""How often a side effect is seen, in the words and numbers of a text, as one of the fixed bands."""

import re
from dataclasses import dataclass

from monographs.document.parts import Frequency

_PEOPLE = r"(?:\s+(?:of\s+)?(?:people|patients?|persons?|users|adults|children|cases))?"
_WORDS: tuple[tuple[Frequency, str], ...] = (
    (Frequency.VERY_COMMON, r"very common(?:ly)?|very frequent(?:ly)?"),
    (Frequency.VERY_RARE, r"very rare(?:ly)?"),
    (Frequency.UNCOMMON, r"uncommon(?:ly)?|infrequent(?:ly)?|less common(?:ly)?"),
    (Frequency.COMMON, r"common(?:ly)?|frequent(?:ly)?"),
    (Frequency.RARE, r"rare(?:ly)?"),
    (Frequency.NOT_KNOWN, r"(?:frequency )?(?:not known|unknown)(?: how often| frequency)?"),
)
_ONE_IN = r"(?:1|one)\s*(?:in|out of|/)\s*(?:every\s+)?"
_MORE = r"(?:more than|over|at least|greater than|≥|>|>=)\s*"
_UP_TO = r"(?:up to|less than|fewer than|at most|<|≤|<=)\s*"
_FROM = r"(?:between\s+|from\s+|≥\s*|>=\s*)?"
_TO = r"\s*(?:to|and|-|–|,)\s*(?:<\s*)?"
_TEN, _HUNDRED, _THOUSAND, _TEN_THOUSAND = "10", "100", "1[,. ]?000", "10[,. ]?000"
#: The numbers of the bands, as the guideline and leaflets write them: from above, or as a range.
_NUMBERS: tuple[tuple[Frequency, str], ...] = (
    (Frequency.VERY_COMMON, rf"{_MORE}{_ONE_IN}{_TEN}"),
    (Frequency.COMMON, rf"{_UP_TO}{_ONE_IN}{_TEN}|{_FROM}{_ONE_IN}{_HUNDRED}{_TO}{_ONE_IN}{_TEN}"),
    (
        Frequency.UNCOMMON,
        rf"{_UP_TO}{_ONE_IN}{_HUNDRED}|{_FROM}{_ONE_IN}{_THOUSAND}{_TO}{_ONE_IN}{_HUNDRED}",
    ),
    (
        Frequency.RARE,
        rf"{_UP_TO}{_ONE_IN}{_THOUSAND}|{_FROM}{_ONE_IN}{_TEN_THOUSAND}{_TO}{_ONE_IN}{_THOUSAND}",
    ),
    (Frequency.VERY_RARE, rf"{_UP_TO}{_ONE_IN}{_TEN_THOUSAND}"),
)
_LEAD = r"(?:(?:it |this |which )?(?:may |can )?(?:affects?|occurs? in|seen in|happens? (?:in|to)|in)\s+)?"
_END = r"(?![\d,.]*\d)"
#: A frequency that is in no band: a percentage, or a number of people.
_OTHER_NUMBER = re.compile(
    r"\d+(?:\.\d+)?\s?(?:%|percent|per cent)|\b(?:\d+|one|two|three)\s+(?:in|out of)\s+(?:every\s+)?\d[\d,]*",
    re.IGNORECASE,
)


def _any(patterns: tuple[tuple[Frequency, str], ...]) -> str:
    return "|".join(pattern for _, pattern in patterns)


_PHRASE = re.compile(
    rf"(?P<word>{_any(_WORDS)})(?:\s+side effects?)?\s*[:,]?\s*[(\[]?\s*{_LEAD}"
    rf"(?P<more>{_any(_NUMBERS)})?{_END}{_PEOPLE}\s*[)\]]?"
    rf"(?:\s+side effects?)?|{_LEAD}(?P<number>{_any(_NUMBERS)}){_END}{_PEOPLE}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class FoundFrequency:
    """A frequency in a text: its band, None where the words are in no band or contradict each other."""

    band: Frequency | None
    words: str


def frequency_in(words: str) -> FoundFrequency | None:
    """Return the frequency that ``words`` are as a whole (“very common”, “affects up to 1 in 10 people”)."""
    bare = words.strip(" .:;,()[]–-—")
    match = _PHRASE.fullmatch(bare) or _PHRASE.fullmatch(f"{bare})")
    if match is None:
        is_number = _OTHER_NUMBER.search(bare) is not None
        return FoundFrequency(None, words.strip()) if is_number else None
    number = match["more"] or match["number"]
    if "side effect" in bare.casefold() and not number:
        return None  # the heading of a list
    by_word = _band(_WORDS, match["word"])
    by_number = _band(_NUMBERS, number) if number else None
    if by_word and by_number and by_word is not by_number:
        return FoundFrequency(None, words.strip())
    return FoundFrequency(by_word or by_number, words.strip())


def _band(patterns: tuple[tuple[Frequency, str], ...], words: str | None) -> Frequency | None:
    if not words:
        return None
    return next((band for band, p in patterns if re.fullmatch(p, words.strip(), re.IGNORECASE)), None)
