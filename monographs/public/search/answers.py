"""The passages of a medicine's signed text that answer a question, or that none does.

All topics of the question must be met by one passage, by words of its own: a passage that has only the verb
of the question is no answer. Passages are shown whole, the most urgent one first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from monographs.document import MonographDocument
from monographs.document.parts import Urgency
from monographs.document.passages import DocumentPassage, as_text, passages
from monographs.document.sections import SectionType
from monographs.public.search.phrases import plain_words
from monographs.public.search.question import AskedMedicine, AskedTopic, Question
from monographs.public.search.topics import Topic
from monographs.public.search.word_stems import stems

#: Passages shown of one medicine for one topic, and in all.
MAX_OF_TOPIC, MAX_PASSAGES = 3, 4
#: Words of a line that names something and does not only mention it.
SHORT_LINE = 8
_URGENCIES = list(Urgency)
_EFFECTS = SectionType.COMMON_SIDE_EFFECTS.anchor
_WARNING = SectionType.BOXED_WARNING.anchor
_TRIALS = SectionType.COMMONLY_TESTED_WITH.anchor


class AnswerStatus(StrEnum):
    """Whether a page answers a question."""

    ANSWERED = "answered"
    #: It speaks of a part of what is asked.
    PARTLY = "partly"
    NOT_ANSWERED = "not_answered"


@dataclass(frozen=True, slots=True)
class Answer:
    """What one medicine's page says to a question."""

    key: str
    slug: str
    name: str
    brand_names: tuple[str, ...]
    path: str
    status: AnswerStatus
    passages: tuple[DocumentPassage, ...] = ()
    #: What the question asks that no passage speaks of, as it was typed.
    missing: tuple[str, ...] = ()
    #: The sections of the passages, or the nearest ones of a page without an answer: anchor and heading.
    sections: tuple[tuple[str, str], ...] = ()
    #: What was typed, if it is not a name of the medicine.
    typed: str = ""

    def as_record(self) -> dict[str, Any]:
        """Return plain data for the API."""
        return {
            "slug": self.slug,
            "name": self.name,
            "path": self.path,
            "status": self.status.value,
            "missing": list(self.missing),
            "passages": [passage_record(passage) for passage in self.passages],
        }


def passage_record(passage: DocumentPassage) -> dict[str, Any]:
    """Return a passage as plain data. ``text`` begins with the urgency and can be read by itself."""
    return {
        "anchor": passage.anchor,
        "heading": passage.section,
        "urgency": passage.urgency,
        "urgency_label": passage.urgency_label,
        "condition": passage.condition,
        "text": as_text(passage),
    }


def answer(question: Question, medicine: AskedMedicine, row: Mapping[str, Any], document: Any) -> Answer:
    """Return what the page of ``medicine``, a row with its signed ``document``, says to ``question``.

    Of a document that cannot be read (``None``) nothing is said.
    """
    found = _Finder(question, document).find() if isinstance(document, MonographDocument) else _Found()
    return Answer(
        key=row["key"],
        slug=row["slug"],
        name=row["title"],
        brand_names=tuple(row["brand_names"]),
        path=row["path"],
        typed=medicine.typed,
        status=found.status,
        passages=found.passages,
        missing=found.missing,
        sections=found.sections,
    )


@dataclass(frozen=True, slots=True)
class _Found:
    status: AnswerStatus = AnswerStatus.NOT_ANSWERED
    passages: tuple[DocumentPassage, ...] = ()
    missing: tuple[str, ...] = ()
    sections: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A passage with its words, plain and by stem, and its place in the document."""

    passage: DocumentPassage
    place: int
    words: str
    stems: frozenset[str]


@dataclass
class _Finder:
    question: Question
    document: MonographDocument
    candidates: Sequence[_Candidate] = field(init=False)

    def __post_init__(self) -> None:
        self.candidates = [
            _Candidate(passage, place, words, stems(words))
            for place, passage in enumerate(passages(self.document))
            if (words := plain_words(passage.words))
        ]

    def find(self) -> _Found:
        topics = [asked for asked in self.question.topics if not self._is_itself(asked.topic)]
        particular = [asked for asked in topics if not asked.topic.is_frame]
        with_words = [asked for asked in topics if asked.topic.met]
        asked = particular or with_words[:1] or topics[:1]
        if not asked:
            return self._of_words()
        together = [asked for asked in asked if not asked.topic.is_symptom]
        apart = [asked for asked in asked if asked.topic.is_symptom]
        if not together:
            return self._of_each(apart)
        best = self._meeting([*together, *apart]) or self._meeting(together)
        if not best:
            return self._of_each([*together, *apart])
        return self._found(best[:MAX_OF_TOPIC], missing=())

    def _is_itself(self, topic: Topic) -> bool:
        """Whether a topic is this medicine, by another name: a steroid on the page of one."""
        names = " ".join((self.document.title, *self.document.brand_names))
        return topic.met is not None and topic.is_met_by(plain_words(names))

    def _of_words(self) -> _Found:
        """Passages that have every word left of the question."""
        wanted = stems(" ".join(self.question.left))
        found = [each for each in self.candidates if wanted <= each.stems and each.passage.anchor != _TRIALS]
        found.sort(key=lambda each: (self._condition_rank(each), each.place))
        if found:
            return self._found(found[:MAX_OF_TOPIC], missing=(), checked=True)
        return _Found(missing=self.question.left)

    def _of_each(self, asked: Sequence[AskedTopic]) -> _Found:
        """The best passages of each topic; those without any are missing."""
        found: dict[int, _Candidate] = {}
        missing = []
        share = MAX_OF_TOPIC if len(asked) == 1 else max(1, MAX_PASSAGES // len(asked))
        for each in asked:
            best = (self._meeting([each]) or self._saying(each))[:share]
            found.update((candidate.place, candidate) for candidate in best)
            if not best:
                missing.append(each.said)
        if not found:
            return _Found(missing=tuple(missing), sections=self._nearest_sections(asked))
        is_joined = len(asked) > 1 and not all(each.topic.is_symptom for each in asked)
        return self._found(list(found.values()), tuple(missing), partly=is_joined)

    def _found(
        self,
        candidates: Sequence[_Candidate],
        missing: tuple[str, ...],
        *,
        partly: bool = False,
        checked: bool = False,
    ) -> _Found:
        if not checked:
            unsaid = [word for word in self.question.left if not self._is_said(word, candidates)]
            partly = partly or bool(unsaid)
            # Of a word that stands elsewhere on the page it must not be said that the page lacks it
            missing += tuple(word for word in unsaid if not self._is_said(word, self.candidates))
        chosen = list(candidates[:MAX_PASSAGES])
        if any(asked.topic.is_symptom for asked in self.question.topics):
            chosen.sort(key=lambda each: (_urgency_rank(each), each.place))
        status = AnswerStatus.PARTLY if missing or partly else AnswerStatus.ANSWERED
        sections = {each.passage.anchor: each.passage.section for each in chosen}
        return _Found(status, tuple(each.passage for each in chosen), missing, tuple(sections.items()))

    def _saying(self, asked: AskedTopic) -> list[_Candidate]:
        """The passages that have the very words of a symptom, in sections that can answer."""
        wanted = stems(asked.said)
        if not (asked.topic.is_symptom and wanted):
            return []
        found = [
            each
            for each in self.candidates
            if wanted <= each.stems and asked.topic.rank(each.passage) is not None
        ]
        return self._ranked(found, [asked]) if found else []

    @staticmethod
    def _is_said(word: str, candidates: Sequence[_Candidate]) -> bool:
        return any(stems(word) <= each.stems for each in candidates)

    def _meeting(self, asked: Sequence[AskedTopic]) -> list[_Candidate]:
        """The passages that meet all of ``asked``, best first.

        If none has their words: those of a section that is about the topic.
        """
        topics = [each.topic for each in asked]
        for meets in (
            lambda topic, each: topic.is_met_by(each.words),
            lambda topic, each: topic.is_met_by(each.words) or topic.is_nearly_met_by(each.words),
            lambda topic, each: not topic.met or each.passage.anchor in topic.own,
        ):
            found = [
                each
                for each in self.candidates
                if all(topic.rank(each.passage) is not None and meets(topic, each) for topic in topics)
            ]
            if found:
                return self._ranked(found, asked)
        return []

    def _ranked(self, found: list[_Candidate], asked: Sequence[AskedTopic]) -> list[_Candidate]:
        topics = [each.topic for each in asked]
        ranked = sorted(found, key=lambda each: self._order(each, topics))
        if topics[0].is_symptom:
            # One that only mentions a symptom is left out where others name it
            direct = [each for each in ranked if _directness(topics[0], each) > 1]
            return direct or ranked
        if topics[0].met is None:
            effects = [each for each in ranked if each.passage.name and each.passage.anchor == _EFFECTS]
            rank = topics[0].rank(ranked[0].passage)
            in_section = [each for each in ranked if topics[0].rank(each.passage) == rank]
            return in_section if self._wants_serious or not effects else effects
        return ranked

    @property
    def _wants_serious(self) -> bool:
        return any(asked.topic.is_serious for asked in self.question.topics)

    def _order(self, each: _Candidate, topics: Sequence[Topic]) -> tuple[int, ...]:
        """What a passage is sorted by: what else of the question it says, then where and how it says it."""
        symptoms = [asked.topic for asked in self.question.topics if asked.topic.is_symptom]
        is_mild = not (each.passage.is_serious or each.passage.anchor == _WARNING)
        return (
            -sum(stems(word) <= each.stems for word in self.question.left),
            -sum(topic.is_met_by(each.words) for topic in symptoms),
            int(self._wants_serious and is_mild),
            self._condition_rank(each),
            -min(_directness(topic, each) for topic in topics),
            sum(topic.rank(each.passage) or 0 for topic in topics),
            _urgency_rank(each) if topics[0].is_symptom else 0,
            each.place,
        )

    def _condition_rank(self, each: _Candidate) -> int:
        """0 for what is for every condition or for one of the question's, 1 for what is only for others."""
        asked = {plain_words(name) for name in self.question.conditions}
        own = plain_words(each.passage.condition)
        return int(bool(asked and own and own not in asked))

    def _nearest_sections(self, asked: Sequence[AskedTopic]) -> tuple[tuple[str, str], ...]:
        headings = {section.anchor: section.heading for section in self.document.sections}
        anchors = [anchor for each in asked for anchor in each.topic.sections[:2] if anchor in headings]
        return tuple((anchor, headings[anchor]) for anchor in dict.fromkeys(anchors))[:2]


def _urgency_rank(each: _Candidate) -> int:
    urgency = each.passage.urgency
    return _URGENCIES.index(urgency) if urgency else len(_URGENCIES)


def _directness(topic: Topic, each: _Candidate) -> int:
    """How directly a passage is about a topic: 3 by its name or heading, 2 by a short line, 1 elsewhere."""
    passage = each.passage
    if topic.is_met_by(plain_words(" ".join((passage.name, *passage.headings)))):
        return 3
    short = (line.text for line in passage.lines if line.level and len(line.text.split()) <= SHORT_LINE)
    return 2 if any(topic.is_met_by(plain_words(text)) for text in short) else 1
