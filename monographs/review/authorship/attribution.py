"""Attribution: who wrote each word of a new content, given who wrote each word of the one before it.

Authors are sets of references to people (``authored_text.reference_of``); an empty set stands for words of
the newest edition, which reviewers have signed. Whoever deletes unsigned words of others is the author of the
gap, which belongs to the next word. Who deletes signed words is found by ``signed_text``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Protocol

from monographs.review.authorship.stored_passages import END, StoredPassage, is_word, normalised

Authors = frozenset[str]
#: What stands at a place, after what.
Place = tuple[int, ...]
NOBODY: Authors = frozenset()
#: Words that are no sign of authorship when nothing around them is left.
WEIGHTLESS = frozenset("a an the of to in is are it".split())
#: The first token of each passage: its kind and place.
START = "\x00"


@dataclass(frozen=True, slots=True)
class Word:
    """One token with its authors and the authors of the gap before it, who deleted words of others."""

    token: str
    authors: Authors = NOBODY
    gap: Authors = NOBODY

    @property
    def everybody(self) -> Authors:
        """The authors of the word and of the gap before it."""
        return self.authors | self.gap


@dataclass(frozen=True, slots=True)
class AuthoredPassage:
    """A passage with its authors, word by word. The first word is the passage itself: its kind and place."""

    passage: StoredPassage
    words: tuple[Word, ...]

    @property
    def everybody(self) -> Authors:
        """The authors of any of its words or gaps."""
        return NOBODY.union(*(word.everybody for word in self.words))


#: The state of a page before its first content: nobody wrote its end.
NOTHING = AuthoredPassage(END, (Word(START),))


class KnownTexts(Protocol):
    """What was written before: signed, in earlier drafts, in notes, on other pages."""

    def known_words(self, passage: StoredPassage) -> tuple[Word, ...] | None:
        """Return the words of exactly this passage, if it was signed or stored since the last edition."""

    def known_state(self, passages: Sequence[StoredPassage]) -> Sequence[AuthoredPassage] | None:
        """Return the state that said just ``passages`` since the last edition."""

    def places_of(self, passages: Sequence[StoredPassage]) -> Sequence[Place]:
        """Return the place of each passage: it, and those before it."""

    def known_place(self, place: Place) -> Word | None:
        """Return the first word of the passage that stood at ``place`` since the last edition."""

    def word_authors(self, passage: StoredPassage) -> Sequence[Authors]:
        """Return, for each token, who had written it together with the words around it."""


def attribute(
    old: Sequence[AuthoredPassage], new: Sequence[StoredPassage], savers: Authors, known: KnownTexts
) -> list[AuthoredPassage]:
    """Return ``new`` with its authors: ``savers`` stored it when ``old`` was there."""
    former = known.known_state(new)
    if former is not None:
        return [AuthoredPassage(passage, each.words) for each, passage in zip(former, new, strict=True)]
    return _Attribution(savers, known).of(old or [NOTHING], new)


class _Attribution:
    def __init__(self, savers: Authors, known: KnownTexts) -> None:
        self.savers = savers
        self.known = known

    def of(self, old: Sequence[AuthoredPassage], new: Sequence[StoredPassage]) -> list[AuthoredPassage]:
        contents = [each.passage.content for each in old], [each.content for each in new]
        before = self.known.places_of([each.passage for each in old])
        places = self.known.places_of(new)
        found: list[AuthoredPassage] = []
        gaps = _Gaps(self.savers)
        for tag, i1, i2, j1, j2 in SequenceMatcher(None, *contents, autojunk=False).get_opcodes():
            if tag != "equal":
                found += self._replaced(old[i1:i2], new[j1:j2], places[j1:j2], gaps)
                continue
            moved = True
            for former, passage, old_place, place in zip(
                old[i1:i2], new[j1:j2], before[i1:i2], places[j1:j2], strict=True
            ):
                start, *rest = former.words
                moved = moved and old_place != place
                if moved:
                    start = self._placed(place, start, gaps, kept=True)
                else:
                    gaps.drop()
                found.append(AuthoredPassage(passage, (start, *rest)))
        return found

    def _placed(self, place: Place, start: Word, gaps: "_Gaps", *, kept: bool = False) -> Word:
        """Return the first word of a passage that stands at another place than before.

        Where it stood there before, nothing is missing before it; what is, is before the next one.
        """
        known = self.known.known_place(place)
        if known is None:
            return gaps.close(start, kept=kept)
        if kept:
            gaps.pending |= start.everybody - known.everybody
        return known

    def _replaced(
        self,
        old: Sequence[AuthoredPassage],
        new: Sequence[StoredPassage],
        places: Sequence[Place],
        gaps: "_Gaps",
    ) -> list[AuthoredPassage]:
        """Attribute a range of passages that differs from the old one."""
        exact = {n: words for n, p in enumerate(new) if (words := self.known.known_words(p)) is not None}
        fresh = [passage for n, passage in enumerate(new) if n not in exact]
        restored = {new[n].content for n in exact}
        former = [each for each in old if each.passage.content not in restored]
        compared = iter(self._compared(former, fresh, gaps))
        if exact and len(new) > len(old):
            gaps.pending |= self.savers  # something stands there once more
        found = []
        for n, passage in enumerate(new):
            if n in exact:
                start, *rest = exact[n]
                start = self._placed(places[n], replace(start, authors=self.savers), gaps)
                found.append(AuthoredPassage(passage, (start, *rest)))
            else:
                found.append(next(compared))
        return found

    def _compared(
        self, old: Sequence[AuthoredPassage], new: Sequence[StoredPassage], gaps: "_Gaps"
    ) -> list[AuthoredPassage]:
        """Attribute new passages word by word."""
        former = [word for each in old for word in each.words]
        tokens = [token for each in new for token in (START, *each.tokens)]
        added = [self.savers | a for each in new for a in (NOBODY, *self.known.word_authors(each))]
        sources: list[AuthoredPassage | None] = [each for each in old for _ in each.words]
        taken: list[AuthoredPassage | None] = []
        words: list[Word] = []
        for kept, i1, i2, j1, j2 in same_runs([word.token for word in former], tokens):
            if kept:
                first, *rest = former[i1:i2]
                words += [gaps.close(first, kept=True), *rest]
                taken += sources[i1:i2]
                continue
            if i2 > i1:
                gaps.delete(former[i1:i2], replaced=j2 > j1)
            words += [
                gaps.close(Word(token, authors))
                for token, authors in zip(tokens[j1:j2], added[j1:j2], strict=True)
            ]
            taken += [None] * (j2 - j1)
        found, start = [], 0
        for passage in new:
            end = start + 1 + len(passage.tokens)
            first, *rest = words[start:end]
            placed = replace(first, authors=self._placers(first, passage, taken[start:end]))
            found.append(AuthoredPassage(passage, (placed, *rest)))
            start = end
        return found

    def _placers(
        self, start: Word, passage: StoredPassage, sources: Iterable[AuthoredPassage | None]
    ) -> Authors:
        """Return who put ``passage`` at its place, also if its first word is another one by now.

        ``sources`` are the passages of which it has words; as another kind of passage, it is the savers'.
        """
        authors = start.authors
        for source in filter(None, sources):
            authors |= source.words[0].authors
            authors |= NOBODY if source.passage.kind == passage.kind else self.savers
        return authors


class _Gaps:
    """Collects the authors of deletions until the next word."""

    def __init__(self, savers: Authors) -> None:
        self.savers = savers
        self.pending: Authors = NOBODY
        self.replaced = False

    def delete(self, words: Iterable[Word], *, replaced: bool) -> None:
        """Add the deletion of ``words``. Who deletes only signed or their own words leaves no gap."""
        self.replaced = replaced
        for word in words:
            # A replaced word ends the gap before it, but not for those who made it
            self.pending |= word.gap & self.savers if replaced else word.gap
            if not word.authors <= self.savers:
                self.pending |= self.savers

    def drop(self) -> None:
        """Drop the deletions after which each passage stands where it had stood before."""
        self.pending = NOBODY
        self.replaced = False

    def close(self, word: Word, *, kept: bool = False) -> Word:
        """Return the next word with the gap before it; a word that was ``kept`` has its former gap, too.

        But not if the word before it was replaced: then that gap is where something else was written.
        """
        former = word.gap & self.savers if kept and self.replaced else word.gap
        closed = replace(word, gap=former | self.pending)
        self.pending = NOBODY
        self.replaced = self.replaced and not kept
        return closed


def same_runs(old: Sequence[str], new: Sequence[str]) -> list[tuple[bool, int, int, int, int]]:
    """Return the ranges of two texts that are the same (True) or not, in order.

    Words that say nothing by themselves count as the same only beside others.
    """
    runs: list[tuple[bool, int, int, int, int]] = []
    for tag, *where in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        i1, i2, j1, j2 = where
        kept = tag == "equal" and (any(_has_weight(token) for token in old[i1:i2]) or old == new)
        if not kept and runs and not runs[-1][0]:
            _, i1, _, j1, _ = runs.pop()
        runs.append((kept, i1, i2, j1, j2))
    return runs


def _has_weight(token: str) -> bool:
    if token.startswith(START):
        return False
    return (is_word(token) and normalised(token) not in WEIGHTLESS) or token.startswith("<a ")
