"""What changed in each passage of a label's older version, for the statements that cite it."""

from collections import defaultdict
from collections.abc import Iterator

from monographs.labels.change_class import ChangeClass
from monographs.labels.label import Label
from monographs.labels.label_comparison import LabelChange, LabelComparison
from monographs.labels.label_passages import CELL_END, LabelPassage, LabelPassageKind, passages_of
from monographs.labels.table_comparison import cells_of
from monographs.labels.text_keys import wording, words

#: Stands for an end of a cell, and how many parts with both ends are those of one cell.
_EDGE, _JOINED_PARTS = "|", 3


def passage_changes(comparison: LabelComparison) -> dict[str, LabelChange]:
    """Return the change of each old passage whose words are not in the new version, by the passage's key.

    A passage without a change has the same words there, or changed in numbering, punctuation or place only.
    Of several changes of one passage the gravest is returned. A row changes with a cell that it shares with
    other rows, which a comparison of tables reports for the first of them only.
    """
    said = _said(comparison.old, comparison.new)
    changes = sorted(
        (each for each in comparison.changes if each.change_class is not ChangeClass.EDITORIAL),
        key=lambda each: each.change_class.rank,
    )
    found: dict[str, LabelChange] = {}
    for change in changes:
        for passage in change.old:
            if wording(passage.text) not in said[passage.code]:
                found.setdefault(passage.key, change)
    for passage in passages_of(comparison.old):
        if passage.kind is LabelPassageKind.ROW and passage.key not in found:
            for change in _of_shared_cells(passage, changes, said[passage.code]):
                found.setdefault(passage.key, change)
    return found


def _said(old: Label, new: Label) -> defaultdict[str, set[str]]:
    """Return the words of each passage and of each cell that a new version says, by code."""
    said: defaultdict[str, set[str]] = defaultdict(set)
    joined: defaultdict[str, set[str]] = defaultdict(set)
    before, after = _cells_by_code(old), _cells_by_code(new)
    for code, cells in after.items():
        for cell in cells - before[code]:
            joined[code] |= _cells_within(cell, before[code])
    for passage in passages_of(new):
        said[passage.code] |= {wording(passage.text), *cells_of(passage.text)}
    for passage in passages_of(old):
        if passage.kind is LabelPassageKind.ROW and joined[passage.code].issuperset(cells_of(passage.text)):
            said[passage.code].add(wording(passage.text))
    return said


def _cells_by_code(label: Label) -> defaultdict[str, set[str]]:
    cells: defaultdict[str, set[str]] = defaultdict(set)
    for passage in passages_of(label):
        if passage.kind is LabelPassageKind.ROW:
            cells[passage.code].update(passage.text.split(CELL_END))
    return cells


def _cells_within(cell: str, cells: set[str]) -> set[str]:
    """Return the words of the old cells that a new cell joins: the rows of a list, set as one row.

    One counts if other ones or the ends of the cell are around it, so that “skin rash” does not say “rash”.
    Cells with figures are left out, because a figure means what its row says.
    """
    known = {words(each): wording(each) for each in cells if not any(map(str.isdigit, each))}
    text, longest = words(cell), max(map(len, known), default=0)
    # For each number of words from the start: how few of them are in no old cell, and the parts ("" for none)
    best: list[tuple[int, tuple[str, ...]]] = [(0, ())]
    for end in range(1, len(text) + 1):
        starts = [at for at in range(max(end - longest, 0), end) if text[at:end] in known]
        ways = [
            (best[end - 1][0] + 1, (*best[end - 1][1], "")),
            *((best[at][0], (*best[at][1], known[text[at:end]])) for at in starts),
        ]
        best.append(min(ways, key=lambda way: (way[0], len(way[1]))))
    parts = (_EDGE, *best[-1][1], _EDGE)
    around = zip(parts, parts[1:], parts[2:], strict=False)
    found = {part for before, part, after in around if before and part and after}
    return found if len(parts) > _JOINED_PARTS else set()


def _of_shared_cells(row: LabelPassage, changes: list[LabelChange], said: set[str]) -> Iterator[LabelChange]:
    """Yield the changes of other rows that have a cell of ``row`` which is not said any more."""
    if wording(row.text) in said:
        return
    lost = set(cells_of(row.text)) - said
    for change in changes if lost else ():
        if any(each.code == row.code and lost & set(cells_of(each.text)) for each in change.old):
            yield change
