"""The words of one version of a label under a section code, searched however its sentences are divided."""

import re
from collections.abc import Iterator, Sequence, Set

from monographs.labels.change_class import without_negations
from monographs.labels.label_passages import LabelPassage, LabelPassageKind
from monographs.labels.text_keys import wording, words

#: Letters from which on a text found inside a longer one is the same text; shorter ones occur by chance.
SHORTEST_FOUND = 20
_NUMBER = r"\d{1,2}(?:\.\d{1,2})?"
#: Sections in brackets at the end, as sentences of the highlights have them: ( 5.1 , 8.3 ), never [see …].
_OF_HIGHLIGHTS = re.compile(rf"\(\s?{_NUMBER}(?:\s?(?:,|-|–|and)\s?{_NUMBER})*\s?\)[\s.;,]*$")
#: Words that name no contraindication: fewer copies of them are no change.
_NAMES_NOTHING = frozenset({"", "none", "noneknown"})


class SectionWords:
    """The words of the passages that one version of a label has under a section code."""

    def __init__(self, passages: Sequence[LabelPassage]) -> None:
        self.passages = passages
        self.keys = {wording(each.text) for each in passages}
        self.edges = {0}
        parts, length = [], 0
        for each in passages:
            for word in words(each.text):
                length += len(word)
                self.edges.add(length)
                parts.append(word)
        self.all = "".join(parts)

    def has_text(self, text: str) -> bool:
        """Whether the words of ``text`` are here, as a passage or as a part of the text."""
        key = wording(text)
        return not key or key in self.keys or (len(key) >= SHORTEST_FOUND and self._holds(key))

    def has_cells(self, cells: Sequence[str], row: str) -> bool:
        """Whether all of the changed ``cells`` are here, or the whole ``row`` is."""
        return self.has_text(row) or all(self.has_text(cell) for cell in cells)

    def missing(self, passages: Sequence[LabelPassage], lost: Set[str] = frozenset()) -> list[LabelPassage]:
        """Return the sentences among the other version's ``passages`` that are not here, or are in ``lost``.

        A short one is looked for together with the end of the one before it and the start of the one after.
        """
        keys = [wording(each.text) for each in passages]
        return [
            each
            for at, each in enumerate(passages)
            if each.kind is not LabelPassageKind.ROW
            and (each.text in lost or not (self.has_text(each.text) or self._has_at(keys, at)))
        ]

    def _has_at(self, keys: Sequence[str], at: int) -> bool:
        if len(keys[at]) >= SHORTEST_FOUND:
            return False
        before, after = "".join(keys[max(at - 3, 0) : at]), "".join(keys[at + 1 : at + 4])
        missing = SHORTEST_FOUND - len(keys[at])
        around = (before[-missing:] + keys[at], keys[at] + after[:missing], before + keys[at] + after)
        return any(len(each) >= SHORTEST_FOUND and each in self.all for each in around)

    def _holds(self, key: str) -> bool:
        """Whether ``key`` is in the text, from the start of a word to the end of one."""
        return next(self._places(key), None) is not None

    def _places(self, key: str) -> Iterator[int]:
        at = self.all.find(key)
        while at >= 0:
            if at in self.edges and at + len(key) in self.edges:
                yield at
            at = self.all.find(key, at + 1)

    def times(self, key: str) -> int:
        """Return how often the words of ``key`` are here: a short text counts where it is a whole passage."""
        if len(key) >= SHORTEST_FOUND:
            return sum(1 for _ in self._places(key))
        return sum(wording(each.text) == key for each in self.passages)

    def full(self, *, apart: bool) -> "SectionWords":
        """Return the words outside the highlights, marked in SPL (``apart``), else known by references."""
        return SectionWords(
            [
                each
                for each in self.passages
                if not (each.highlight if apart else _OF_HIGHLIGHTS.search(each.text))
            ]
        )

    def less_frequent_texts(self, older: "SectionWords", *, apart: bool) -> frozenset[str]:
        """Return the texts that were removed from the older version's full text and are still here elsewhere.

        A copy in the highlights does not replace a removed text. Where highlights are not told apart, a text
        counts that occurs less often, unless the removed copy had a reference as highlights have.
        """
        before, after = older.full(apart=apart), self.full(apart=apart)
        return frozenset(
            each.text
            for each in before.passages
            if each.kind is LabelPassageKind.SENTENCE
            and (key := wording(each.text)) not in _NAMES_NOTHING
            and self.has_text(each.text)
            and after.times(key) < before.times(key)
            and (not after.has_text(each.text) if apart else self.times(key) < older.times(key))
        )

    def opposites_of(self, passages: Sequence[LabelPassage]) -> tuple[LabelPassage, ...]:
        """Return the passages whose words differ from the other version's in negations only."""
        keys = {without_negations(each.text) for each in passages}
        return tuple(each for each in self.passages if without_negations(each.text) in keys)[:1]

    def parts_of(self, whole: Sequence[LabelPassage]) -> tuple[LabelPassage, ...]:
        """Return the passages that are parts of ``whole`` (the other version's), if they are much of it."""
        key = "".join(wording(each.text) for each in whole)
        parts = [
            each
            for each in self.passages
            if len(wording(each.text)) >= SHORTEST_FOUND and wording(each.text) in key
        ]
        said = sum(len(each) for each in {wording(each.text) for each in parts})
        return tuple({wording(each.text): each for each in parts}.values()) if said * 2 >= len(key) else ()
