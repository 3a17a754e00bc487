"""What was written before, by which authorship survives copies, reverts, restores and rewording."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from monographs.review.authorship.attribution import NOBODY, START, AuthoredPassage, Authors, Place, Word
from monographs.review.authorship.signed_text import SignedText
from monographs.review.authorship.stored_passages import (
    END,
    SHOWN_ALONE,
    StoredPassage,
    document_passages,
    is_word,
    normalised,
    text_words,
    words_of,
)

#: Words of a run that counts as taken from a note or another page: shorter ones are common speech.
RUN = 5
#: Words of a run with a number in it, which says more.
RUN_WITH_NUMBER = 3
#: Letters from which a word alone shows who wrote it first on the page, or alone makes a note.
DISTINCTIVE, DISTINCTIVE_NOTE = 5, 7
#: Passages of other pages are compared from this length; shorter ones where a run has a number in it.
WORDS_OF_A_COPY = 8
#: Passages before another one that tell its place, where each of them is there more than once.
LONGEST_PLACE = 30
_EDGE = ("^", "$")


@dataclass(frozen=True, slots=True)
class AdoptableText:
    """A note or a reply, whose words count as its author's when a writer adopts them."""

    author: str
    text: str


def runs_of(words: Sequence[str], length: int = RUN) -> Iterator[tuple[int, str]]:
    """Yield position and text of each run of ``length`` words."""
    for n in range(len(words) - length + 1):
        yield n, " ".join(words[n : n + length])


@dataclass
class PageHistory:
    """All that was stored, signed or noted on one page before.

    ``exact`` and ``places`` are of the time since the newest edition only: a shorter passage of an earlier
    time may have become the present one by somebody's deletion.
    """

    exact: dict[tuple[str, tuple[str, ...]], tuple[Word, ...]] = field(default_factory=dict)
    places: dict[Place, Word] = field(default_factory=lambda: {(-1, 0): Word(START)})
    notes: list[AdoptableText] = field(default_factory=list)
    #: Runs of words that other pages said first, with their authors.
    copied: Mapping[str, Authors] = field(default_factory=dict)
    _earlier: list[AuthoredPassage] = field(default_factory=list)
    _signed: list[StoredPassage] = field(default_factory=list)
    _signed_tokens: set[tuple[str, ...]] = field(default_factory=set)
    _index: "_WordIndex | None" = None
    #: What patients read, as it was followed since.
    signed: SignedText = field(default_factory=SignedText)
    #: The states since the newest edition, by what they say.
    _states: dict[Place, Sequence[AuthoredPassage]] = field(default_factory=dict)
    #: What was in a state more than once, and so tells no place.
    _repeated: set[int] = field(default_factory=set)
    #: Passages that were added already: most of a state is that of the one before.
    _added: set[int] = field(default_factory=set)
    #: Everybody who stored a state.
    _savers: Authors = NOBODY
    _numbers: dict[tuple[str, tuple[str, ...]], int] = field(default_factory=lambda: {END.content: 0})

    def add(self, passages: Sequence[AuthoredPassage], savers: Authors) -> None:
        """Add a state that ``savers`` stored; what was added first keeps its authors."""
        self.signed = self.signed.after([each.passage for each in passages], savers)
        self._savers |= savers
        self.know(passages)

    def know(self, passages: Sequence[AuthoredPassage]) -> None:
        """Add a state that need not be the draft’s next one; its words keep their authors."""
        numbers = self._numbers_of([each.passage for each in passages])
        self._repeated.update(number for number, count in Counter(numbers).items() if count > 1)
        self._states.setdefault(numbers, passages)
        for each, place in zip(passages, self._places(numbers), strict=True):
            if id(each) not in self._added:
                self._added.add(id(each))
                self._earlier.append(each)  # keeps it, so that its id is no other's
                self.exact.setdefault(each.passage.content, each.words)
            self.places.setdefault(place, each.words[0])
        self._index = None

    def sign(self, state: Sequence[AuthoredPassage], document: Mapping[str, Any]) -> list[AuthoredPassage]:
        """Return ``state`` after the edition of ``document``: what patients read now has no authors."""
        self._signed = [passage for passage in document_passages(document) if passage.prose]
        self._signed_tokens = {passage.tokens for passage in self._signed}
        read = {_without_tags(passage) for passage in self._signed}
        blocks = {
            each.passage.block[:depth]
            for each in state
            if _is_shown(each.passage, read)
            for depth in range(len(each.passage.block) + 1)
        }
        # A choice in a box of which patients see nothing stays its author's
        is_signed = [
            _is_shown(passage, read) or (not passage.prose and passage.block in {(), *blocks})
            for passage in (each.passage for each in state)
        ]
        signed = [
            AuthoredPassage(each.passage, tuple(Word(word.token) for word in each.words)) if shown else each
            for each, shown in zip(state, is_signed, strict=True)
        ]
        removers = self._removers(state, read)
        self.signed = self.signed.signed_anew([each.passage for each in state], is_signed, removers)
        self.exact, self.places, self._states, self._added = {}, {}, {}, set()
        self.know(signed)
        return signed

    def _removers(self, state: Sequence[AuthoredPassage], read: set[tuple[str, ...]]) -> Authors:
        """Return who may have removed what patients read of an earlier draft, if ``state`` lacks some of it.

        A text is signed by value, so a draft may say another one: everybody who stored one may have.
        """
        left = {_without_tags(each.passage) for each in state}
        stored = {_without_tags(each.passage) for each in self._earlier if each.passage.prose}
        return self._savers if (stored & read) - left else NOBODY

    # What ``attribution.KnownTexts`` asks

    def known_words(self, passage: StoredPassage) -> tuple[Word, ...] | None:
        """Return the words of exactly this passage, if it was signed or stored since the last edition."""
        words = self.exact.get(passage.content)
        if words is None and passage.prose and passage.tokens in self._signed_tokens:
            return tuple(Word(token) for token in (START, *passage.tokens))
        return words

    def known_state(self, passages: Sequence[StoredPassage]) -> Sequence[AuthoredPassage] | None:
        """Return the state that said just this since the last edition."""
        return self._states.get(self._numbers_of(passages))

    def _numbers_of(self, passages: Iterable[StoredPassage]) -> tuple[int, ...]:
        return tuple(self._numbers.setdefault(each.content, len(self._numbers)) for each in passages)

    def places_of(self, passages: Sequence[StoredPassage]) -> list[Place]:
        """Return the place of each passage: it, and those before it back to one that is there only once."""
        return self._places(self._numbers_of(passages))

    def _places(self, contents: tuple[int, ...]) -> list[Place]:
        numbers = (-1, *contents)
        counts = Counter((*numbers, *self._repeated))
        found, start = [], 0
        for n, number in enumerate(numbers[1:], start=1):
            found.append(numbers[max(start, n - LONGEST_PLACE) : n + 1])
            start = n if counts[number] == 1 else start
        return found

    def known_place(self, place: Place) -> Word | None:
        """Return the first word of the passage that stood at ``place`` since the last edition."""
        return self.places.get(place)

    def word_authors(self, passage: StoredPassage) -> list[Authors]:
        """Return, for each token, who had written it together with the words around it."""
        if not passage.prose:
            return [NOBODY] * len(passage.tokens)
        if self._index is None:
            self._index = _WordIndex(self._signed, self._earlier, self.notes)
        words = words_of(passage.tokens)
        found = iter(self._index.authors(words, self.copied))
        return [next(found) if is_word(token) else NOBODY for token in passage.tokens]


def _is_shown(passage: StoredPassage, read: set[tuple[str, ...]]) -> bool:
    return _without_tags(passage) in read if passage.prose else passage.name in SHOWN_ALONE


def _without_tags(passage: StoredPassage) -> tuple[str, ...]:
    return tuple(token for token in passage.tokens if not (token.startswith("<") and len(token) > 1))


class _WordIndex:
    """First authors of words by the words around them."""

    def __init__(
        self,
        signed: Iterable[StoredPassage],
        earlier: Iterable[AuthoredPassage],
        notes: Iterable[AdoptableText],
    ) -> None:
        self.triples: dict[str, tuple[Authors, ...]] = {}
        self.single: dict[str, Authors] = {}
        self.notes: dict[str, Authors] = {}
        for passage in signed:
            words = words_of(passage.tokens)
            self._add(words, [NOBODY] * len(words))
        for each in earlier:
            kept = [word for word in each.words[1:] if is_word(word.token)]
            if each.passage.prose:
                self._add([normalised(word.token) for word in kept], [word.authors for word in kept])
        for note in notes:
            for run in _note_runs(text_words(note.text)):
                self.notes[run] = self.notes.get(run, NOBODY) | {note.author}

    def _add(self, words: Sequence[str], authors: Sequence[Authors]) -> None:
        padded = [NOBODY, *authors, NOBODY]
        for n, triple in _triples(words):
            self.triples.setdefault(triple, tuple(padded[n : n + 3]))
        for n, word in enumerate(words):
            self.single.setdefault(word, authors[n])
        for n, pair in runs_of(words, 2):
            self.single.setdefault(pair, authors[n])

    def authors(self, words: Sequence[str], copied: Mapping[str, Authors]) -> list[Authors]:
        """Return the former authors of each of ``words``."""
        found: list[Authors] = [NOBODY] * len(words)
        self._add_rewritten(words, found)
        for length in range(1, RUN + 1):
            for n, run in runs_of(words, length):
                authors = self.notes.get(run, NOBODY) | (copied.get(run, NOBODY) if length == RUN else NOBODY)
                for place in range(n, n + length) if authors else ():
                    found[place] |= authors
        return found

    def _add_rewritten(self, words: Sequence[str], found: list[Authors]) -> None:
        """Add the authors of earlier drafts, also where some words were changed since."""
        for n, triple in _triples(words):
            for offset, authors in enumerate(self.triples.get(triple, ())):
                if 0 <= (place := n + offset - 1) < len(words):
                    found[place] |= authors
        for n, word in enumerate(words):
            if len(word) >= DISTINCTIVE:
                found[n] |= self.single.get(word, NOBODY)
            elif has_digit(word):  # a number says something with its unit
                found[n] |= self.single.get(" ".join(words[n : n + 2]), NOBODY)


def _triples(words: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield each run of three words; at an edge two words, if they are not common speech."""
    for n, triple in runs_of([_EDGE[0], *words, _EDGE[1]], 3):
        inner = words[max(n - 1, 0) : n + 2]
        if len(inner) == 3 or any(len(word) >= DISTINCTIVE or has_digit(word) for word in inner):  # noqa: PLR2004
            yield n, triple


def _note_runs(words: Sequence[str]) -> Iterator[str]:
    """Yield the runs of a note that count as its own when a text has them."""
    yield from (run for _, run in runs_of(words))
    yield from (run for _, run in runs_of(words, RUN_WITH_NUMBER) if has_digit(run))
    if len(words) < RUN and (
        any(map(has_digit, words))
        or (len(words) > 1 and any(len(word) >= DISTINCTIVE for word in words))
        or any(len(word) >= DISTINCTIVE_NOTE for word in words)
    ):
        yield " ".join(words)


def has_digit(text: str) -> bool:
    """Return whether ``text`` has a digit."""
    return any(c.isdigit() for c in text)
