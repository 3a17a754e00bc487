"""What questions are about: topics, and the words of the thesaurus, with the passages that can answer them.

Both are data: the files of ``TOPIC_FILES`` and ``THESAURUS_FILES``.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

from monographs.document.passages import DocumentPassage
from monographs.document.sections import SectionType
from monographs.public.search.phrases import phrase_pattern, plain_words

_FOLDER = Path(__file__).parent
#: Topics, and the entries of the thesaurus, in the order in which they are tried.
TOPIC_FILES = ("topics_of_use.toml", "topics_of_life.toml", "topics_of_asking.toml")
THESAURUS_FILES = ("thesaurus_symptoms.toml", "thesaurus_names.toml", "thesaurus_medicines.toml")
#: Sections in which a symptom is looked for, best first.
SYMPTOM_SECTIONS = (
    SectionType.WHEN_TO_GET_HELP,
    SectionType.COMMON_SIDE_EFFECTS,
    SectionType.BOXED_WARNING,
    SectionType.COMMON_QUESTIONS,
    SectionType.LIVING_WITH_IT,
    SectionType.CHECKS_WHILE_YOU_TAKE_IT,
    SectionType.IF_SOMETHING_GOES_WRONG,
    SectionType.HOW_IT_IS_ADMINISTERED,
    SectionType.WHO_SHOULD_NOT_TAKE_IT,
    SectionType.OTHER_MEDICINES,
)
#: Sections in which a medicine is looked for, best first.
MEDICINE_SECTIONS = (
    SectionType.OTHER_MEDICINES,
    SectionType.COMMONLY_USED_WITH,
    SectionType.LIVING_WITH_IT,
    SectionType.HOW_IT_IS_ADMINISTERED,
    SectionType.COMMON_QUESTIONS,
    SectionType.COMMON_SIDE_EFFECTS,
    SectionType.WHO_SHOULD_NOT_TAKE_IT,
)


@dataclass(frozen=True)
class Topic:
    """Something that people ask about, and how a passage answers it.

    ``met`` finds the words that a passage must have; None if a section of ``sections`` answers as a whole.
    ``broader`` finds words that answer where no passage meets ``met``. ``own`` are sections about it.
    """

    id: str
    ask: re.Pattern[str]
    #: The words that a phrase of ``ask`` begins with.
    first_words: re.Pattern[str]
    met: re.Pattern[str] | None = None
    broader: re.Pattern[str] | None = None
    unless: re.Pattern[str] | None = None
    sections: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    is_frame: bool = False
    is_symptom: bool = False
    is_serious: bool = False
    #: Whether a page may say something about it below a help box.
    is_emergency: bool = False

    def is_met_by(self, words: str) -> bool:
        """Whether a passage with these plain words is about the topic."""
        return bool(self.met and self.met.search(self._relevant(words)))

    def is_nearly_met_by(self, words: str) -> bool:
        """Whether a passage with these plain words is about something that includes the topic."""
        return bool(self.broader and self.broader.search(self._relevant(words)))

    def _relevant(self, words: str) -> str:
        return self.unless.sub("_", words) if self.unless else words

    def rank(self, passage: DocumentPassage) -> int | None:
        """Return the place of the passage's section in ``sections``; None if it cannot answer."""
        if not self.sections:
            return 0
        return self.sections.index(passage.anchor) if passage.anchor in self.sections else None


@dataclass(frozen=True)
class Concept:
    """An entry of the thesaurus: what people type, and what texts say for it."""

    id: str
    kind: str
    people: tuple[str, ...]
    texts: tuple[str, ...]
    source: str
    #: The name of a page, for an acronym.
    name: str = ""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Finds what people type for it."""
        return phrase_pattern(self.people)

    @property
    def search_terms(self) -> list[str]:
        """The words of texts, for PostgreSQL, which finds every ending of a word."""
        return [text.replace("*", "") for text in self.texts]


@cache
def topics() -> Sequence[Topic]:
    """Return all topics in the order of preference: particular ones, the thesaurus, ways of asking."""
    own = [_topic(row) for row in _topic_rows()]
    known = [_concept_topic(row) for row in _concept_rows()]
    frames = [topic for topic in own if topic.is_frame]
    return (*(topic for topic in own if not topic.is_frame), *filter(None, known), *frames)


@cache
def concepts() -> Sequence[Concept]:
    """Return the entries of the thesaurus."""
    return tuple(
        Concept(
            row["id"],
            row["kind"],
            tuple(row["people"]),
            tuple(row["texts"]),
            row["source"],
            row.get("name", ""),
        )
        for row in _concept_rows()
    )


@cache
def filler_words() -> frozenset[str]:
    """Return words of questions that say nothing about what is asked."""
    return frozenset(plain_words(_toml("question_words.toml")["words"]["filler"]).split())


@cache
def known_words() -> frozenset[str]:
    """Return the words that topics are asked with."""
    phrases = [phrase for row in _topic_rows() for phrase in row["ask"]]
    phrases += [phrase for concept in concepts() for phrase in concept.people]
    words = {word for phrase in phrases for word in re.split(r"[ |]", phrase)}
    return frozenset(word.removesuffix("*") for word in words if word.removesuffix("*").isalpha())


def _topic_rows() -> Iterator[Mapping[str, Any]]:
    for name in TOPIC_FILES:
        yield from _toml(name)["topic"]


def _concept_rows() -> Iterator[Mapping[str, Any]]:
    for name in THESAURUS_FILES:
        yield from _toml(name)["concept"]


def _toml(name: str) -> Mapping[str, Any]:
    return tomllib.loads((_FOLDER / name).read_text("utf-8"))


def _anchors(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(SectionType(name).anchor for name in names)


def _first_words(phrases: Sequence[str]) -> re.Pattern[str]:
    return phrase_pattern({phrase.split()[0] for phrase in phrases})


@lru_cache(maxsize=1 << 14)
def _begun_by(word: str) -> frozenset[int]:
    """The places in ``topics()`` of those that a question with ``word`` may be about."""
    return frozenset(place for place, topic in enumerate(topics()) if topic.first_words.fullmatch(word))


def possible_topics(words: str) -> Sequence[tuple[int, Topic]]:
    """Return the topics that ``words`` may be about, and their places in ``topics()``."""
    places = frozenset[int]().union(*map(_begun_by, words.split()))
    return [(place, topics()[place]) for place in sorted(places)]


def is_asked_with(word: str) -> bool:
    """Whether a topic is asked with this word alone."""
    return any(topics()[place].ask.fullmatch(word) for place in _begun_by(word))


def _pattern(row: Mapping[str, Any], name: str) -> re.Pattern[str] | None:
    return phrase_pattern(row[name]) if name in row else None


def _topic(row: Mapping[str, Any]) -> Topic:
    return Topic(
        id=row["id"],
        ask=phrase_pattern(row["ask"]),
        first_words=_first_words(row["ask"]),
        met=_pattern(row, "met"),
        unless=_pattern(row, "unless"),
        sections=_anchors(row["sections"]),
        own=_anchors(row.get("own", ())),
        is_frame=row.get("frame", False),
        is_serious=row.get("serious", False),
        is_emergency=row.get("emergency", False),
    )


def _concept_topic(row: Mapping[str, Any]) -> Topic | None:
    """Return the topic of an entry about which passages say something; None for acronyms and spellings."""
    if row["kind"] not in ("symptom", "medicine"):
        return None
    is_symptom = row["kind"] == "symptom"
    return Topic(
        id=row["id"],
        ask=phrase_pattern(row["people"]),
        first_words=_first_words(row["people"]),
        met=phrase_pattern(row["texts"]),
        broader=_pattern(row, "broader"),
        unless=_pattern(row, "unless"),
        sections=_anchors(SYMPTOM_SECTIONS if is_symptom else MEDICINE_SECTIONS),
        is_symptom=is_symptom,
        is_emergency=row.get("emergency", False),
    )
