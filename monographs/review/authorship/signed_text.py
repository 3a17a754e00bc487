"""The text of the newest edition as the draft has it: what of it is missing, and who removed it.

Each word of the signed text is followed by itself, and not by the words around it, from draft to draft. So
nobody's removal is hidden by what others write there later, or by going back to a draft from before the
signature. It ends when the whole passage stands at its place again. Whoever removes a word after that, e.g.
by going back to the draft without it, removes it together with all who did so before.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from itertools import chain, count

from monographs.review.authorship.attribution import NOBODY, START, Authors, same_runs
from monographs.review.authorship.stored_passages import CHANGE_NOTE, StoredPassage

#: The positions in the signed text of a passage's words, its place first; None for a word that is not of it.
_Origins = tuple[int | None, ...]
_Content = tuple[str, tuple[str, ...]]
#: The position of what was removed before the signature, which nobody followed.
UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class _Followed:
    """A passage of the draft, and which signed words it has."""

    passage: StoredPassage
    origins: _Origins

    @property
    def tokens(self) -> list[str]:
        """Its place and its words."""
        return [START, *self.passage.tokens]

    @property
    def place(self) -> int | None:
        """The position of the signed passage at whose place it stands."""
        return self.origins[0]

    def is_same(self, other: StoredPassage) -> bool:
        """Return whether ``other`` says the same at the same kind of place."""
        return self.passage is other or self.passage.content == other.content


@dataclass(frozen=True, slots=True)
class SignedText:
    """The draft that was signed, the one that was followed from it, and who removed what this lacks.

    ``known`` are the passages of both, and of all between them, that have signed words. ``ever`` is who
    removed each word at any time, also where it stands again. Until it is ``signed``, every word of the
    drafts is followed, so that ``ever`` has also who removed it before the newest edition.
    """

    first: tuple[_Followed, ...] = ()
    known: Mapping[_Content, Sequence[_Followed]] = field(default_factory=dict)
    draft: tuple[_Followed, ...] = ()
    removed: Mapping[int, Authors] = field(default_factory=dict)
    ever: Mapping[int, Authors] = field(default_factory=dict)
    signed: bool = False

    def signed_anew(
        self, draft: Sequence[StoredPassage], is_signed: Sequence[bool], removers: Authors
    ) -> "SignedText":
        """Return the text of a draft at its signature: which of its passages were signed.

        ``removers`` may have removed something of what was signed, until the next signature.
        """
        known: dict[_Content, list[_Followed]] = {}
        followed, total = [], 0
        for passage, shown in zip(draft, is_signed, strict=True):
            length = 1 + len(passage.tokens)
            each = _Followed(passage, tuple(range(total, total + length)) if shown else (None,) * length)
            if shown:
                known.setdefault(passage.content, []).append(each)
                total += length
            followed.append(each)
        first = tuple(followed)
        removed = {UNKNOWN: removers} if removers else {}
        return SignedText(first, known, first, removed, self._ever_of(first), signed=True)

    def _ever_of(self, draft: Sequence[_Followed]) -> dict[int, Authors]:
        """Return who had ever removed the words of ``draft``, which is this one with other positions."""
        if len(self.draft) != len(draft):
            return {}
        pairs = chain.from_iterable(
            zip(before.origins, each.origins, strict=True)
            for before, each in zip(self.draft, draft, strict=True)
        )
        return {
            new: self.ever[old]
            for old, new in pairs
            if old is not None and new is not None and old in self.ever
        }

    @property
    def removers(self) -> Authors:
        """All who removed, moved or replaced a signed word that is missing at its place."""
        return NOBODY.union(*self.removed.values()) if self.signed else NOBODY

    def after(self, passages: Sequence[StoredPassage], savers: Authors) -> "SignedText":
        """Return the text after ``savers`` stored ``passages``."""
        if self.signed and not self.known:
            return self
        if self.signed and [each.content for each in passages] == [
            each.passage.content for each in self.first
        ]:
            removed = {word: self.removed[word] for word in {UNKNOWN} & self.removed.keys()}
            return replace(self, draft=self.first, removed=removed)
        first, last = self._ends(passages)
        end = len(self.draft) - last
        old = self.draft[first:end]
        new = list(_followed(old, passages[first : len(passages) - last]))
        draft = [*self.draft[:first], *new, *self.draft[end:]]
        gone = {word: savers | self.ever.get(word, NOBODY) for word in _words(old) - _words(new)}
        removed = gone | dict(self.removed)
        if removed:
            removed = self._restored(draft, removed)
        if not self.signed:
            new = draft[first : first + len(new)] = list(self._numbered(draft[first : first + len(new)]))
        fresh = {
            each.passage.content: (each,) for each in new if each.origins.count(None) < len(each.origins)
        }
        known = fresh | dict(self.known)
        lasting = _words(each for each in old if each.passage.kind != CHANGE_NOTE)
        ever = {**self.ever, **{word: gone[word] for word in lasting & gone.keys() & removed.keys()}}
        return replace(self, known=known, draft=tuple(draft), removed=removed, ever=ever)

    def _numbered(self, passages: Iterable[_Followed]) -> Iterator[_Followed]:
        """Yield ``passages`` with new positions for the words that have none."""
        positions = count(1 + max(chain(_words(self.draft), self.removed, self.ever), default=UNKNOWN))
        for each in passages:
            origins = (next(positions) if word is None else word for word in each.origins)
            yield _Followed(each.passage, tuple(origins))

    def _ends(self, passages: Sequence[StoredPassage]) -> tuple[int, int]:
        """Return how many passages at the start and at the end are the same as before."""
        shorter = min(len(self.draft), len(passages))
        first = last = 0
        while first < shorter and self.draft[first].is_same(passages[first]):
            first += 1
        while last < shorter - first and self.draft[-1 - last].is_same(passages[-1 - last]):
            last += 1
        return first, last

    def _restored(self, draft: list[_Followed], removed: dict[int, Authors]) -> dict[int, Authors]:
        """Let each passage of ``draft`` that says a known one have its words again; return what is missing.

        Its place it has again only after what was signed before it and before what was signed after it.
        """
        following, ends = sys.maxsize, []
        for each in reversed(draft):
            ends.append(following)
            following = following if each.place is None else each.place
        last = -1
        for n, (each, end) in enumerate(zip(draft, reversed(ends), strict=True)):
            missing = self._missing(each, removed) if None in each.origins else []
            if missing:
                at_place = next((whole for whole in missing if last < _place(whole) < end), None)
                origins = at_place.origins if at_place else (each.place, *missing[0].origins[1:])
                removed = {word: authors for word, authors in removed.items() if word not in origins}
                each = draft[n] = _Followed(each.passage, origins)  # noqa: PLW2901
            last = last if each.place is None else each.place
        return removed

    def _missing(self, each: _Followed, removed: Mapping[int, Authors]) -> list[_Followed]:
        """Return the known passages that ``each`` says and whose words nothing else of the draft has."""
        has = set(each.origins)
        found = []
        for whole in self.known.get(each.passage.content, ()):
            words = {*whole.origins, None}
            if has < words and (words - has).issubset(removed):
                found.append(whole)
        return found


def _place(whole: _Followed) -> int:
    return UNKNOWN if whole.place is None else whole.place


def _words(passages: Iterable[_Followed]) -> set[int]:
    return {word for each in passages for word in each.origins if word is not None}


def _followed(old: Sequence[_Followed], new: Sequence[StoredPassage]) -> Iterator[_Followed]:
    """Yield ``new``, each with the signed words that it still has of ``old``."""
    contents = [each.passage.content for each in old], [passage.content for passage in new]
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, *contents, autojunk=False).get_opcodes():
        if tag == "equal":
            pairs = zip(old[i1:i2], new[j1:j2], strict=True)
            yield from (_Followed(passage, each.origins) for each, passage in pairs)
        else:
            yield from _reworded(old[i1:i2], new[j1:j2])


def _reworded(old: Sequence[_Followed], new: Sequence[StoredPassage]) -> Iterator[_Followed]:
    """Yield ``new`` with the words of ``old``; each has the place of the first one of which it has words."""
    fresh = [_Followed(passage, (None,) * (1 + len(passage.tokens))) for passage in new]
    former: list[tuple[int | None, _Followed | None]] = [(w, each) for each in old for w in each.origins]
    kept: list[tuple[int | None, _Followed | None]] = []
    tokens = [list(chain.from_iterable(each.tokens for each in part)) for part in (old, fresh)]
    for is_same, i1, i2, j1, j2 in same_runs(*tokens):
        kept += former[i1:i2] if is_same else [(None, None)] * (j2 - j1)
    found = iter(kept)
    placed: set[int | None] = {None}
    for each in fresh:
        words = [next(found) for _ in each.origins]
        source = next((part for word, part in words if part and part.place not in placed), None)
        place = source.place if source and source.passage.kind == each.passage.kind else None
        placed.add(place)
        yield _Followed(each.passage, (place, *(word for word, _ in words[1:])))
