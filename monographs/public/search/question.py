"""A query as a question: the medicines it names, what it is about, and the words left over."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from rapidfuzz.distance import OSA

from monographs.public.name_sort import normalise
from monographs.public.search.indexed_name import IndexedName, NameKind
from monographs.public.search.known_names import known_names
from monographs.public.search.name_index import NameIndex
from monographs.public.search.name_match import interpret_query
from monographs.public.search.phrases import PhraseMatch, plain_words
from monographs.public.search.query_names import QUALIFIERS, page_of, query_names
from monographs.public.search.topics import (
    Topic,
    concepts,
    filler_words,
    is_asked_with,
    known_words,
    possible_topics,
)

#: Words of a name, at most; words of a question that are compared with names like them; medicines that are
#: answered for.
MAX_NAME_WORDS, MAX_GUESSED, MAX_MEDICINES = 4, 3, 2
#: Letters from which a word of a question is taken for a misspelling, of one letter and of two.
ONE_WRONG, TWO_WRONG = 6, 9
#: Similarity from which a page's name with a word beside it is taken for a known name.
LIKE_ABSENT = 0.85
#: What stands for a medicine in the words of a question.
MEDICINE = "thisdrug"
_ASKS = frozenset(
    "am are can could do does did has have how if is may must should was what whats when where which who "
    "whom why will would".split()
)


@dataclass(frozen=True, slots=True)
class AskedTopic:
    """A topic of a question, and the words that say so."""

    topic: Topic
    said: str


@dataclass(frozen=True, slots=True)
class AskedMedicine:
    """A medicine that a question names: the key of its page, and what was typed if that is not its name."""

    key: str
    typed: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A query as a question. ``left`` are its words that no topic explains and that are no filler."""

    medicines: tuple[AskedMedicine, ...] = ()
    #: Names of the conditions that it mentions.
    conditions: tuple[str, ...] = ()
    topics: tuple[AskedTopic, ...] = ()
    left: tuple[str, ...] = ()
    #: Whether it has the form of a question.
    asks: bool = False

    @property
    def is_about_a_medicine(self) -> bool:
        """Whether it asks something about a medicine of ours."""
        return bool(self.medicines and (self.topics or self.left))


@dataclass
class _Reading:
    """Words of a query while they are read: plain, with an underscore for each that is understood."""

    words: list[str]
    medicines: list[AskedMedicine]
    conditions: list[str]


def read_question(index: NameIndex, query: str, *, exact: bool = False) -> Question:
    """Read ``query`` with the names of ``index``; with ``exact``, without names like those typed."""
    reading = _Reading(plain_words(query).split(), [], [])
    asks = query.rstrip().endswith("?") or (bool(reading.words) and reading.words[0] in _ASKS)
    _take_names(index, reading, _words_of_absent(index, query))
    _take_acronyms(query, reading)
    if not exact:
        _take_similar_names(index, reading)
    reading.words = [word if word.startswith("_") else _spelt(word) for word in reading.words]
    found, text = _take_topics(" ".join(reading.words))
    left = [
        word
        for word in text.split()
        if word not in ("_", MEDICINE)
        and word not in filler_words()
        and word not in QUALIFIERS
        and not word.isdigit()
    ]
    return Question(
        medicines=tuple({medicine.key: medicine for medicine in reversed(reading.medicines)}.values())[::-1][
            :MAX_MEDICINES
        ],
        conditions=tuple(reading.conditions),
        topics=tuple(found),
        left=tuple(dict.fromkeys(left)),
        asks=asks,
    )


def _words_of_absent(index: NameIndex, query: str) -> frozenset[str]:
    """Return the words of names, also misspelt, of medicines without a page: *hycela* in *rituxan hycela*."""
    names = {name.typed for name in query_names(index, query).names if name.absent}
    words = plain_words(query).split()
    names |= {f"{one} {two}" for one, two in pairwise(words) if _is_like_absent(index, one, two)}
    return frozenset(word for name in names for word in plain_words(name).split())


def _is_like_absent(index: NameIndex, one: str, two: str) -> bool:
    """Whether a page's name and a word beside it are almost the name of a medicine without a page."""
    if not any(_name(index, name) and _may_be_name(beside) for name, beside in ((one, two), (two, one))):
        return False
    return any(
        like.similarity >= LIKE_ABSENT and page_of(index, like.known) is None
        for like in known_names().similar(one + two, 1)
    )


def _take_names(index: NameIndex, reading: _Reading, absent: frozenset[str]) -> None:
    """Replace names that are typed exactly, but not in the name of an absent medicine."""
    position = 0
    while position < len(reading.words):
        for size in range(min(MAX_NAME_WORDS, len(reading.words) - position), 0, -1):
            typed = reading.words[position : position + size]
            name = None if absent.intersection(typed) else _name(index, "".join(typed))
            if name:
                _take(index, reading, position, size, name, "")
                break
        position += 1


def _name(index: NameIndex, typed: str) -> IndexedName | None:
    """Return the name of a page that ``typed`` is, a medicine's first, or one that the lists know."""
    whole = [name for name in index.exact(normalise(typed)) if name.kind in (NameKind.TITLE, NameKind.BRAND)]
    own = min(whole, key=lambda name: index.pages[name.key].kind != "monograph", default=None)
    known = None if own else known_names().find(normalise(typed))
    key = page_of(index, known) if known else None
    return IndexedName(normalise(typed), typed, key, NameKind.OTHER_NAME) if key else own


def _take(
    index: NameIndex, reading: _Reading, position: int, size: int, name: IndexedName, typed: str
) -> None:
    page = index.pages[name.key]
    is_medicine = page.kind == "monograph"
    if is_medicine:
        reading.medicines.append(AskedMedicine(name.key, typed))
    else:
        reading.conditions.append(page.title)
    reading.words[position : position + size] = [MEDICINE if is_medicine else "_"]


def _take_acronyms(query: str, reading: _Reading) -> None:
    """Replace acronyms of conditions; one that is also a word only if it is in capitals."""
    capitals = {word.lower() for word in query.replace("/", " ").split() if word.isupper()}
    if query.isupper():
        capitals = set()
    for concept in concepts():
        if concept.kind != "acronym":
            continue
        for position, word in enumerate(reading.words):
            if word in concept.people and (word in capitals or word not in filler_words()):
                reading.conditions.append(concept.name)
                reading.words[position] = "_"


def _take_similar_names(index: NameIndex, reading: _Reading) -> None:
    """Replace words that are nearly a name, by the rule by which a query of one word is corrected."""
    unknown = [word for word in reading.words if _may_be_name(word)]
    for word in unknown[:MAX_GUESSED]:
        interpretation = interpret_query(index, word)
        correction = interpretation.correction
        if correction and index.pages[correction.name.key].kind == "monograph":
            position = reading.words.index(word)
            _take(index, reading, position, 1, correction.name, word)


def _may_be_name(word: str) -> bool:
    """Whether a word is long, no word of questions, and no misspelling of one."""
    return (
        len(word) >= ONE_WRONG
        and word != MEDICINE
        and word.isalpha()
        and word not in filler_words()
        and _spelt(word) == word
        and not is_asked_with(word)
        and word not in known_words()
    )


def _take_topics(words: str) -> tuple[list[AskedTopic], str]:
    """Return the topics of ``words``, those that explain most words first, and the words without them."""
    found: list[AskedTopic] = []
    while best := max(_matches(words, found), key=lambda match: match[0], default=None):
        topic = best[1]
        said = []
        while (match := PhraseMatch.best(topic.ask, words)) is not None:
            said.append(match.said(words).replace(MEDICINE, "").strip())
            words = match.taken_from(words)
        found.append(AskedTopic(topic, " ".join(filter(None, said))))
    return found, words


def _matches(words: str, found: list[AskedTopic]) -> Iterator[tuple[tuple[int, int], Topic]]:
    taken = {asked.topic.id for asked in found}
    for place, topic in possible_topics(words):
        match = PhraseMatch.best(topic.ask, words) if topic.id not in taken else None
        if match is not None:
            yield (len(match.spans), -place), topic


@cache
def _by_first_letter() -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for word in sorted(known_words()):
        groups.setdefault(word[0], []).append(word)
    return groups


@lru_cache(maxsize=1 << 14)
def _spelt(word: str) -> str:
    """Return the word of a topic that ``word`` is a misspelling of; itself if there is none, or several."""
    if len(word) < ONE_WRONG or word == MEDICINE or word in filler_words():
        return word
    if is_asked_with(word) or word in known_words():
        return word
    allowed = 2 if len(word) >= TWO_WRONG else 1
    near = [
        (distance, known)
        for known in _by_first_letter().get(word[0], ())
        if len(known) >= ONE_WRONG - 1
        and (distance := OSA.distance(word, known, score_cutoff=allowed)) <= allowed
    ]
    if not near:
        return word
    least = min(distance for distance, _ in near)
    nearest = [known for distance, known in near if distance == least]
    return nearest[0] if len(nearest) == 1 else word
