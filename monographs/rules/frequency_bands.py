"""Which band a percentage, a number of people or a word for how often belongs to, where that is certain.

It is certain only if the words around it say nothing else: “seen in 62% of patients” is about the effect,
“5% stopped treatment for it” is not.
"""

import re

from monographs.document.parts import Effect, Frequency
from monographs.rules.text_index import PassageKind, TextPassage, words_of

_PEOPLE = r"(?:people|patients?|persons?|users|adults|children|men|women|participants|cases)"
NUMBER = re.compile(
    r"\b(?P<percent>\d+(?:\.\d+)?)(?:\s?(?:%|percent|per cent))"
    rf"(?:\s+(?:of|in)\s+(?:\w+\s+){{0,3}}?{_PEOPLE})?"
    r"|\b(?P<some>\d+|one|two|three)\s+(?:in|out of)\s+(?:every\s+)?(?P<all>\d[\d,]*)"
    rf"(?:\s+{_PEOPLE})?",
    re.IGNORECASE,
)
#: Words that the bands define, and their synonyms.
BAND_WORD = re.compile(
    r"\b(?:very\s+)?(?:rarely|rare|seldom|commonly|common|uncommonly|uncommon|frequently|frequent|infrequently|"
    r"infrequent)\b(?!\s+(?:cold|side effects?|questions?|name))",
    re.IGNORECASE,
)
#: Percentages above which, and up to which, an effect is in a band.
_LIMITS: dict[Frequency, tuple[float, float]] = {
    Frequency.VERY_COMMON: (10, 100),
    Frequency.COMMON: (1, 10),
    Frequency.UNCOMMON: (0.1, 1),
    Frequency.RARE: (0.01, 0.1),
    Frequency.VERY_RARE: (0, 0.01),
}
_WORDS = {
    "very common": Frequency.VERY_COMMON,
    "common": Frequency.COMMON,
    "uncommon": Frequency.UNCOMMON,
    "rare": Frequency.RARE,
    "very rare": Frequency.VERY_RARE,
}
_SMALL_NUMBERS = {"one": 1, "two": 2, "three": 3}
#: Before a number: it is the end of a range, or a limit.
_LIMITED = re.compile(
    r"(?:\b(?P<up_to>up to)|\b(?P<more_than>more than)|\b(?:than|under|below|over|above|at least|at most)"
    r"|\d%?\s*(?:to|and|or|[-–])|[<>≤≥])\s*$",
    re.IGNORECASE,
)
#: After a number: it is the beginning of a range.
_RANGE = re.compile(r"\s*(?:[-–]|(?:to|or|and)\b)\s*\d")
#: Words with which a sentence says nothing but how often; numbers are among them.
_NEUTRAL = frozenset(
    "a about affect affected affects are around by can cent could effect every experience experienced found "
    "get getting got had happen happened happens has have in is it may might occur occurred occurs of one "
    "out people participants patients per percent persons reported seen side taking that the these this "
    "three to took treated two users was were who with".split()
)
_LIMIT_OF_NUMBER = re.compile(r"\b(?:up to|more than)\s+(?=\d|one\b)", re.IGNORECASE)
_READER = re.compile(r",?\s+you\s+(?:may|might|can|could)\b")


def band_of_percentage(percent: float) -> Frequency | None:
    """Return the band of a percentage of people; None at a limit, where guideline and bands differ."""
    within = (band for band, (least, most) in _LIMITS.items() if least < percent < most)
    return Frequency.VERY_COMMON if percent == 100 else next(within, None)  # noqa: PLR2004  # all of them


def band_of_number(passage: TextPassage, match: re.Match[str], effect: Effect) -> Frequency | None:
    """Return the band of a number (``NUMBER``) in a text of ``effect``; None if it is not certain."""
    percent = _percentage(match)
    if percent is None or not _is_about(passage, match, effect):
        return None
    limited = _LIMITED.search(passage.text[: match.start()])
    if limited is None:
        return None if _RANGE.match(passage.text, match.end()) else band_of_percentage(percent)
    upper = {most: band for band, (_, most) in _LIMITS.items()}
    if limited["up_to"] and match["all"] and percent < 100:  # noqa: PLR2004  # all of them
        return upper.get(percent)  # the words of the band: “up to 1 in 10 people”
    is_above_all_limits = limited["more_than"] and percent >= _LIMITS[Frequency.VERY_COMMON][0]
    return Frequency.VERY_COMMON if is_above_all_limits else None


def band_of_word(passage: TextPassage, match: re.Match[str], effect: Effect) -> Frequency | None:
    """Return the band of a word (``BAND_WORD``) in a text of ``effect``; None if it is not certain."""
    word = re.sub(r"ly$", "", " ".join(match[0].lower().split()))
    band = _WORDS.get(word)
    begins = match.start() == 0
    speaks_to_reader = passage.kind is not PassageKind.LABEL and _READER.match(passage.text, match.end())
    leads = begins and (passage.kind is PassageKind.LABEL or speaks_to_reader)
    return band if leads or _is_about(passage, match, effect) else None


def _percentage(match: re.Match[str]) -> float | None:
    if match["percent"]:
        return float(match["percent"])
    everybody = int(match["all"].replace(",", ""))
    some = _SMALL_NUMBERS.get(match["some"].lower()) or int(match["some"])
    return round(100 * some / everybody, 6) if everybody >= some else None


def _is_about(passage: TextPassage, match: re.Match[str], effect: Effect) -> bool:
    """Whether the sentence says nothing but how often the effect is seen."""
    sentence = BAND_WORD.sub(" ", _LIMIT_OF_NUMBER.sub(" ", passage.sentence_at(match.start())))
    neutral = _NEUTRAL | {word.lower() for word in words_of(effect.name)}
    return all(word[0].isdigit() or word.lower() in neutral for word in words_of(sentence))
