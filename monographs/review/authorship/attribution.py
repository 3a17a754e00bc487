"""Attribution: who wrote each word of a new content, given who wrote each word of the one before it.

Authors are sets of references to people (``authored_text.reference_of``); an empty set stands for words of
the newest edition, which reviewers have signed. Whoever deletes something is the author of the gap, which
belongs to the next word.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Protocol

from monographs.review.authorship.stored_passages import END, StoredPassage, is_word, normalised

Authors = frozenset[str]
NOBODY: Authors = frozenset()
#: Words that are no sign of authorship when nothing around them is left.
WEIGHTLESS = frozenset("a an the of to in is are it".split())
#: The first token of each passage while two texts are compared.
_START = "\x00"


@dataclass(frozen=True, slots=True)
class Word:
    """One token with its authors and the authors of the gap before it.

    ``signed_gap``: they deleted text of the newest edition. ``gap``: they deleted unsigned words of others.
    """

    token: str
    authors: Authors = NOBODY
    gap: Authors = NOBODY
    signed_gap: Authors = NOBODY

    @property
    def everybody(self) -> Authors:
        """All to whom the word, or the gap before it, is due."""
        return self.authors | self.gap | self.signed_gap


@dataclass(frozen=True, slots=True)
class AuthoredPassage:
    """A passage with its authors, word by word. The first word is the passage itself: its kind and place."""

    passage: StoredPassage
    words: tuple[Word, ...]

    @property
    def everybody(self) -> Authors:
        """All to whom some of it is due."""
        return NOBODY.union(*(word.everybody for word in self.words))


#: The state of a page before its first content: nobody wrote its end.
NOTHING = AuthoredPassage(END, (Word(_START),))


class KnownTexts(Protocol):
    """What was written before: signed, in earlier drafts, in notes, on other pages."""

    def known_words(self, passage: StoredPassage) -> tuple[Word, ...] | None:
        """Return the words of exactly this passage, if it was signed or stored since the last edition."""

    def known_place(self, before: StoredPassage | None, passage: StoredPassage) -> Word | None:
        """Return the first word of ``passage`` as it stood after ``before`` since the last edition."""

    def word_authors(self, passage: StoredPassage) -> Sequence[Authors]:
        """Return, for each token, who had written it together with the words around it."""


def attribute(
    old: Sequence[AuthoredPassage], new: Sequence[StoredPassage], savers: Authors, known: KnownTexts
) -> list[AuthoredPassage]:
    """Return ``new`` with its authors: ``savers`` stored it when ``old`` was there."""
    return _Attribution(savers, known).of(old or [NOTHING], new)


class _Attribution:
    def __init__(self, savers: Authors, known: KnownTexts) -> None:
        self.savers = savers
        self.known = known

    def of(self, old: Sequence[AuthoredPassage], new: Sequence[StoredPassage]) -> list[AuthoredPassage]:
        matcher = SequenceMatcher(
            None, [each.passage.content for each in old], [each.content for each in new], autojunk=False
        )
        found: list[AuthoredPassage] = []
        gaps = _Gaps(self.savers)
        for tag, i1, i2, j1, j2 in matcher.get_opcodes():
            before = new[j1 - 1] if j1 else None
            if tag != "equal":
                found += self._replaced(old[i1:i2], new[j1:j2], before, gaps)
                continue
            former_before = old[i1 - 1].passage if i1 else None
            moved = (former_before and former_before.content) != (before and before.content)
            for former, passage in zip(old[i1:i2], new[j1:j2], strict=True):
                start, *rest = former.words
                start = self._placed(before, passage, gaps.close(start, kept=True)) if moved else start
                found.append(AuthoredPassage(passage, (start, *rest)))
                before, moved = passage, False
        return found

    def _placed(self, before: StoredPassage | None, passage: StoredPassage, start: Word) -> Word:
        """Return the first word of a passage that stands after another one than before."""
        return self.known.known_place(before, passage) or start

    def _replaced(
        self,
        old: Sequence[AuthoredPassage],
        new: Sequence[StoredPassage],
        before: StoredPassage | None,
        gaps: "_Gaps",
    ) -> list[AuthoredPassage]:
        """Attribute a range of passages that differs from the old one."""
        exact = {n: words for n, p in enumerate(new) if (words := self.known.known_words(p)) is not None}
        fresh = [passage for n, passage in enumerate(new) if n not in exact]
        restored = {new[n].content for n in exact}
        former = [each for each in old if each.passage.content not in restored]
        compared = iter(self._compared(former, fresh, gaps))
        found = []
        for n, passage in enumerate(new):
            if n in exact:
                start, *rest = exact[n]
                start = self._placed(before, passage, replace(start, authors=self.savers))
                found.append(AuthoredPassage(passage, (start, *rest)))
            else:
                found.append(next(compared))
            before = passage
        return found

    def _compared(
        self, old: Sequence[AuthoredPassage], new: Sequence[StoredPassage], gaps: "_Gaps"
    ) -> list[AuthoredPassage]:
        """Attribute new passages word by word."""
        former = [word for each in old for word in each.words]
        tokens = [token for each in new for token in (_START, *each.tokens)]
        added = [self.savers | a for each in new for a in (NOBODY, *self.known.word_authors(each))]
        words: list[Word] = []
        for kept, i1, i2, j1, j2 in _runs([word.token for word in former], tokens):
            if kept:
                first, *rest = former[i1:i2]
                words += [gaps.close(first, kept=True), *rest]
                continue
            if i2 > i1:
                gaps.delete(former[i1:i2], replaced=j2 > j1)
            words += [
                gaps.close(Word(token, authors))
                for token, authors in zip(tokens[j1:j2], added[j1:j2], strict=True)
            ]
        found, start = [], 0
        for passage in new:
            end = start + 1 + len(passage.tokens)
            found.append(AuthoredPassage(passage, tuple(words[start:end])))
            start = end
        return found


class _Gaps:
    """Collects the authors of deletions until the next word."""

    def __init__(self, savers: Authors) -> None:
        self.savers = savers
        self.gap: Authors = NOBODY
        self.signed: Authors = NOBODY
        self.replaced = False

    def delete(self, words: Iterable[Word], *, replaced: bool) -> None:
        """Add the deletion of ``words``. Who deletes only their own words leaves no gap."""
        self.replaced = replaced
        for word in words:
            self.signed |= word.signed_gap
            # A replaced word ends the gap before it, but not for those who made it
            self.gap |= word.gap & self.savers if replaced else word.gap
            if not word.authors:
                self.signed |= self.savers
            elif not word.authors <= self.savers:
                self.gap |= self.savers

    def close(self, word: Word, *, kept: bool = False) -> Word:
        """Return the next word with the gap before it; a word that was ``kept`` has its former gap, too.

        But not if the word before it was replaced: then that gap is where something else was written.
        """
        former = word.gap & self.savers if kept and self.replaced else word.gap
        closed = replace(word, gap=former | self.gap, signed_gap=word.signed_gap | self.signed)
        self.gap = self.signed = NOBODY
        self.replaced = self.replaced and not kept
        return closed


def _runs(old: Sequence[str], new: Sequence[str]) -> list[tuple[bool, int, int, int, int]]:
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
    return (is_word(token) and normalised(token) not in WEIGHTLESS) or token.startswith("<a ")
