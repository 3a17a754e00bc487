"""Aligning the units of two texts: unchanged, reworded, moved, split, joined, new or removed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel

from monographs.redline.model import BREAK, Form
from monographs.redline.unit_lines import Unit, UnitLine
from monographs.redline.units import RUNNING
from monographs.redline.word_diff import as_characters

#: Similarity from which two units are versions of one; below it, one deletion and one insertion read better.
_ALIKE = 0.45
#: Similarity and number of words from which a unit that was moved and reworded is recognised.
_MOVED_ALIKE = 0.75
_MOVED_WORDS = 5
#: With few words one changed word is half of the line, so letters are compared too, at a discount.
_FEW_WORDS = 4
_LETTERS_COUNT = 0.75
#: Similarity from which one unit was split into several (or the reverse), and how many at most.
_SPLIT_ALIKE = 0.9
_MOST_SPLIT = 3
#: With more pairs in one gap, units are compared only with units at about the same position.
_MOST_PAIRS = 40_000


@dataclass(frozen=True, slots=True)
class AlignedPair:
    """Two versions of one unit; without ``old`` it is new, without ``new`` it was removed.

    A move has two pairs, one for each end, each with both units; ``move`` is its number (from 1). ``at_old``
    is true at the place the unit was moved from.
    """

    old: Unit | None
    new: Unit | None
    move: int = 0
    at_old: bool = False


def align(old: Sequence[Unit], new: Sequence[Unit]) -> list[AlignedPair]:
    """Return pairs in reading order of both texts: old units in old order, new units in new order."""
    return _Aligner(list(old), list(new)).pairs()


class _Aligner:
    def __init__(self, old: list[Unit], new: list[Unit]) -> None:
        self.old, self.new = old, new
        self.codes: dict[str, str] = {}
        self.old_text = [as_characters(unit.words, self.codes) for unit in old]
        self.new_text = [as_characters(unit.words, self.codes) for unit in new]
        self.moved: dict[int, int] = {}

    def pairs(self) -> list[AlignedPair]:
        slots: list[tuple[list[int], list[int]]] = []
        for before, after, same in self._anchors():
            if same:
                slots += [([i], [j]) for i, j in zip(before, after, strict=True)]
            else:
                slots.append((before, after))
        is_gap = {id(slot) for slot, same in zip(slots, self._sameness(slots), strict=True) if not same}
        self._exact_moves([slot for slot in slots if id(slot) in is_gap])
        matches: list[tuple[list[int], list[int]]] = []
        for slot in slots:
            matches += self._gap(*slot) if id(slot) in is_gap else [slot]
        self._reworded_moves(matches)
        return list(self._numbered(matches))

    def _sameness(self, slots: list[tuple[list[int], list[int]]]) -> list[bool]:
        return [
            len(before) == len(after) == 1
            and self.old[before[0]].placed_content == self.new[after[0]].placed_content
            for before, after in slots
        ]

    def _anchors(self) -> Iterator[tuple[list[int], list[int], bool]]:
        known: dict[object, str] = {}
        before = "".join(
            known.setdefault(unit.placed_content, chr(0x10000 + len(known))) for unit in self.old
        )
        after = "".join(known.setdefault(unit.placed_content, chr(0x10000 + len(known))) for unit in self.new)
        i = j = 0
        for block in Indel.opcodes(before, after).as_matching_blocks():
            if block.a > i or block.b > j:
                yield list(range(i, block.a)), list(range(j, block.b)), False
            i, j = block.a + block.size, block.b + block.size
            if block.size:
                yield list(range(block.a, i)), list(range(block.b, j)), True

    def _exact_moves(self, gaps: list[tuple[list[int], list[int]]]) -> None:
        """Find units with the same content in another gap."""
        here: dict[object, list[int]] = {}
        gap_of_new = {j: at for at, (_, after) in enumerate(gaps) for j in after}
        for j in gap_of_new:
            here.setdefault(self.new[j].content, []).append(j)
        for at, (before, _) in enumerate(gaps):
            for i in before:
                candidates = here.get(self.old[i].content, [])
                elsewhere = [j for j in candidates if gap_of_new[j] != at]
                if candidates and len(elsewhere) == len(candidates) and self.old[i].words:
                    self.moved[i] = elsewhere[0]
                    candidates.remove(elsewhere[0])

    def _gap(self, before: list[int], after: list[int]) -> list[tuple[list[int], list[int]]]:
        """Pair units such that both orders are kept (dynamic programming over similarities)."""
        olds = [i for i in before if i not in self.moved]
        taken = set(self.moved.values())
        news = [j for j in after if j not in taken]
        matches = (
            _best_path(self, olds, news)
            if olds and news
            else [*(([i], []) for i in olds), *(([], [j]) for j in news)]
        )
        return _with_move_ends(matches, before, after)

    def alike(self, i: int, j: int) -> float:
        """Return the similarity of two units from 0 to 1; 0 if they cannot be versions of one."""
        old, new = self.old[i], self.new[j]
        running = old.kind in RUNNING and new.kind in RUNNING
        if not running and old.kind != new.kind:
            return 0.0
        score = Indel.normalized_similarity(self.old_text[i], self.new_text[j])
        if min(len(old.words), len(new.words)) <= _FEW_WORDS:
            letters = Indel.normalized_similarity("".join(old.words), "".join(new.words))
            score = max(score, _LETTERS_COUNT * letters)
        return max(score, _similarity_by_kind(old, new))

    def joined(self, many: list[int], one: int, *, splits: bool) -> float:
        """Return how well several units of one text make up one unit of the other; 0 if they do not."""
        texts, whole = (self.new_text, self.old_text[one]) if splits else (self.old_text, self.new_text[one])
        length = sum(len(texts[k]) for k in many)
        if min(length, len(whole)) < _SPLIT_ALIKE * max(length, len(whole)):
            return 0.0
        single = (self.old if splits else self.new)[one]
        if not all(_continues(single, (self.new if splits else self.old)[k]) for k in many):
            return 0.0
        score = Indel.normalized_similarity("".join(texts[k] for k in many), whole)
        return score * len(many) if score >= _SPLIT_ALIKE else 0.0

    def _reworded_moves(self, matches: list[tuple[list[int], list[int]]]) -> None:
        removed = [before[0] for before, after in matches if not after and before[0] not in self.moved]
        taken = set(self.moved.values())
        added = [after[0] for before, after in matches if not before and after[0] not in taken]
        if len(removed) * len(added) > _MOST_PAIRS:
            return
        scored = sorted(
            (
                (-self.alike(i, j), i, j)
                for i in removed
                for j in added
                if min(len(self.old[i].words), len(self.new[j].words)) >= _MOVED_WORDS
            ),
        )
        olds, news = set(removed), set(added)
        for score, i, j in scored:
            if -score >= _MOVED_ALIKE and i in olds and j in news:
                self.moved[i] = j
                olds.discard(i)
                news.discard(j)

    def _numbered(self, matches: list[tuple[list[int], list[int]]]) -> Iterator[AlignedPair]:
        sources = {j: i for i, j in self.moved.items()}
        numbers = {i: number for number, i in enumerate(sorted(self.moved), start=1)}
        for before, after in matches:
            old = _join([self.old[i] for i in before])
            new = _join([self.new[j] for j in after])
            if new is None and before[0] in self.moved:
                yield AlignedPair(old, self.new[self.moved[before[0]]], numbers[before[0]], at_old=True)
            elif old is None and after[0] in sources:
                yield AlignedPair(self.old[sources[after[0]]], new, numbers[sources[after[0]]])
            else:
                yield AlignedPair(old, new)


def _continues(whole: Unit, part: Unit) -> bool:
    """Whether one unit can be a part of another: running text of the same kind at the same place."""
    return part.kind in RUNNING and (
        part.kind,
        part.place_key,
        part.lines[0].context.level,
        len(part.lines),
    ) == (
        whole.kind,
        whole.place_key,
        whole.lines[0].context.level,
        len(whole.lines),
    )


def _similarity_by_kind(old: Unit, new: Unit) -> float:
    """The similarity that follows from the kind alone: two values of one field belong together."""
    head_old, head_new = old.lines[0], new.lines[0]
    if old.kind != new.kind:
        return 0.0
    if old.kind in ("advice", "figure", "section"):
        return 0.5
    if old.kind in ("field", "mark", "cited"):
        return 0.5 if head_old.context.label == head_new.context.label else 0.0
    if old.kind == "condition" and head_old.pieces and head_new.pieces:
        return 0.9 if head_old.pieces[0][1] == head_new.pieces[0][1] else 0.0
    if len(old.lines) > 1 and head_old.text and head_old.text == head_new.text:
        return 0.9
    return 0.6 if old.table and _names_of_columns(old) == _names_of_columns(new) else 0.0


def _names_of_columns(table: Unit) -> list[str]:
    return [line.text for line in table.lines if line.context.kind == "column"]


def _best_path(aligning: _Aligner, olds: list[int], news: list[int]) -> list[tuple[list[int], list[int]]]:
    height, width = len(olds), len(news)
    near = height * width <= _MOST_PAIRS
    best = [[0.0] * (width + 1) for _ in range(height + 1)]
    step: list[list[tuple[int, int]]] = [[(0, 1)] * (width + 1) for _ in range(height + 1)]
    for a in range(1, height + 1):
        step[a][0] = (1, 0)
        for b in range(1, width + 1):
            options = [(best[a][b - 1], (0, 1)), (best[a - 1][b], (1, 0))]
            if near or abs(a * width - b * height) <= width + height:
                options += _options(aligning, olds, news, a, b, best)
            best[a][b], step[a][b] = max(options, key=lambda option: option[0])
    return _walk(step, olds, news)


def _options(
    aligning: _Aligner, olds: list[int], news: list[int], a: int, b: int, best: list[list[float]]
) -> Iterator[tuple[float, tuple[int, int]]]:
    score = aligning.alike(olds[a - 1], news[b - 1])
    if score >= _ALIKE:
        yield best[a - 1][b - 1] + score, (1, 1)
    for many in range(2, _MOST_SPLIT + 1):
        if b >= many:
            score = aligning.joined(news[b - many : b], olds[a - 1], splits=True)
            if score:
                yield best[a - 1][b - many] + score, (1, many)
        if a >= many:
            score = aligning.joined(olds[a - many : a], news[b - 1], splits=False)
            if score:
                yield best[a - many][b - 1] + score, (many, 1)


def _walk(
    step: list[list[tuple[int, int]]], olds: list[int], news: list[int]
) -> list[tuple[list[int], list[int]]]:
    matches: list[tuple[list[int], list[int]]] = []
    a, b = len(olds), len(news)
    while a or b:
        up, left = step[a][b] if a else (0, 1)
        matches.append((olds[a - up : a], news[b - left : b]))
        a, b = a - up, b - left
    return matches[::-1]


def _with_move_ends(
    matches: list[tuple[list[int], list[int]]], before: list[int], after: list[int]
) -> list[tuple[list[int], list[int]]]:
    """Put the ends of moves back into ``matches`` at their places."""
    placed_old = {i for olds, _ in matches for i in olds}
    placed_new = {j for _, news in matches for j in news}
    lost_old = [i for i in before if i not in placed_old]
    lost_new = [j for j in after if j not in placed_new]
    woven: list[tuple[list[int], list[int]]] = []
    for olds, news in matches:
        while lost_old and olds and lost_old[0] < olds[0]:
            woven.append(([lost_old.pop(0)], []))
        while lost_new and news and lost_new[0] < news[0]:
            woven.append(([], [lost_new.pop(0)]))
        woven.append((olds, news))
    return [*woven, *(([i], []) for i in lost_old), *(([], [j]) for j in lost_new)]


def _join(units: list[Unit]) -> Unit | None:
    """Join neighbouring units into one, with a ``BREAK`` (a token by itself) in between."""
    if not units:
        return None
    if len(units) == 1:
        return units[0]
    lines = [unit.lines[0] for unit in units]
    pieces = [*lines[0].pieces]
    for line in lines[1:]:
        pieces += [(BREAK, Form()), *line.pieces]
    return Unit((UnitLine(lines[0].context, tuple(pieces), lines[0].place_key),))
