"""What became of the passages of a label's older version: for what rests on them."""

from collections import defaultdict
from collections.abc import Iterator

from monographs.labels.change_class import ChangeClass
from monographs.labels.label import Label
from monographs.labels.label_comparison import LabelChange, LabelComparison
from monographs.labels.label_passages import LabelPassage, LabelPassageKind, passages_of
from monographs.labels.table_comparison import cells_of
from monographs.labels.text_keys import wording


def passage_fates(comparison: LabelComparison) -> dict[str, LabelChange]:
    """Return the change of each old passage that the new version does not say as it was, by its key.

    A passage that is missing here is still said, or changed in numbering, punctuation or place only. Of
    several changes of one passage the gravest is returned. A row changes with a cell that it shares with
    other rows, which a comparison of tables tells of the first of them only.
    """
    said = _said(comparison.new)
    changes = sorted(
        (each for each in comparison.changes if each.change_class is not ChangeClass.EDITORIAL),
        key=lambda each: each.change_class.rank,
    )
    fates: dict[str, LabelChange] = {}
    for change in changes:
        for passage in change.old:
            if wording(passage.text) not in said[passage.code]:
                fates.setdefault(passage.key, change)
    for passage in passages_of(comparison.old):
        if passage.kind is LabelPassageKind.ROW and passage.key not in fates:
            for change in _of_shared_cells(passage, changes, said[passage.code]):
                fates.setdefault(passage.key, change)
    return fates


def _said(label: Label) -> defaultdict[str, set[str]]:
    """Return the words of each passage and of each cell of a label, by code."""
    said: defaultdict[str, set[str]] = defaultdict(set)
    for passage in passages_of(label):
        said[passage.code] |= {wording(passage.text), *cells_of(passage.text)}
    return said


def _of_shared_cells(row: LabelPassage, changes: list[LabelChange], said: set[str]) -> Iterator[LabelChange]:
    """Yield the changes of other rows that have a cell of ``row`` which is not said any more."""
    if wording(row.text) in said:
        return
    lost = set(cells_of(row.text)) - said
    for change in changes if lost else ():
        if any(each.code == row.code and lost & set(cells_of(each.text)) for each in change.old):
            yield change
