"""Facts of a text that other pages state, too: temperatures of a fever, telephone numbers, unlisted words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from monographs.rules.temperatures import body_temperatures
from monographs.rules.text_index import TextIndex
from monographs.rules.word_lookup import is_known, words_in

#: Kinds of facts.
FEVER, PHONE, WORD = "fever", "phone", "word"
#: Words that say that a temperature is one of a fever.
FEVERISH = re.compile(r"\b(?:fevers?|temperature|feverish)\b", re.IGNORECASE)
#: A telephone number of North America.
PHONE_NUMBER = re.compile(r"(?<![\d.])(?:\+?\d{1,3}[-. ])?(?:\(\d{3}\)\s?|\d{3}[-. ])\d{3}[-. ]\d{4}\b")
_NAME = re.compile(r"((?:[A-Z][\w&’'-]+\s){0,4}[A-Z][\w&’'-]+)[^.!?A-Z]{0,25}$")
_VERBS = frozenset("call phone ring dial contact tell reach ask in at on the".split())


@dataclass(frozen=True, slots=True)
class PageFact:
    """What a page says about a subject, and where. ``value`` is for comparison, ``excerpt`` its words."""

    kind: str
    subject: str
    value: str
    anchor: str
    place: str
    excerpt: str
    start: int = 0
    passage: int = 0


def comparable_facts(text: TextIndex) -> Iterator[PageFact]:
    """Yield the facts that should be the same on all pages, in reading order."""
    for passage in text.with_sentences:
        if FEVERISH.search(passage.text):
            for value, match in body_temperatures(passage.text).items():
                yield PageFact(
                    FEVER,
                    FEVER,
                    f"{value:.1f}",
                    passage.anchor,
                    passage.full_place,
                    match[0],
                    match.start(),
                    passage.index,
                )
        for match in PHONE_NUMBER.finditer(passage.text):
            if subject := _called(passage.text[: match.start()]):
                digits = last_digits(match[0])
                yield PageFact(
                    PHONE,
                    subject,
                    digits,
                    passage.anchor,
                    passage.full_place,
                    match[0],
                    match.start(),
                    passage.index,
                )


def unlisted_words(text: TextIndex) -> set[str]:
    """Return the words of a text, in lower case, that no list has."""
    found = {word.lower() for passage in text.passages for _, word in words_in(passage.text)}
    return {word for word in found if not is_known(word)}


def last_digits(number: str) -> str:
    """Return the ten digits that tell telephone numbers apart, however they are written."""
    return re.sub(r"\D", "", number)[-10:]


def _called(before: str) -> str:
    """Return whose number follows ``before``, in lower case; empty if it has no name."""
    match = _NAME.search(before)
    words = match[1].casefold().split() if match else []
    while words and words[0] in _VERBS:
        words.pop(0)
    return " ".join(words)[:100]
