"""Reading grades: how many years of school a text requires."""

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import nlargest
from weakref import WeakKeyDictionary

from monographs.document import MonographDocument
from monographs.document.models import BaseDocument
from monographs.rules.check_context import CheckContext
from monographs.rules.readability import Grades, Names, grades
from monographs.rules.rule import Severity, Violation, house_rule
from monographs.rules.text_index import TextIndex, TextPassage, words_of

#: US grades: the aim, and the grade above which half of adult readers are lost (AMA and NIH: grade 6 to 8).
AIM, WARN = 6.0, 8.0
#: SMOG predicts full understanding and lies about two grades above Flesch–Kincaid (McLaughlin 1969).
SMOG_ABOVE = 2.0
HARDEST = 3
#: SMOG was developed on samples of 30 sentences; on fewer it is shown, but decides nothing.
SMOG_SENTENCES = 30
#: With fewer words or sentences there is no grade.
FEWEST_WORDS, FEWEST_SENTENCES = 30, 3
#: A sentence of fewer words is not made easier by splitting it.
FEWEST_WORDS_OF_HARD_SENTENCE = 8
#: Anchors of fields that are not part of the page's text.
_NOT_MEASURED = frozenset({"title", "summary", "change_note", "notice", "app_text"})


@dataclass(frozen=True, slots=True)
class MeasuredSentence:
    """A sentence and its place. ``plain`` is the sentence for measuring: names as short words."""

    passage: TextPassage
    start: int
    end: int
    plain: str

    @property
    def words(self) -> str:
        """The sentence as it is in the text."""
        return self.passage.text[self.start : self.end]


#: Three rules need the same sentences of a text, whenever a writer pauses typing.
_CACHE: WeakKeyDictionary[TextIndex, tuple[CheckContext, dict[str, list[MeasuredSentence]]]] = (
    WeakKeyDictionary()
)


def _measured(text: TextIndex, context: CheckContext) -> dict[str, list[MeasuredSentence]]:
    """Return the sentences by section, names left out."""
    cached = _CACHE.get(text)
    if cached is None or cached[0] is not context:
        cached = _CACHE[text] = context, _measure(text, context)
    return cached[1]


def _measure(text: TextIndex, context: CheckContext) -> dict[str, list[MeasuredSentence]]:
    names = Names(_names_on_page(text.document), context.site.measured)
    return {
        anchor: [
            MeasuredSentence(passage, start, end, names.without(passage.text[start:end]))
            for passage in passages
            for start, end in passage.spans
        ]
        for anchor, passages in text.sections().items()
        if anchor not in _NOT_MEASURED
    }


def _names_on_page(document: BaseDocument) -> list[str]:
    """Return names the page must use: medicine, brands, class, companions."""
    names = [name for _, name in document.borrowed_names()]
    for part in document.all_parts():
        names += [item.name for item in getattr(part, "items", ()) if hasattr(item, "why")]
    if isinstance(document, MonographDocument):
        names += [document.title, *document.brand_names]
    return names


def _grades(sentences: list[MeasuredSentence]) -> Grades | None:
    text = " ".join(sentence.plain for sentence in sentences)
    if len(sentences) < FEWEST_SENTENCES or len(text.split()) < FEWEST_WORDS:
        return None
    return grades(text)


def _above(found: Grades, limit: float, sentences: list[MeasuredSentence]) -> bool:
    smog = found.smog if len(sentences) >= SMOG_SENTENCES else 0
    return found.flesch_kincaid > limit or smog > limit + SMOG_ABOVE


_WHY = (
    "Half of adults read at grade 8 or below, and less well when ill. Names of medicines and classes do "
    "not count, as writers cannot choose them."
)
_SOURCE = (
    "AMA and NIH: grade 6 to 8 for patients; NHS: reading age 9 to 11; Kincaid 1975; McLaughlin 1969; "
    "syllables counted by pyphen"
)


@house_rule(
    "reading-grade-page",
    title="Reading grade of the page",
    severity=Severity.ADVICE,
    why=_WHY,
    source=_SOURCE,
    bad="The medication necessitates continuous intravenous administration",
    good="You get it through a drip that runs day and night",
)
def reading_grade_page(text: TextIndex, context: CheckContext) -> Iterator[Violation]:
    """The whole page is at grade 6 or below."""
    sections = _measured(text, context)
    sentences = [sentence for found in sections.values() for sentence in found]
    found = _grades(sentences)
    if found and _above(found, AIM, sentences):
        warning = "Too hard for many readers" if _above(found, WARN, sentences) else "A little hard"
        message = f"{warning}: {found}. Aim at grade {AIM:.0f}; shorter words and sentences lower it."
        yield Violation("summary", "The whole page", message, around=" ".join(s.plain for s in sentences))


@house_rule(
    "reading-grade-section",
    title="Reading grade of a section",
    severity=Severity.ADVICE,
    why=_WHY,
    source=_SOURCE,
    bad="Hypersensitivity reactions necessitate discontinuation of the medication",
    good="If you have an allergic reaction, stop taking it",
)
def reading_grade_section(text: TextIndex, context: CheckContext) -> Iterator[Violation]:
    """Each section is at grade 8 or below."""
    for anchor, sentences in _measured(text, context).items():
        found = _grades(sentences)
        if found and _above(found, WARN, sentences):
            first = sentences[0].passage
            yield Violation(
                anchor,
                first.place.split(":")[0],
                f"Too hard for many readers: {found}. The hardest sentences are marked.",
                around=" ".join(sentence.plain for sentence in sentences),
                order=(first.index, -1),
            )


@house_rule(
    "hard-sentence",
    title="The hardest sentences",
    severity=Severity.ADVICE,
    why="A text becomes easier fastest by fixing its hardest sentences: the three of each section, and of "
    "the page, that is above grade 8.",
    source=_SOURCE,
    bad="Neurological toxicities necessitate immediate discontinuation of the infusion",
    good="If you are confused, your team stops the pump at once",
)
def hard_sentence(text: TextIndex, context: CheckContext) -> Iterator[Violation]:
    """Marks the three hardest sentences where the grade is above 8."""
    sections = _measured(text, context)
    everything = [sentence for found in sections.values() for sentence in found]
    marked: dict[tuple[int, int], MeasuredSentence] = {}
    for sentences in (*sections.values(), everything):
        found = _grades(sentences)
        if found and _above(found, WARN, sentences):
            marked |= {(s.passage.index, s.start): s for s in _hardest(sentences)}
    for sentence in marked.values():
        grade = grades(sentence.plain).flesch_kincaid
        yield Violation.at(
            sentence.passage,
            f"Grade {grade:.0f}. Use shorter words, or make two sentences of it.",
            sentence.words,
            start=sentence.start,
        )


def _hardest(sentences: list[MeasuredSentence]) -> list[MeasuredSentence]:
    return [s for s in _by_hardness(sentences) if grades(s.plain).flesch_kincaid > WARN]


def _by_hardness(sentences: list[MeasuredSentence]) -> list[MeasuredSentence]:
    long_enough = [s for s in sentences if len(words_of(s.plain)) >= FEWEST_WORDS_OF_HARD_SENTENCE]
    return nlargest(HARDEST, long_enough, key=lambda s: grades(s.plain).flesch_kincaid)


RULES = (reading_grade_page, reading_grade_section, hard_sentence)


@dataclass(frozen=True, slots=True)
class HardSentence:
    """One of the hardest sentences of a page, and its Flesch–Kincaid grade."""

    anchor: str
    place: str
    words: str
    grade: float


@dataclass(frozen=True, slots=True)
class ReadingLevels:
    """Reading grades of a page; None where there is too little text to measure.

    ``sections`` are those with a grade, by anchor, in reading order. ``hardest`` are the three hardest
    sentences, the hardest first, however easy they are.
    """

    page: Grades | None
    sections: dict[str, Grades]
    hardest: tuple[HardSentence, ...]


def reading_levels_of(index: TextIndex, context: CheckContext) -> ReadingLevels:
    """Return the reading grade of a document, of each of its sections, and its hardest sentences."""
    sections = _measured(index, context)
    graded = {anchor: _grades(sentences) for anchor, sentences in sections.items()}
    everything = [sentence for sentences in sections.values() for sentence in sentences]
    return ReadingLevels(
        page=_grades(everything),
        sections={anchor: found for anchor, found in graded.items() if found},
        hardest=tuple(
            HardSentence(s.passage.anchor, s.passage.place, s.words, grades(s.plain).flesch_kincaid)
            for s in _by_hardness(everything)
        ),
    )
