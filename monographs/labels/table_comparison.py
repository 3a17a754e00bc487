"""Comparing the tables of a section in two versions, cell by cell (``monographs.redline``)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from rapidfuzz import fuzz

from monographs.document.html import plain_text
from monographs.labels.label import LabelTable
from monographs.labels.label_passages import CELL_END, row_texts, rows_without_notes
from monographs.labels.text_keys import letters, wording
from monographs.redline.alignment import AlignedPair
from monographs.redline.model import Line
from monographs.redline.table_lines import lines_of_tables
from monographs.redline.table_units import table_unit
from monographs.redline.vocabulary import Op

#: Similarity (of 100) from which two tables are versions of one.
_ALIKE = 55.0
_LONGEST_COMPARED = 4_000


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that changed: the texts of its cells that did, and what names the row.

    ``rows`` is the text of the whole row in the old and in the new table, "" where there is none.
    """

    old_texts: tuple[str, ...]
    new_texts: tuple[str, ...]
    name: str
    rows: tuple[str, str]
    lines: tuple[Line, ...]


def changed_rows(olds: Sequence[LabelTable], news: Sequence[LabelTable]) -> Iterator[RowChange]:
    """Yield the rows that differ. Numbers of tables and their order mean nothing."""
    # Crawls mark the same row as a header or as an ordinary one
    before, after = (
        [replace(table, header=(), rows=(*table.header, *table.rows)) for table in each]
        for each in (olds, news)
    )
    for number, (old, new) in enumerate(_pairs(before, after), start=1):
        units = [
            table_unit(rows_without_notes(table, repeat=False)) if table else None for table in (old, new)
        ]
        lines = list(lines_of_tables(AlignedPair(units[0], units[1]), number, 0))
        cells = [line for line in lines if line.cell is not None]
        for _row, group in groupby(cells, key=lambda line: line.cell.row if line.cell else 0):
            yield from _row_change(list(group))


def _row_change(lines: Sequence[Line]) -> Iterator[RowChange]:
    """Yield the change of one row. A row or cell that only moved is none."""
    olds, news = [], []
    for line in lines:
        old, new = _changed_text(line, Op.INSERTED), _changed_text(line, Op.DELETED)
        if letters(old) != letters(new):
            olds += [old] if old else []
            news += [new] if new else []
    if not olds and not news:
        return
    rows = (_row_text(lines, Op.INSERTED), _row_text(lines, Op.DELETED))
    if sorted(cells_of(rows[0])) == sorted(cells_of(rows[1])):
        return
    yield RowChange(tuple(olds), tuple(news), rows[1] or rows[0], rows, tuple(lines))


def _changed_text(line: Line, without: Op) -> str:
    """One side of a cell that changed; at an end of a move only the words that changed with it."""
    if not line.changed:
        return ""
    if line.move:
        return "".join(run.text for run in line.runs if not run.moved and run.op is not without)
    return line.text(without)


def _row_text(lines: Sequence[Line], without: Op) -> str:
    cells = [" ".join(line.text(without).split()) for line in lines]
    return CELL_END.join(cell for at, cell in enumerate(cells) if cell and (not at or cell != cells[at - 1]))


def cells_of(row: str) -> list[str]:
    """Return the words of each cell of a row's text; empty cells are left out."""
    return [wording(cell) for cell in row.split(CELL_END) if wording(cell)]


def _pairs(
    olds: Sequence[LabelTable], news: Sequence[LabelTable]
) -> Iterator[tuple[LabelTable | None, LabelTable | None]]:
    """Pair versions of one table, equal ones (which need no comparison) left out."""
    before, after = _different(olds, news), _different(news, olds)
    scores = sorted(
        (
            (score, -i, -j)
            for i, old in enumerate(before)
            for j, new in enumerate(after)
            if (score := _similarity(old, new)) >= _ALIKE
        ),
        reverse=True,
    )
    left, right = dict(enumerate(before)), dict(enumerate(after))
    for _score, i, j in scores:
        if -i in left and -j in right:
            yield left.pop(-i), right.pop(-j)
    yield from ((table, None) for table in left.values())
    yield from ((None, table) for table in right.values())


def _different(tables: Sequence[LabelTable], others: Sequence[LabelTable]) -> list[LabelTable]:
    known = {_key(table) for table in others}
    return [table for table in tables if _key(table) not in known]


def _key(table: LabelTable) -> tuple[str, ...]:
    """What a table says: its rows in any order, its cells in any order within a row."""
    return tuple(
        sorted("".join(sorted(cells_of(row))) for row in row_texts(rows_without_notes(table, repeat=False)))
    )


def _similarity(old: LabelTable, new: LabelTable) -> float:
    texts = [
        " ".join([plain_text(each.caption), *row_texts(rows_without_notes(each, repeat=False))])
        for each in (old, new)
    ]
    return fuzz.ratio(*(text[:_LONGEST_COMPARED] for text in texts))
